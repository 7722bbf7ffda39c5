"""A separation and the employment it ends say the same day, at the end of every transaction that touches either."""

from django.db import migrations

AGREES = """
CREATE FUNCTION public.attrition_separation_agrees() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_employment uuid;
BEGIN
    IF TG_TABLE_NAME = 'workforce_employment' THEN v_employment := NEW.id; ELSE v_employment := NEW.employment_id; END IF;
    IF EXISTS (
        SELECT 1 FROM public.attrition_separation s JOIN public.workforce_employment e ON e.id = s.employment_id
        WHERE e.id = v_employment AND e.ends_on IS DISTINCT FROM s.last_day + 1
    ) THEN
        RAISE EXCEPTION 'an employment ends the day after the last day of its separation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'separation_agrees_with_employment';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.attrition_separation_agrees() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER separation_agrees_with_employment
    AFTER INSERT OR UPDATE ON public.attrition_separation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.attrition_separation_agrees();
CREATE CONSTRAINT TRIGGER employment_agrees_with_separation
    AFTER UPDATE OF ends_on ON public.workforce_employment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.attrition_separation_agrees();
"""


class Migration(migrations.Migration):
    dependencies = [("attrition", "0001_separation"), ("workforce", "0003_classes_and_people_imports")]

    operations = [
        migrations.RunSQL(
            AGREES,
            "DROP TRIGGER employment_agrees_with_separation ON public.workforce_employment;"
            "DROP TRIGGER separation_agrees_with_employment ON public.attrition_separation;"
            "DROP FUNCTION public.attrition_separation_agrees()",
        )
    ]
