"""What the database guarantees of a client's schedules, by the numbers of the domain model, against raw SQL.

Each attack is made as the client's own role, which may write these tables, and where it makes sense as `app`.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from psycopg import errors

from bpo.tenancy.context import as_app, as_owner, enter
from scheduling.models import ForecastInterval, PublishedShift, RequirementInterval, ScheduleVersion
from scheduling.services import publish
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, drafted, employ, floor, past, staffed
from tests.refusals import refused, rows, run

START = datetime(2026, 12, 1, 6, tzinfo=UTC)
SHIFT = """
INSERT INTO scheduling_publishedshift
    (id, version_id, actor_id, starts_at, ends_at, business_date, zone, template_name, block_id)
VALUES (%s, %s, %s, %s, %s, '2026-12-01', 'UTC', 'By hand', gen_random_uuid())
"""
SEGMENT = """
INSERT INTO scheduling_segment (id, shift_id, shift_starts_at, shift_ends_at, starts_at, ends_at, activity, paid)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s)
"""
VERSION = """
INSERT INTO scheduling_scheduleversion
    (id, queue_id, week_start, zone, number, reason, published_at, added, dropped, rested)
VALUES (gen_random_uuid(), %s, %s, 'UTC', %s, 'By hand', now(), 0, 0, 0)
"""
HOLDS = """
SELECT v.number FROM scheduling_scheduleversion v WHERE NOT EXISTS (
    SELECT 1 FROM scheduling_scheduleversion n
    WHERE n.queue_id = v.queue_id AND n.week_start = v.week_start AND n.supersedes = v.number)
"""
WORKED = (0, 540, "work", True)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def ground(alpha: Any) -> Floor:
    """A week with one published shift of Ana's; Ben has none."""
    found = floor(alpha, employ("Ana", "Ben"))
    with enter(alpha.ref()):
        plan = drafted(found, [("Ana", 0, "From 6")])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
    return found


def told(ground: Floor, *parts: tuple[int, int, str, bool]) -> uuid.UUID:
    """Ben's Tuesday from 06:00 to 15:00 UTC with these parts, written in one transaction."""
    shift = uuid.uuid4()
    with transaction.atomic():
        version = ScheduleVersion.objects.get()
        run(SHIFT, shift, version.pk, ground.actors["Ben"], START, at(540))
        for start, end, activity, paid in parts:
            run(SEGMENT, shift, START, at(540), at(start), at(end), activity, paid)
    return shift


@pytest.mark.services
@pytest.mark.parametrize(
    ("parts", "kind", "by"),
    [
        pytest.param([], errors.ForeignKeyViolation, "published_shift_is_told_to_its_end", id="no list"),
        pytest.param(
            [(0, 120, "work", True), (135, 540, "work", True)],
            errors.ForeignKeyViolation, "segment_follows_another", id="a gap",
        ),
        pytest.param(
            [(120, 540, "work", True)], errors.ForeignKeyViolation, "segment_follows_another", id="no head",
        ),
        pytest.param(
            [(0, 120, "work", True)], errors.ForeignKeyViolation, "published_shift_is_told_to_its_end", id="no tail",
        ),
        pytest.param(
            [(0, 300, "work", True), (240, 540, "meal", False)],
            errors.ExclusionViolation, "segments_of_a_shift_do_not_overlap", id="an overlap",
        ),
        pytest.param(
            [WORKED, (120, 135, "break", True)],
            errors.ExclusionViolation, "segments_of_a_shift_do_not_overlap", id="one within another",
        ),
        pytest.param([WORKED, WORKED], errors.UniqueViolation, "segment_starts_alone", id="the same twice"),
        pytest.param([(0, 600, "work", True)], errors.CheckViolation, "segment_lies_in_its_shift", id="past its end"),
        pytest.param([(-60, 540, "work", True)], errors.CheckViolation, "segment_lies_in_its_shift", id="before it"),
        pytest.param(
            [(0, 120, "work", True), (120, 120, "break", True), (120, 540, "work", True)],
            errors.CheckViolation, "segment_ends_after_start", id="an empty part",
        ),
        pytest.param([(0, 540, "party", True)], errors.CheckViolation, "segment_activity_is_known", id="no activity"),
        pytest.param([(0, 540, "work", False)], errors.CheckViolation, "segment_of_work_is_paid", id="unpaid work"),
    ],
)  # fmt: skip
def test_5_a_shift_without_its_whole_list_is_refused(
    alpha: Any, ground: Floor, parts: list[tuple[int, int, str, bool]], kind: type[Exception], by: str
) -> None:
    with enter(alpha.ref()):
        with refused(kind, by):
            told(ground, *parts)
        assert PublishedShift.objects.count() == 1, "nothing of it stays"


