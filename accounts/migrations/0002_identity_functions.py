"""What the database itself knows of clients: who a session is, and that a client's user stays with that client."""

from django.db import migrations

CLIENT_ID = """
CREATE FUNCTION public.bpo_client_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT id FROM public.accounts_client WHERE role_name = session_user::text $$;
REVOKE ALL ON FUNCTION public.bpo_client_id() FROM PUBLIC;
"""

MEMBERSHIP_GUARD = """
CREATE FUNCTION public.accounts_membership_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE home uuid;
BEGIN
    SELECT realm_id INTO home FROM public.accounts_user WHERE id = NEW.user_id;
    IF home IS NOT NULL AND NEW.client_id IS DISTINCT FROM home THEN
        RAISE EXCEPTION 'a user of one client can have no membership elsewhere'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_stays_in_realm';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_membership_guard() FROM PUBLIC;
CREATE TRIGGER membership_stays_in_realm BEFORE INSERT OR UPDATE ON public.accounts_membership
    FOR EACH ROW EXECUTE FUNCTION public.accounts_membership_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(CLIENT_ID, "DROP FUNCTION public.bpo_client_id()"),
        migrations.RunSQL(
            MEMBERSHIP_GUARD,
            "DROP TRIGGER membership_stays_in_realm ON public.accounts_membership;"
            "DROP FUNCTION public.accounts_membership_guard()",
        ),
    ]
