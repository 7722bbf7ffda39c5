"""Second steps, and what the database itself says of them: a code works once, a counter only rises."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bpo.ids

# What a row is about never changes; what counts or ends it moves one way.
GUARDS = """
CREATE FUNCTION public.accounts_authenticator_app_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.user_id, OLD.sealed_secret) IS DISTINCT FROM (NEW.user_id, NEW.sealed_secret) THEN
        RAISE EXCEPTION 'the secret of an authenticator app never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'authenticator_app_never_changes';
    END IF;
    IF NEW.last_step < OLD.last_step THEN
        RAISE EXCEPTION 'the last step of an authenticator app only rises'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'authenticator_app_step_only_rises';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.accounts_recovery_code_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.id, OLD.user_id, OLD.code_hash, OLD.made_at) IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.code_hash, NEW.made_at) THEN
        RAISE EXCEPTION 'a recovery code never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_code_never_changes';
    END IF;
    IF OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at THEN
        RAISE EXCEPTION 'a recovery code works once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_code_works_once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.accounts_passkey_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.user_id, OLD.rp_id, OLD.credential_id, OLD.credential)
        IS DISTINCT FROM (NEW.user_id, NEW.rp_id, NEW.credential_id, NEW.credential) THEN
        RAISE EXCEPTION 'the key and host of a passkey never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'passkey_never_changes';
    END IF;
    IF NEW.sign_count < OLD.sign_count THEN
        RAISE EXCEPTION 'the counter of a passkey only rises'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'passkey_counter_only_rises';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_authenticator_app_guard(), public.accounts_recovery_code_guard(),
    public.accounts_passkey_guard() FROM PUBLIC;
CREATE TRIGGER authenticator_app_guard BEFORE UPDATE ON public.accounts_authenticatorapp
    FOR EACH ROW EXECUTE FUNCTION public.accounts_authenticator_app_guard();
CREATE TRIGGER recovery_code_guard BEFORE UPDATE ON public.accounts_recoverycode
    FOR EACH ROW EXECUTE FUNCTION public.accounts_recovery_code_guard();
CREATE TRIGGER passkey_guard BEFORE UPDATE ON public.accounts_passkey
    FOR EACH ROW EXECUTE FUNCTION public.accounts_passkey_guard();
"""
UNGUARDED = """
DROP TRIGGER authenticator_app_guard ON public.accounts_authenticatorapp;
DROP TRIGGER recovery_code_guard ON public.accounts_recoverycode;
DROP TRIGGER passkey_guard ON public.accounts_passkey;
DROP FUNCTION public.accounts_authenticator_app_guard();
DROP FUNCTION public.accounts_recovery_code_guard();
DROP FUNCTION public.accounts_passkey_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_life"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInRule",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sign_in_rule",
                        serialize=False,
                        to="accounts.client",
                    ),
                ),
                ("second_step", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="AuthenticatorApp",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("sealed_secret", models.BinaryField()),
                ("last_step", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authenticator_app",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_step__gte", 0)), name="authenticator_app_step_is_counted"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("rp_id", models.CharField(max_length=253)),
                ("credential_id", models.BinaryField(max_length=1023)),
                ("credential", models.BinaryField()),
                ("sign_count", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("credential_id",), name="passkey_is_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("sign_count__gte", 0)), name="passkey_counter_is_counted"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="passkey_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "code_hash"), name="recovery_code_is_unique")],
            },
        ),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