@pytest.mark.services
def test_5_a_whole_list_is_taken_in_any_order_and_never_added_to(alpha: Any, ground: Floor) -> None:
    parts = [(240, 300, "meal", False), (0, 120, "work", True), (300, 540, "work", True), (120, 240, "break", True)]
    with enter(alpha.ref()):
        shift = told(ground, *parts)
        assert PublishedShift.objects.get(pk=shift).pauses == [
            {"after": 120, "minutes": 120, "name": "break", "paid": True},
            {"after": 240, "minutes": 60, "name": "meal", "paid": False},
        ]
        with refused(errors.ExclusionViolation):
            run(SEGMENT, shift, START, at(540), at(30), at(60), "break", True)
        with refused(errors.ForeignKeyViolation, "segment_is_of_its_shift"):  # of other times than its shift's
            run(SEGMENT, shift, START, at(600), at(540), at(600), "work", True)
        with refused(errors.ForeignKeyViolation, "segment_is_of_its_shift"):  # of no shift
            run(SEGMENT, uuid.uuid4(), START, at(540), at(0), at(540), "work", True)
        with refused(errors.GeneratedAlways):  # what a part follows is not for its writer to say
            run("INSERT INTO scheduling_segment (follows) VALUES (now())")


@pytest.mark.services
def test_5_nobody_but_the_owner_can_put_the_rules_aside(alpha: Any, ground: Floor) -> None:
    for statement in (
        "SET session_replication_role = 'replica'",
        "ALTER TABLE scheduling_segment DISABLE TRIGGER ALL",
        "ALTER TABLE scheduling_publishedshift DROP CONSTRAINT published_shift_is_told_to_its_end",
        "DELETE FROM scheduling_segment",
    ):
        with enter(alpha.ref()), refused(errors.InsufficientPrivilege):
            run(statement)
    with as_app(), refused(errors.InsufficientPrivilege):
        run(f'SELECT * FROM "{alpha.schema_name}".scheduling_segment')
    with enter(alpha.ref()):  # waiting for the end of the transaction is the most a client can choose
        with refused(errors.ForeignKeyViolation), transaction.atomic():
            run("SET CONSTRAINTS ALL DEFERRED")
            told(ground)
        with refused(errors.ForeignKeyViolation), transaction.atomic():
            run("SET CONSTRAINTS ALL IMMEDIATE")
            told(ground, WORKED)
        told(ground, WORKED)


