"""An operator's look inside a client: written once, ended once, an hour at most."""

import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import bpo.ids

GUARD = """
CREATE FUNCTION public.accounts_step_in_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a step-in is kept' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_in_is_kept';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL OR EXISTS (
            SELECT 1 FROM public.accounts_user WHERE id = NEW.user_id AND realm_id IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'a step-in is of staff and begins open'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'step_in_is_of_staff';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
        OR (OLD.id, OLD.user_id, OLD.client_id, OLD.reason, OLD.begins_at, OLD.until)
            IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.client_id, NEW.reason, NEW.begins_at, NEW.until) THEN
        RAISE EXCEPTION 'a step-in can only be ended, and once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'step_in_is_only_ended';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_step_in_guard() FROM PUBLIC;
CREATE TRIGGER step_in_is_only_ended BEFORE INSERT OR UPDATE OR DELETE ON public.accounts_stepin
    FOR EACH ROW EXECUTE FUNCTION public.accounts_step_in_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_own_domains")]

    operations = [
        migrations.CreateModel(
            name="StepIn",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=200)),
                ("begins_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="step_ins", to="accounts.client"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="step_ins", to="accounts.user"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["user", "client"], condition=Q(ended_at=None), name="step_in_is_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=Q(until__gt=F("begins_at"))
                        & Q(until__lte=F("begins_at") + datetime.timedelta(minutes=60)),
                        name="step_in_is_an_hour_at_most",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None) | Q(ended_at__gte=F("begins_at")),
                        name="step_in_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="step_in_has_a_reason"),
                ]
            },
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER step_in_is_only_ended ON public.accounts_stepin;"
            "DROP FUNCTION public.accounts_step_in_guard()",
        ),
    ]
