"""Open sessions and links by mail: of one realm and host, used once, and not changed after they are made."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import bpo.ids

GUARDS = """
CREATE FUNCTION public.accounts_session_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE home uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT realm_id INTO home FROM public.accounts_user WHERE id = NEW.user_id;
        IF home IS NOT NULL AND home IS DISTINCT FROM NEW.client_id THEN
            RAISE EXCEPTION 'a user of one realm is let in on that realm''s host alone'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_in_stays_in_realm';
        END IF;
    ELSIF (OLD.user_id, OLD.client_id, OLD.opened_at, OLD.ends_at)
        IS DISTINCT FROM (NEW.user_id, NEW.client_id, NEW.opened_at, NEW.ends_at) THEN
        RAISE EXCEPTION 'a session keeps its user, host and end'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_stays_as_opened';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_session_guard() FROM PUBLIC;
CREATE TRIGGER session_stays_as_opened BEFORE INSERT OR UPDATE ON public.accounts_opensession
    FOR EACH ROW EXECUTE FUNCTION public.accounts_session_guard();

CREATE FUNCTION public.accounts_link_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE home uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT realm_id INTO home FROM public.accounts_user WHERE id = NEW.user_id;
        IF NEW.user_id IS NOT NULL AND home IS DISTINCT FROM NEW.realm_id THEN
            RAISE EXCEPTION 'a user of one realm is let in on that realm''s host alone'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_in_stays_in_realm';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.used_at IS NOT NULL OR OLD.ended_at IS NOT NULL THEN
        IF (OLD.used_at, OLD.ended_at) IS DISTINCT FROM (NEW.used_at, NEW.ended_at) THEN
            RAISE EXCEPTION 'a link is used or taken back once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'link_is_spent_once';
        END IF;
    END IF;
    IF (OLD.purpose, OLD.user_id, OLD.realm_id, OLD.token_hash, OLD.created_at, OLD.expires_at)
        IS DISTINCT FROM (NEW.purpose, NEW.user_id, NEW.realm_id, NEW.token_hash, NEW.created_at, NEW.expires_at) THEN
        RAISE EXCEPTION 'a link keeps its purpose, user, realm, token and end'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'link_stays_as_made';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.accounts_link_guard() FROM PUBLIC;
CREATE TRIGGER link_stays_as_made BEFORE INSERT OR UPDATE ON public.accounts_signinlink
    FOR EACH ROW EXECUTE FUNCTION public.accounts_link_guard();
"""
BACK = """
DROP TRIGGER link_stays_as_made ON public.accounts_signinlink;
DROP FUNCTION public.accounts_link_guard();
DROP TRIGGER session_stays_as_opened ON public.accounts_opensession;
DROP FUNCTION public.accounts_session_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_token_expiry"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("agent", models.CharField(blank=True, default="", max_length=60)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to="accounts.client",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="session_ends_after_it_opened"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen_at__gte", models.F("opened_at"))), name="session_seen_since_it_opened"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key_hash__regex", "^[0-9a-f]{64}$")), name="session_key_is_a_hash"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                ("id", models.UUIDField(default=bpo.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(choices=[("invitation", "invitation"), ("reset", "new password")], max_length=12),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("address_hash", models.CharField(max_length=64)),
                ("asked_from", models.GenericIPAddressField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "realm",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_links",
                        to="accounts.client",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["address_hash", "created_at"], name="links_by_address"),
                    models.Index(fields=["asked_from", "created_at"], name="links_by_asker"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["invitation", "reset"])), name="link_purpose_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="link_expires_after_creation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "expires_at__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("created_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                                    ),
                                ),
                                ("purpose", "reset"),
                            ),
                            models.Q(
                                (
                                    "expires_at__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("created_at"), "+", models.Value(datetime.timedelta(days=7))
                                    ),
                                ),
                                ("purpose", "invitation"),
                            ),
                            _connector="OR",
                        ),
                        name="link_lives_as_long_as_its_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at", None),
                            models.Q(
                                ("used_at__gte", models.F("created_at")),
                                ("used_at__lt", models.F("expires_at")),
                                ("user__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="link_used_while_it_was_good",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("ended_at", None), _connector="OR"),
                        name="link_used_or_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("purpose", "invitation"), _negated=True), ("user__isnull", False), _connector="OR"
                        ),
                        name="link_invites_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("used_at", None)),
                        fields=("user", "purpose"),
                        name="link_is_one_open_per_user",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, BACK),
    ]
