"""The ledger's exclusions are checked at the end of a transaction, and its writers wait for each other.

Two transactions that book the same person at once would each see the other's row and wait for it: a deadlock, where
one should hear "busy". So whoever writes the ledger holds the person first, and whoever writes of many people holds
all of them beforehand, in one order.
"""

from importlib import import_module

import django.contrib.postgres.constraints
from django.db import migrations, models

LATER = models.Deferrable.DEFERRED
before = import_module("workforce.migrations.0002_ledger")


def again(function):
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


HOLD = """
CREATE FUNCTION public.workforce_hold(p_actors uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_client uuid := public.bpo_client_id();
    v_held integer;
BEGIN
    WITH held AS (
        SELECT e.id FROM public.workforce_employee e WHERE e.id IN (
            SELECT s.employee_id FROM public.workforce_seat s
            WHERE s.client_id = v_client AND s.actor_id = ANY (p_actors))
        ORDER BY e.id FOR NO KEY UPDATE
    )
    SELECT count(*) INTO v_held FROM held;
    RETURN v_held;
END $$;
REVOKE ALL ON FUNCTION public.workforce_hold(uuid[]) FROM PUBLIC;
"""

BOOK = """
CREATE OR REPLACE FUNCTION public.workforce_book(
    p_actor uuid, p_start timestamptz, p_end timestamptz, p_business_date date, p_zone text, p_source text
) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_client uuid := public.bpo_client_id();
    v_employee uuid;
    v_duty uuid;
    v_block uuid := gen_random_uuid();
BEGIN
    SELECT e.id INTO v_employee FROM public.workforce_seat s JOIN public.workforce_employee e ON e.id = s.employee_id
        WHERE s.client_id = v_client AND s.actor_id = p_actor FOR NO KEY UPDATE OF e;
    IF v_employee IS NULL THEN
        RAISE EXCEPTION 'no such person here' USING ERRCODE = 'no_data_found';
    END IF;
    BEGIN
        SELECT id INTO v_duty FROM public.workforce_duty
            WHERE employee_id = v_employee AND during @> tstzrange(p_start, p_end);
        IF v_duty IS NULL THEN
            v_duty := gen_random_uuid();
            INSERT INTO public.workforce_duty (id, employee_id, during, rest_minutes, business_date, zone)
                VALUES (v_duty, v_employee, tstzrange(p_start, p_end), 660, p_business_date, p_zone);
        END IF;
        INSERT INTO public.workforce_workblock (id, duty_id, employee_id, during, client_id, source)
            VALUES (v_block, v_duty, v_employee, tstzrange(p_start, p_end), v_client, p_source);
        SET CONSTRAINTS public.nobody_is_booked_twice, public.rest_holds_between_duties IMMEDIATE;
    EXCEPTION WHEN exclusion_violation THEN
        RAISE EXCEPTION 'busy' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'busy';
    END;
    SET CONSTRAINTS public.nobody_is_booked_twice, public.rest_holds_between_duties DEFERRED;
    RETURN v_block;
END $$;
"""

RELEASE = """
CREATE OR REPLACE FUNCTION public.workforce_release(p_block uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_duty uuid;
BEGIN
    PERFORM 1 FROM public.workforce_employee e WHERE e.id = (
        SELECT b.employee_id FROM public.workforce_workblock b
        WHERE b.id = p_block AND b.client_id = public.bpo_client_id()
    ) FOR NO KEY UPDATE;
    DELETE FROM public.workforce_workblock WHERE id = p_block AND client_id = public.bpo_client_id()
        RETURNING duty_id INTO v_duty;
    IF v_duty IS NULL THEN RETURN false; END IF;
    DELETE FROM public.workforce_duty d WHERE d.id = v_duty
        AND NOT EXISTS (SELECT 1 FROM public.workforce_workblock b WHERE b.duty_id = d.id);
    RETURN true;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0006_erasedperson")]

    operations = [
        migrations.RemoveConstraint(model_name="duty", name="rest_holds_between_duties"),
        migrations.AddConstraint(
            model_name="duty",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="rest_holds_between_duties",
                expressions=[("employee", "="), ("with_rest", "&&")],
                deferrable=LATER,
            ),
        ),
        migrations.RemoveConstraint(model_name="workblock", name="nobody_is_booked_twice"),
        migrations.AddConstraint(
            model_name="workblock",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="nobody_is_booked_twice",
                expressions=[("employee", "="), ("during", "&&")],
                deferrable=LATER,
            ),
        ),
        migrations.RunSQL(HOLD, "DROP FUNCTION public.workforce_hold(uuid[])"),
        migrations.RunSQL(BOOK, again(before.BOOK)),
        migrations.RunSQL(RELEASE, again(before.RELEASE)),
    ]
