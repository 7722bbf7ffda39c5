"""Published shifts as lists without gaps, versions as chains without holes, plans in review, intervals on one grid.

Django has no words for a key of several columns; the ones here are what forces a shift's list to be whole (ADR 41).
All are checked at the end of the transaction, for shift and parts refer to each other.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import NullIf
from django.db.models.lookups import Exact

import bpo.ids

# The same as scheduling.domain.segments does with the breaks of a shift.
PARTS = """
INSERT INTO scheduling_segment (id, shift_id, shift_starts_at, shift_ends_at, starts_at, ends_at, activity, paid)
WITH asked AS (
    SELECT s.id, s.starts_at AS first, s.ends_at AS last, p.name, p.paid,
           s.starts_at + make_interval(mins => p."after") AS begins,
           s.starts_at + make_interval(mins => p."after" + p.minutes) AS ends
    FROM scheduling_publishedshift s,
         jsonb_to_recordset(s.pauses) AS p("after" integer, minutes integer, name text, paid boolean)
), placed AS (
    SELECT id, first, last, name, paid, least(ends, last) AS ends,
           greatest(begins, first, max(least(ends, last)) OVER (
               PARTITION BY id ORDER BY begins, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS begins
    FROM asked
), pause AS (
    SELECT * FROM placed WHERE ends > begins
), work AS (
    SELECT id, first, last, coalesce(lag(ends) OVER (PARTITION BY id ORDER BY begins), first) AS begins, begins AS ends
    FROM pause
    UNION ALL
    SELECT s.id, s.starts_at, s.ends_at, coalesce(max(p.ends), s.starts_at), s.ends_at
    FROM scheduling_publishedshift s LEFT JOIN pause p ON p.id = s.id
    GROUP BY s.id, s.starts_at, s.ends_at
)
SELECT gen_random_uuid(), id, first, last, begins, ends, CASE name WHEN 'meal' THEN 'meal' ELSE 'break' END, paid
FROM pause
UNION ALL
SELECT gen_random_uuid(), id, first, last, begins, ends, 'work', true FROM work WHERE ends > begins
"""
PAUSES = """
UPDATE scheduling_publishedshift s SET pauses = found.pauses FROM (
    SELECT shift_id, jsonb_agg(jsonb_build_object(
        'after', (EXTRACT(EPOCH FROM starts_at - shift_starts_at) / 60)::int,
        'minutes', (EXTRACT(EPOCH FROM ends_at - starts_at) / 60)::int, 'name', activity, 'paid', paid
    ) ORDER BY starts_at) AS pauses
    FROM scheduling_segment WHERE activity <> 'work' GROUP BY shift_id
) AS found WHERE found.shift_id = s.id
"""
WHOLE = """
ALTER TABLE scheduling_segment
    ADD CONSTRAINT segment_is_of_its_shift FOREIGN KEY (shift_id, shift_starts_at, shift_ends_at)
        REFERENCES scheduling_publishedshift (id, starts_at, ends_at) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT segment_follows_another FOREIGN KEY (shift_id, follows)
        REFERENCES scheduling_segment (shift_id, ends_at) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE scheduling_publishedshift
    ADD CONSTRAINT published_shift_is_told_to_its_end FOREIGN KEY (id, ends_at)
        REFERENCES scheduling_segment (shift_id, ends_at) DEFERRABLE INITIALLY DEFERRED
"""
NOT_WHOLE = """
ALTER TABLE scheduling_publishedshift DROP CONSTRAINT published_shift_is_told_to_its_end;
ALTER TABLE scheduling_segment DROP CONSTRAINT segment_follows_another, DROP CONSTRAINT segment_is_of_its_shift
"""
CHAIN = """
ALTER TABLE scheduling_scheduleversion ADD CONSTRAINT version_supersedes_the_one_before
    FOREIGN KEY (queue_id, week_start, supersedes)
    REFERENCES scheduling_scheduleversion (queue_id, week_start, number) DEFERRABLE INITIALLY DEFERRED
"""
NO_CHAIN = "ALTER TABLE scheduling_scheduleversion DROP CONSTRAINT version_supersedes_the_one_before"


def on_the_grid(name):
    past = models.Func(
        models.F("starts_at"),
        template="MOD(EXTRACT(EPOCH FROM %(expressions)s)::bigint, 900)",
        output_field=models.BigIntegerField(),
    )
    return models.CheckConstraint(condition=Exact(past, 0), name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0005_recordings"),
        ("scheduling", "0009_draft_moves"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="publishedshift",
            constraint=models.UniqueConstraint(
                fields=("id", "starts_at", "ends_at"), name="published_shift_and_its_time"
            ),
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "shift",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="segments",
                        to="scheduling.publishedshift",
                    ),
                ),
                ("shift_starts_at", models.DateTimeField()),
                ("shift_ends_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "follows",
                    models.GeneratedField(
                        db_persist=True,
                        expression=NullIf(models.F("starts_at"), models.F("shift_starts_at")),
                        output_field=models.DateTimeField(null=True),
                    ),
                ),
                (
                    "activity",
                    models.CharField(choices=[("work", "work"), ("break", "break"), ("meal", "meal")], max_length=5),
                ),
                ("paid", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["starts_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("shift", "starts_at"), name="segment_starts_alone"),
                    models.UniqueConstraint(fields=("shift", "ends_at"), name="segment_ends_alone"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="segment_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__lte", models.F("shift_ends_at")),
                            ("starts_at__gte", models.F("shift_starts_at")),
                        ),
                        name="segment_lies_in_its_shift",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("activity__in", ["work", "break", "meal"])),
                        name="segment_activity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid", True), models.Q(("activity", "work"), _negated=True), _connector="OR"
                        ),
                        name="segment_of_work_is_paid",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("shift", "="),
                            (models.Func("starts_at", "ends_at", function="tstzrange"), "&&"),
                        ],
                        name="segments_of_a_shift_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PARTS, PAUSES),
        migrations.RunSQL(WHOLE, NOT_WHOLE),
        migrations.RemoveField(model_name="publishedshift", name="pauses"),
        migrations.AddField(
            model_name="scheduleversion", name="rested", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="scheduleversion",
            name="supersedes",
            field=models.GeneratedField(
                db_persist=True,
                expression=NullIf(CombinedExpression(models.F("number"), "-", models.Value(1)), models.Value(0)),
                output_field=models.PositiveSmallIntegerField(null=True),
            ),
        ),
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RemoveConstraint(model_name="scheduleplan", name="plan_state_is_known"),
        migrations.AddField(model_name="scheduleplan", name="sent_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="scheduleplan",
            name="sent_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="interactions.actor"
            ),
        ),
        migrations.AddField(
            model_name="scheduleplan",
            name="proposed",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="scheduleplan",
            name="returned",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="scheduleplan",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("queued", "waiting to be built"),
                    ("solving", "being built"),
                    ("failed", "not built"),
                    ("review", "in review"),
                    ("published", "published"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduleplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "queued", "solving", "failed", "review", "published"])),
                name="plan_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduleplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("sent_at__isnull", False), ("state", "review"), models.Q(("proposed", ""), _negated=True)
                    ),
                    models.Q(models.Q(("state", "review"), _negated=True), ("sent_at", None), ("sent_by", None)),
                    _connector="OR",
                ),
                name="plan_in_review_says_since_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecastinterval", constraint=on_the_grid("forecast_interval_is_on_the_grid")
        ),
        migrations.AddConstraint(
            model_name="requirementinterval", constraint=on_the_grid("requirement_interval_is_on_the_grid")
        ),
    ]