@pytest.mark.services
def test_6_one_version_of_a_week_holds(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        with refused(errors.UniqueViolation, "version_is_numbered_once"):
            run(VERSION, ground.queue_id, WEEK, 1)
        with refused(errors.ForeignKeyViolation, "version_supersedes_the_one_before"):
            run(VERSION, ground.queue_id, WEEK, 3)
        with refused(errors.CheckViolation, "version_counts_from_one"):
            run(VERSION, ground.queue_id, WEEK, 0)
        with refused(errors.GeneratedAlways):
            run("INSERT INTO scheduling_scheduleversion (supersedes) VALUES (1)")
        assert rows(HOLDS) == [(1,)]
        assert run(VERSION, ground.queue_id, WEEK, 2) == 1
        assert rows(HOLDS) == [(2,)]


@pytest.mark.services
def test_6_one_plan_of_a_week_so_one_build_at_a_time(alpha: Any, ground: Floor) -> None:
    queued = (
        "INSERT INTO scheduling_scheduleplan (id, queue_id, week_start, zone, state, seconds, max_minutes, max_days, "
        "rest_minutes, status, seed, stop_asked, problem, proposed, returned, rule_prices, version) VALUES "
        "(gen_random_uuid(), %s, %s, 'UTC', 'queued', 15, 2400, 5, 660, '', 1, false, '', '', '', '[]', 1)"
    )
    job = (
        "INSERT INTO outbox_job (id, client_id, kind, dedupe_key, payload, state, attempts, max_attempts, fence, "
        "last_error) VALUES (gen_random_uuid(), %s, 'scheduling.build', 'plan:x:2', '{}', 'ready', 0, 3, 0, '')"
    )
    with enter(alpha.ref()):
        with refused(errors.UniqueViolation, "plan_is_one_per_queue_and_week"):
            run(queued, ground.queue_id, WEEK)
        assert run(queued, ground.queue_id, WEEK + timedelta(days=7)) == 1
        assert run(job, alpha.pk) == 1
        with refused(errors.UniqueViolation):
            run(job, alpha.pk)
        with refused(errors.CheckViolation, "plan_in_review_says_since_when"):
            run("UPDATE scheduling_scheduleplan SET state = 'review'")
        with refused(errors.CheckViolation, "plan_state_is_known"):
            run("UPDATE scheduling_scheduleplan SET state = 'secret'")


@pytest.mark.services
@pytest.mark.parametrize("table", ["scheduleversion", "publishedshift", "segment", "forecast", "requirementinterval"])
def test_7_what_is_published_is_frozen(alpha: Any, ground: Floor, table: str) -> None:
    for statement in (
        f"UPDATE scheduling_{table} SET id = gen_random_uuid()",
        f"DELETE FROM scheduling_{table}",
        f"TRUNCATE scheduling_{table} CASCADE",
        f"CREATE TRIGGER t BEFORE INSERT ON scheduling_{table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ):
        with enter(alpha.ref()), refused(errors.InsufficientPrivilege):
            run(statement)
        with as_app(), refused(errors.InsufficientPrivilege):
            run(statement.replace("scheduling_", f'"{alpha.schema_name}".scheduling_'))
    with enter(alpha.ref()):
        assert run("UPDATE scheduling_draftshift SET id = gen_random_uuid()") == 1, "a draft is not"


@pytest.mark.services
def test_8_an_interval_is_known_once_and_lies_on_the_grid(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground)
        staffed(ground)
        for table, parent, model in (
            ("forecastinterval", "forecast_id", ForecastInterval),
            ("requirementinterval", "requirement_id", RequirementInterval),
        ):
            names = [f'"{one.column}"' for one in model._meta.concrete_fields if one.column not in ("id", "starts_at")]
            copied = (
                f"INSERT INTO scheduling_{table} (id, starts_at, {', '.join(names)}) "
                f"SELECT gen_random_uuid(), starts_at + %s::interval, {', '.join(names)} "
                f"FROM scheduling_{table} ORDER BY {parent}, starts_at DESC LIMIT 1"
            )
            with refused(errors.UniqueViolation):
                run(copied, "0")
            for beside in ("7 minutes", "1 second", "20 minutes"):
                with refused(errors.CheckViolation):
                    run(copied, beside)
            assert run(copied, "30 minutes") == 1
        callback = (
            "INSERT INTO scheduling_promisedcallback (id, queue_id, source, external_id, window_start, window_end, state) "
            "VALUES (gen_random_uuid(), %s, 'crm', '1', now(), now() + interval '1 hour', 'due')"
        )
        assert run(callback, ground.queue_id) == 1
        with refused(errors.UniqueViolation, "callback_is_known_once"):
            run(callback, ground.queue_id)


@pytest.mark.services
def test_9_btree_gist_is_one_for_all_and_no_key_crosses_schemas(alpha: Any, beta: Any) -> None:
    with as_owner():
        assert rows(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE extname = 'btree_gist'"
        ) == [("public",)]
        assert (
            rows(
                "SELECT c.conname FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid "
                "JOIN pg_class b ON b.oid = c.confrelid WHERE c.contype = 'f' AND a.relnamespace <> b.relnamespace"
            )
            == []
        )
        exclusions = rows("SELECT connamespace::regnamespace::text FROM pg_constraint WHERE conname = %s",
                          "segments_of_a_shift_do_not_overlap")  # fmt: skip
        assert sorted(exclusions) == sorted([(alpha.schema_name,), (beta.schema_name,)])
    for client in (alpha, beta):
        with enter(client.ref()):
            assert rows("SELECT pg_opclass_is_visible(oid) FROM pg_opclass WHERE opcname = 'gist_uuid_ops'") == [
                (True,)
            ]
    with enter(alpha.ref()), refused(errors.InsufficientPrivilege):
        run(
            "CREATE TABLE crossing (employee uuid REFERENCES public.workforce_employee)"
        )  # a client makes no table, so no key either
