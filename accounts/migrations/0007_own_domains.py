"""Host names of a client's own, and what the database itself says of them: none goes live without its proof."""

import django.db.models.deletion
from django.db import migrations, models

import bpo.ids

HOMES = "UPDATE public.accounts_client SET home_host = primary_host"

CLIENT_GUARD = """
CREATE OR REPLACE FUNCTION public.accounts_client_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.status, OLD.drops_at, OLD.schema_name, OLD.role_name, OLD.home_host)
        IS NOT DISTINCT FROM (NEW.status, NEW.drops_at, NEW.schema_name, NEW.role_name, NEW.home_host) THEN
        RETURN NEW;
    END IF;
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'only the owner of the database may change the status, schema, role or built-in host of a client'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.schema_name, OLD.role_name) IS DISTINCT FROM (NEW.schema_name, NEW.role_name) THEN
        RAISE EXCEPTION 'the schema and role of a client never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_place_never_changes';
    END IF;
    IF OLD.home_host <> NEW.home_host AND NOT (NEW.status = 'dropped' AND NEW.home_host = '') THEN
        RAISE EXCEPTION 'the built-in host of a client never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_home_never_changes';
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
"""
CLIENT_GUARD_BEFORE = """
CREATE OR REPLACE FUNCTION public.accounts_client_guard() RETURNS trigger
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
"""

GUARDS = """
CREATE FUNCTION public.accounts_claim_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.id, OLD.client_id, OLD.host, OLD.token, OLD.asked_at)
        IS DISTINCT FROM (NEW.id, NEW.client_id, NEW.host, NEW.token, NEW.asked_at) THEN
        RAISE EXCEPTION 'what a claim says never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_never_changes';
    END IF;
    IF OLD.proven_at IS NOT NULL AND NEW.proven_at IS DISTINCT FROM OLD.proven_at
        OR OLD.left_at IS NOT NULL AND (NEW.left_at, NEW.proven_at) IS DISTINCT FROM (OLD.left_at, OLD.proven_at) THEN
        RAISE EXCEPTION 'a claim is proven once and left once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_goes_one_way';
    END IF;
    IF NEW.left_at IS NOT NULL AND EXISTS (SELECT 1 FROM public.accounts_domain WHERE claim_id = NEW.id) THEN
        RAISE EXCEPTION 'a claim is not left while its domain is live'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_left_has_no_domain';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_claim_guard() FROM PUBLIC;
CREATE TRIGGER claim_goes_one_way BEFORE UPDATE ON public.accounts_claim
    FOR EACH ROW EXECUTE FUNCTION public.accounts_claim_guard();

CREATE FUNCTION public.accounts_domain_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.claim_id IS NULL THEN
        PERFORM 1 FROM public.accounts_client WHERE id = NEW.tenant_id AND home_host = NEW.domain;
    ELSE
        -- The claim stays as it is until this transaction ends: one who leaves it meanwhile waits, and then finds us.
        PERFORM 1 FROM public.accounts_claim
            WHERE id = NEW.claim_id AND client_id = NEW.tenant_id AND host = NEW.domain
                AND proven_at IS NOT NULL AND left_at IS NULL
            FOR SHARE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a domain is the built-in host of its client or rests on a proven claim of it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'domain_is_built_in_or_proven';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_domain_guard() FROM PUBLIC;
CREATE TRIGGER domain_is_built_in_or_proven BEFORE INSERT OR UPDATE ON public.accounts_domain
    FOR EACH ROW EXECUTE FUNCTION public.accounts_domain_guard();
"""
UNGUARDED = """
DROP TRIGGER domain_is_built_in_or_proven ON public.accounts_domain;
DROP FUNCTION public.accounts_domain_guard();
DROP TRIGGER claim_goes_one_way ON public.accounts_claim;
DROP FUNCTION public.accounts_claim_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_memberships"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=253)),
                ("token", models.CharField(max_length=43)),
                ("asked_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                ("remedy", models.CharField(blank=True, default="", max_length=300)),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None), ("proven_at__isnull", False)),
                        fields=("host",),
                        name="claim_holds_once_per_host",
                    ),
                    models.UniqueConstraint(fields=("token",), name="claim_token_is_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("host__regex", "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")
                        ),
                        name="claim_host_is_a_host_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token__regex", "^[A-Za-z0-9_-]{43}$")), name="claim_token_is_random"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="client",
            name="home_host",
            field=models.CharField(default="", editable=False, max_length=253),
        ),
        migrations.RunSQL(HOMES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(
                condition=models.Q(("home_host", ""), _negated=True),
                fields=("home_host",),
                name="client_home_is_unique",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="accounts.client"
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="claim",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="domain",
                to="accounts.claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="domain",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)), fields=("tenant",), name="domain_is_primary_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)), fields=("client", "host"), name="claim_is_open_once_per_client"
            ),
        ),
        migrations.RunSQL(CLIENT_GUARD, CLIENT_GUARD_BEFORE),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
