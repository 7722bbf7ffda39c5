"""A client's steps: which follow which is the database's to say, and the owner's alone to take."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION public.accounts_client_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.status, OLD.drops_at, OLD.schema_name, OLD.role_name)
        IS NOT DISTINCT FROM (NEW.status, NEW.drops_at, NEW.schema_name, NEW.role_name) THEN
        RETURN NEW;
    END IF;
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'only the owner of the database may change the status, schema or role of a client'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.schema_name, OLD.role_name) IS DISTINCT FROM (NEW.schema_name, NEW.role_name) THEN
        RAISE EXCEPTION 'the schema and role of a client never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_place_never_changes';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN (
        'active>suspended', 'active>archived', 'active>trashed',
        'suspended>active', 'suspended>archived', 'suspended>trashed',
        'archived>active', 'archived>trashed',
        'trashed>suspended', 'trashed>dropped'
    ) THEN
        RAISE EXCEPTION 'a client can not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_status_follows_its_steps';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_client_guard() FROM PUBLIC;
CREATE TRIGGER client_status_follows_its_steps BEFORE UPDATE ON public.accounts_client
    FOR EACH ROW EXECUTE FUNCTION public.accounts_client_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_primary_host")]

    operations = [
        migrations.AddField("client", "drops_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "client",
            "status",
            models.CharField(
                choices=[
                    ("active", "active"),
                    ("suspended", "suspended"),
                    ("archived", "archived"),
                    ("trashed", "being deleted"),
                    ("dropped", "deleted"),
                ],
                default="active",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint("client", "client_status_is_known"),
        migrations.AddConstraint(
            "client",
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended", "archived", "trashed", "dropped"]),
                name="client_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            "client",
            models.CheckConstraint(
                condition=models.Q(status="trashed", drops_at__isnull=False)
                | (~models.Q(status="trashed") & models.Q(drops_at=None)),
                name="client_being_deleted_has_a_date",
            ),
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER client_status_follows_its_steps ON public.accounts_client;"
            "DROP FUNCTION public.accounts_client_guard()",
        ),
    ]
