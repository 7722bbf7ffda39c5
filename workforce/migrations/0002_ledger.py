"""The work ledger's own rules, and the three functions through which a client books its people.

Each function takes the client from `session_user`, so it can act for nobody else. A clash is raised as "busy" with
the constraint's SQLSTATE and without its DETAIL, which would show the other client's block.
"""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION public.workforce_duty_rest() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.with_rest := tstzrange(lower(NEW.during), upper(NEW.during) + make_interval(mins => NEW.rest_minutes));
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.workforce_duty_rest() FROM PUBLIC;
CREATE TRIGGER duty_keeps_rest BEFORE INSERT OR UPDATE ON public.workforce_duty
    FOR EACH ROW EXECUTE FUNCTION public.workforce_duty_rest();

CREATE FUNCTION public.workforce_block_in_duty() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found public.workforce_duty;
BEGIN
    SELECT * INTO found FROM public.workforce_duty WHERE id = NEW.duty_id FOR SHARE;
    IF found.employee_id IS DISTINCT FROM NEW.employee_id OR NOT NEW.during <@ found.during THEN
        RAISE EXCEPTION 'a block lies inside a duty of the same person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'block_lies_in_its_duty';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.workforce_block_in_duty() FROM PUBLIC;
CREATE TRIGGER block_lies_in_its_duty BEFORE INSERT OR UPDATE ON public.workforce_workblock
    FOR EACH ROW EXECUTE FUNCTION public.workforce_block_in_duty();
"""

BOOK = """
CREATE FUNCTION public.workforce_book(
    p_actor uuid, p_start timestamptz, p_end timestamptz, p_business_date date, p_zone text, p_source text
) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_client uuid := public.bpo_client_id();
    v_employee uuid;
    v_duty uuid;
    v_block uuid := gen_random_uuid();
BEGIN
    SELECT employee_id INTO v_employee FROM public.workforce_seat
        WHERE client_id = v_client AND actor_id = p_actor AND employee_id IS NOT NULL;
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
    EXCEPTION WHEN exclusion_violation THEN
        RAISE EXCEPTION 'busy' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'busy';
    END;
    RETURN v_block;
END $$;
REVOKE ALL ON FUNCTION public.workforce_book(uuid, timestamptz, timestamptz, date, text, text) FROM PUBLIC;
"""

RELEASE = """
CREATE FUNCTION public.workforce_release(p_block uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_duty uuid;
BEGIN
    DELETE FROM public.workforce_workblock WHERE id = p_block AND client_id = public.bpo_client_id()
        RETURNING duty_id INTO v_duty;
    IF v_duty IS NULL THEN RETURN false; END IF;
    DELETE FROM public.workforce_duty d WHERE d.id = v_duty
        AND NOT EXISTS (SELECT 1 FROM public.workforce_workblock b WHERE b.duty_id = d.id);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION public.workforce_release(uuid) FROM PUBLIC;
"""

BUSY = """
CREATE FUNCTION public.workforce_busy(p_actor uuid, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (starts timestamptz, ends timestamptz, own boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT lower(b.during), upper(b.during), b.client_id = public.bpo_client_id()
    FROM public.workforce_workblock b
    JOIN public.workforce_seat s ON s.employee_id = b.employee_id
    WHERE s.client_id = public.bpo_client_id() AND s.actor_id = p_actor
      AND b.during && tstzrange(p_from, p_to)
    ORDER BY 1
$$;
REVOKE ALL ON FUNCTION public.workforce_busy(uuid, timestamptz, timestamptz) FROM PUBLIC;
"""

MY_PEOPLE = """
CREATE VIEW public.workforce_my_people WITH (security_barrier) AS
    SELECT s.actor_id, COALESCE(e.name, u.name) AS name
    FROM public.workforce_seat s
    LEFT JOIN public.workforce_employee e ON e.id = s.employee_id
    LEFT JOIN public.accounts_user u ON u.id = s.user_id
    WHERE s.client_id = (SELECT public.bpo_client_id());
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial"), ("accounts", "0002_identity_functions")]

    operations = [
        migrations.RunSQL(
            TRIGGERS,
            "DROP TRIGGER duty_keeps_rest ON public.workforce_duty; DROP FUNCTION public.workforce_duty_rest();"
            "DROP TRIGGER block_lies_in_its_duty ON public.workforce_workblock;"
            "DROP FUNCTION public.workforce_block_in_duty()",
        ),
        migrations.RunSQL(
            BOOK, "DROP FUNCTION public.workforce_book(uuid, timestamptz, timestamptz, date, text, text)"
        ),
        migrations.RunSQL(RELEASE, "DROP FUNCTION public.workforce_release(uuid)"),
        migrations.RunSQL(BUSY, "DROP FUNCTION public.workforce_busy(uuid, timestamptz, timestamptz)"),
        migrations.RunSQL(MY_PEOPLE, "DROP VIEW public.workforce_my_people"),
    ]
