"""Company sign-ins; an identity stays in its provider's realm, whoever writes it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bpo.ids

GUARDS = """
CREATE FUNCTION public.accounts_identity_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.provider_id, OLD.subject, OLD.user_id)
        IS DISTINCT FROM (NEW.provider_id, NEW.subject, NEW.user_id) THEN
        RAISE EXCEPTION 'whose an identity is never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'identity_never_changes';
    END IF;
    IF (SELECT realm_id FROM public.accounts_identityprovider WHERE id = NEW.provider_id)
        IS DISTINCT FROM (SELECT realm_id FROM public.accounts_user WHERE id = NEW.user_id) THEN
        RAISE EXCEPTION 'an identity stays in the realm of its provider'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'identity_stays_in_realm';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.accounts_provider_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.id, OLD.realm_id, OLD.issuer, OLD.client_id) IS DISTINCT FROM (NEW.id, NEW.realm_id, NEW.issuer, NEW.client_id)
    THEN
        RAISE EXCEPTION 'the realm, issuer and client id of a provider never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'provider_never_changes';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_identity_guard(), public.accounts_provider_guard() FROM PUBLIC;
CREATE TRIGGER identity_guard BEFORE INSERT OR UPDATE ON public.accounts_externalidentity
    FOR EACH ROW EXECUTE FUNCTION public.accounts_identity_guard();
CREATE TRIGGER provider_guard BEFORE UPDATE ON public.accounts_identityprovider
    FOR EACH ROW EXECUTE FUNCTION public.accounts_provider_guard();
"""
UNGUARDED = """
DROP TRIGGER identity_guard ON public.accounts_externalidentity;
DROP TRIGGER provider_guard ON public.accounts_identityprovider;
DROP FUNCTION public.accounts_identity_guard();
DROP FUNCTION public.accounts_provider_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_step_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("issuer", models.CharField(max_length=300)),
                ("client_id", models.CharField(max_length=255)),
                ("sealed_secret", models.BinaryField()),
                ("authorisation_endpoint", models.CharField(max_length=500)),
                ("token_endpoint", models.CharField(max_length=500)),
                ("keys_endpoint", models.CharField(max_length=500)),
                (
                    "new_role",
                    models.CharField(
                        blank=True,
                        choices=[("client_user", "client_user"), ("client_approver", "client_approver")],
                        default="",
                        max_length=24,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
                (
                    "realm",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="providers",
                        to="accounts.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("realm",), name="provider_is_one_a_realm", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=models.Q(("new_role__in", ["", "client_user", "client_approver"])),
                        name="provider_new_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("realm__isnull", False), ("new_role", ""), _connector="OR"),
                        name="provider_makes_no_staff",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalIdentity",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=255)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="accounts.identityprovider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "subject"), name="identity_is_one_user"),
                    models.UniqueConstraint(fields=("provider", "user"), name="identity_is_one_a_user"),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
