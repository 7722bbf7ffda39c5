"""Another master key: everybody still comes in, what was sealed is sealed anew, and the key before can go."""

from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from accounts.models import AuthenticatorApp, IdentityProvider, RecoveryCode
from accounts.oidc import SECRET as PROVIDER
from accounts.services.second_step import _hash
from bpo import env
from bpo.actors import system
from bpo.audit.models import Entry as AtAlpha
from bpo.data_classes import managed_models
from bpo.ops_audit.models import Entry
from bpo.sealing import seal, unseal
from bpo.tenancy.backend.base import store
from bpo.tenancy.context import enter
from bpo.tenancy.provisioning import renew_passwords
from bpo.tenancy.secrets import password_for
from bpo.webhooks.models import Endpoint
from bpo.webhooks.services import PURPOSE as WEBHOOK
from bpo.webhooks.services import create_endpoint, secrets_of
from console.rotation import AT_CLIENTS, IN_PUBLIC
from interactions.models import Actor
from tests.integration.accounts.second_steps import OPS, code_at, enrolled, give_password, person
from tests.people import PASSWORD

STEP = "/sign-in/second-step/"
BY = system("tests")
OLD, NEW = "a master key before, of more than 32 letters", "the master key of now, of more than 32 letters"


def rotated() -> str:
    out = StringIO()
    call_command("rotate_master_key", stdout=out)
    return out.getvalue()


def test_codes_and_apps_of_a_key_before_still_let_in_and_secrets_are_sealed_anew(alpha: Any, beta: Any) -> None:
    here = settings.DB_MASTER_KEY  # the roles of this server keep it: other tests log in beside this one
    lead = person("team_lead", alpha)
    secret, codes = enrolled(give_password(OPS)[0])
    provider = IdentityProvider.objects.create(
        realm=alpha, name="C", issuer="https://login.example", client_id="c", sealed_secret=b"-",
        made_at=timezone.now(),
    )  # fmt: skip
    with enter(alpha.ref()):
        told, _clear = create_endpoint(
            url="https://hooks.example/in", events=["evaluation.released"], by=BY, now=timezone.now()
        )
    with override_settings(DB_MASTER_KEY=OLD):  # as the key before left them
        app = AuthenticatorApp.objects.get()
        AuthenticatorApp.objects.all().delete()
        app.sealed_secret = seal(secret, purpose="authenticator app", about=lead.pk)
        app.save(force_insert=True)
        IdentityProvider.objects.update(sealed_secret=seal("s3cret", purpose=PROVIDER, about=provider.pk))
        with enter(alpha.ref()):
            Endpoint.objects.update(
                sealed_secret=seal("whsec", purpose=WEBHOOK, about=told.pk),
                sealed_before=seal("before", purpose=WEBHOOK, about=told.pk),
                before_until=timezone.now() + timedelta(hours=1),
            )
        RecoveryCode.objects.all().delete()
        RecoveryCode.objects.create(user=lead, code_hash=_hash(lead, codes[0].replace("-", "")), made_at=timezone.now())
    browser, _ = give_password(OPS)
    assert browser.post(STEP, {"code": code_at(secret, steps=1)}).status_code == 422, "the key before isn't known"
    with pytest.raises(CommandError, match="3 secrets open under no key"):
        rotated()
    with override_settings(DB_MASTER_KEY_FALLBACKS=["another one", OLD]):
        assert browser.post(STEP, {"code": code_at(secret, steps=1)}).status_code == 302
        again, _ = give_password(OPS)
        assert again.post(STEP, {"code": codes[0]}).status_code == 302
        RecoveryCode.objects.create(user=lead, code_hash="x" * 64, made_at=timezone.now())
        said = rotated()
        assert "3 database roles have the passwords of the key of now." in said
        assert "3 secrets were sealed anew, 0 were already." in said
        assert "1 unused recovery codes" in said
        assert "0 secrets were sealed anew, 3 were already." in rotated()
    assert here == settings.DB_MASTER_KEY
    kept = AuthenticatorApp.objects.get()
    assert (kept.pk, kept.made_at) == (app.pk, app.made_at)
    assert kept.last_step > app.last_step, "and no code is taken twice"
    assert unseal(bytes(kept.sealed_secret), purpose="authenticator app", about=lead.pk) == secret
    assert unseal(bytes(IdentityProvider.objects.get().sealed_secret), purpose=PROVIDER, about=provider.pk) == "s3cret"
    with enter(alpha.ref()):
        assert secrets_of(Endpoint.objects.get(), timezone.now()) == ["whsec", "before"]
        assert AtAlpha.objects.filter(action="secret.resealed").count() == 1
    lines = Entry.objects.filter(action="secret.resealed").order_by("seq")
    assert {line.target_type for line in lines} == {"accounts.AuthenticatorApp", "accounts.IdentityProvider"}
    assert "s3cret" not in str([line.detail for line in lines])
    assert PASSWORD


@pytest.mark.services
def test_a_client_is_entered_by_the_key_before_until_its_role_has_the_new_password(gamma: Any) -> None:
    if settings.DB_AUTH == "peer":
        assert password_for(gamma.role_name)  # no role has one there
        return
    before = password_for(gamma.role_name)
    with override_settings(DB_MASTER_KEY=NEW, DB_MASTER_KEY_FALLBACKS=["another one", settings.DB_MASTER_KEY]):
        after = password_for(gamma.role_name)
        store.clear()
        with enter(gamma.ref()):
            assert not Actor.objects.exists(), "by the key before"
        assert (logs_in(gamma, before), logs_in(gamma, after)) == (True, False)
        assert renew_passwords([gamma.role_name]) == 1
        assert (logs_in(gamma, before), logs_in(gamma, after)) == (False, True)
        store.clear()
        with enter(gamma.ref()):
            assert not Actor.objects.exists(), "by the key of now, while `app` still comes by the one before"
        store.clear()


def logs_in(client: Any, password: str) -> bool:
    found = settings.DATABASES["default"]
    try:
        psycopg.connect(
            dbname=found["NAME"], host=found["HOST"], port=found["PORT"] or None, user=client.role_name,
            password=password,
        ).close()  # fmt: skip
    except psycopg.OperationalError:
        return False
    return True


def test_whatever_is_sealed_is_sealed_anew() -> None:
    kept = {
        (model, field.name)
        for model in managed_models()
        for field in model._meta.concrete_fields
        if field.name.startswith("sealed_") and field.get_internal_type() == "BinaryField"
    }
    assert kept == {(one.model, name) for one in (*IN_PUBLIC, *AT_CLIENTS) for name in one.fields}


def test_keys_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_DB_MASTER_KEY_FALLBACKS", " one , ,two")
    assert env.words("BPO_DB_MASTER_KEY_FALLBACKS") == ["one", "two"]
    monkeypatch.delenv("BPO_DB_MASTER_KEY_FALLBACKS")
    assert env.words("BPO_DB_MASTER_KEY_FALLBACKS") == []
