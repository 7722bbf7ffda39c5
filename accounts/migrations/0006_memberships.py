"""Memberships are edited by people, so they have a version; and the operator keeps an admin, whatever is written."""

from django.db import migrations, models

# Checked at the commit, so that one statement may hand the role over. Whoever is left is locked: two transactions that
# each take one of the last two away wait for each other, and one of them fails.
GUARD = """
CREATE FUNCTION public.accounts_keep_an_admin() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'accounts_user' AND NOT EXISTS (
        SELECT 1 FROM public.accounts_membership
        WHERE user_id = OLD.id AND role = 'operator_admin' AND client_id IS NULL AND ends_at IS NULL
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM public.accounts_membership m JOIN public.accounts_user u ON u.id = m.user_id
        WHERE m.role = 'operator_admin' AND m.client_id IS NULL AND m.ends_at IS NULL AND u.is_active
        ORDER BY m.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the last operator admin whose access has no end stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_operator_admin_stays';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.accounts_keep_an_admin() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER an_operator_admin_stays AFTER UPDATE OR DELETE ON public.accounts_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.role = 'operator_admin' AND OLD.client_id IS NULL AND OLD.ends_at IS NULL)
    EXECUTE FUNCTION public.accounts_keep_an_admin();
CREATE CONSTRAINT TRIGGER an_operator_admin_stays_on AFTER UPDATE ON public.accounts_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.is_active AND NOT NEW.is_active AND NEW.realm_id IS NULL)
    EXECUTE FUNCTION public.accounts_keep_an_admin();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_second_steps")]

    operations = [
        migrations.AddField("membership", "version", models.PositiveIntegerField(default=1)),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER an_operator_admin_stays_on ON public.accounts_user;"
            "DROP TRIGGER an_operator_admin_stays ON public.accounts_membership;"
            "DROP FUNCTION public.accounts_keep_an_admin()",
        ),
    ]
