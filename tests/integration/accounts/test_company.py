"""Signing in by a company's own provider: who it sends is who it sent before, and nobody is found by an address."""

from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client, ExternalIdentity, IdentityProvider, Membership, User
from accounts.services.identities import connect
from accounts.services.providers import set_provider, switch_off
from bpo.actors import system
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Actor
from tests.integration.accounts.company import CLIENT_ID, SECRET, Company, company
from tests.integration.accounts.second_steps import ALPHA, BETA, MINE, OPS, code_at, enrolled, give_password, person
from tests.people import PASSWORD

START, BACK, STEP = "/sign-in/company/", "/sign-in/company/back/", "/sign-in/second-step/"
BY = system("tests")


def trusted(there: Company, realm: Client | None, *, new_role: str = "client_user") -> IdentityProvider:
    return set_provider(
        realm=realm, name="Company", issuer=there.issuer, client_id=CLIENT_ID, secret=SECRET, new_role=new_role,
        by=BY, now=timezone.now(),
    )  # fmt: skip


def came(there: Company, host: str, browser: Browser | None = None) -> tuple[Browser, Any]:
    """Somebody goes to the provider and comes back: their browser, and what it was answered."""
    browser = browser or Browser(HTTP_HOST=host)
    away = browser.get(START)
    assert away["Location"].startswith(f"{there.issuer}/authorize?"), away["Location"]
    target = urlsplit(there.page(away["Location"]))
    assert target.netloc == host
    return browser, browser.get(f"{target.path}?{target.query}")


def test_t15_a_clients_sso_that_asserts_anybodys_address_signs_in_nobody_who_is_there(alpha: Any, beta: Any) -> None:
    admin = person("operator_admin", None, "admin@bpo.example")
    other = person("client_user", beta, "boris@beta.example", client_realm=True)
    mine = person("client_approver", alpha, "astrid@alpha.example", client_realm=True)
    with company() as there:
        trusted(there, alpha)
        for number, (email, whose) in enumerate([("admin@bpo.example", admin), ("boris@beta.example", other)]):
            there.claims = {"sub": f"u-{number}", "email": email.upper(), "email_verified": True}
            browser, answer = came(there, ALPHA)
            assert answer["Location"] == "/", email
            new = ExternalIdentity.objects.get(subject=f"u-{number}").user
            assert (new.pk != whose.pk, new.email, new.realm_id) == (True, email, alpha.pk)
            assert list(Membership.objects.filter(user=new).values_list("client", "role")) == [
                (alpha.pk, "client_user")
            ]
            for host in (OPS, BETA):
                elsewhere = Browser(HTTP_HOST=host)
                elsewhere.cookies = browser.cookies
                assert elsewhere.get("/")["Location"].startswith("/sign-in/"), host
        there.claims = {"sub": "u-9", "email": "astrid@alpha.example", "email_verified": True}
        browser, answer = came(there, ALPHA)
        assert answer.status_code == 403
        assert b"Somebody here has that e-mail address already" in answer.content
        assert browser.get("/notices/")["Location"].startswith("/sign-in/")
        assert not mine.external_identities.exists()
        there.claims = {"sub": "u-0", "email": "astrid@alpha.example", "email_verified": True}
        again, answer = came(there, ALPHA)
        assert answer["Location"] == "/", "who was sent before is the same person under any address"
        assert User.objects.get(pk=again.session["_auth_user_id"]).email == "admin@bpo.example"
        assert User.objects.filter(email="admin@bpo.example").count() == 2
        trusted(there, alpha, new_role="")
        there.claims = {"sub": "u-10", "email": "new@alpha.example"}
        answer = came(there, ALPHA)[1]
        assert answer.status_code == 403
        assert b"Nobody here is connected" in answer.content
        assert not User.objects.filter(email="new@alpha.example").exists()
        assert Browser(HTTP_HOST=BETA).get(START).status_code == 404
        with pytest.raises(Refused, match="can't make that kind"):
            trusted(there, None)


def test_a_new_user_gets_a_seat_and_comes_by_the_provider_alone(alpha: Any) -> None:
    with company() as there:
        trusted(there, alpha)
        browser, _ = came(there, ALPHA)
        user = User.objects.get(email="astrid@company.example")
        assert user.name == "Astrid Berg"
        assert not user.has_usable_password()
        assert browser.get("/reports/").status_code == 200
        assert execute(Job.objects.get(kind="console.seat").pk, "console.seat") == "done"
        with enter(alpha.ref()):
            assert Actor.objects.filter(display_name="Astrid Berg").exists()
        assert browser.get("/notices/").status_code == 200
        assert browser.post(f"{MINE}company/disconnect/", follow=True).content.count(b"only way in") == 1
        with time_machine.travel(timezone.now().timestamp() + 901, tick=True):
            assert b"sign out and in again" in browser.get(MINE).content
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert b"Your access has ended" in came(there, ALPHA)[1].content
        switch_off(provider=IdentityProvider.objects.get(), by=BY, now=timezone.now())
        assert Browser(HTTP_HOST=ALPHA).get(START).status_code == 404
        assert b"Sign in with Company" not in Browser(HTTP_HOST=ALPHA).get("/sign-in/").content


def test_staff_connect_it_themselves_and_their_second_step_is_still_asked_for(alpha: Any) -> None:
    lead = person("team_lead", alpha)
    with company() as there:
        trusted(there, None, new_role="")
        assert came(there, OPS)[1].status_code == 403
        browser, _ = give_password(OPS)
        assert b"Sign-in with Company" in browser.get(MINE).content
        assert browser.get(f"{MINE}company/connect/").status_code == 405, "no link connects"
        page = browser.post(f"{MINE}company/connect/")
        target = page.content.decode().split(f'href="{there.issuer}')[1].split('"')[0].replace("&amp;", "&")
        back = urlsplit(there.page(there.issuer + target))
        stranger = Browser(HTTP_HOST=OPS)
        assert stranger.get(f"{back.path}?{back.query}").status_code == 403, "the answer is of the browser that asked"
        assert browser.get(f"{back.path}?{back.query}")["Location"] == MINE
        assert lead.external_identities.get().subject == "u-1"
        assert b"connected" in browser.get(MINE).content
        fresh, answer = came(there, OPS)
        assert answer["Location"] == "/"
        assert fresh.get("/").status_code == 200
        secret, _ = enrolled(fresh)
        again, answer = came(there, OPS)
        assert answer["Location"] == STEP
        assert again.get("/")["Location"].startswith("/sign-in/")
        assert again.post(STEP, {"code": code_at(secret, steps=1)})["Location"] == "/"
        other = person("agent", alpha, "agent@bpo.example")
        with pytest.raises(Refused, match="connected already"):
            connect(user=other, provider=IdentityProvider.objects.get(), subject="u-1", by=BY, now=timezone.now())
        browser.post(f"{MINE}company/disconnect/")
        assert came(there, OPS)[1].status_code == 403


def test_an_answer_that_is_not_the_one_asked_for_signs_nobody_in(alpha: Any, beta: Any) -> None:
    with company() as there:
        for client in (alpha, beta):
            trusted(there, client)
        browser, _ = came(there, ALPHA)
        assert browser.get(f"{BACK}?code=code-0&state=x").status_code == 403, "spent"
        for token in (
            {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"iss": "http://evil.example"},
            {"exp": 1}, {"exp": None}, {"sub": None}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 7},
            {"aud": [CLIENT_ID, "b"]}, {"azp": "b"}, {"iat": None},
        ):  # fmt: skip
            there.token = token
            assert came(there, ALPHA)[1].status_code == 403, token
        there.token = {}
        for wrong in ("forged", "unsigned"):
            setattr(there, wrong, True)
            assert came(there, ALPHA)[1].status_code == 403, wrong
            setattr(there, wrong, False)
        for claims in (
            {"sub": "n"},
            {"sub": "n", "email": "no"},
            {"sub": "n", "email": "a@b.example", "email_verified": False},
        ):
            there.claims = claims
            assert b"no e-mail address" in came(there, ALPHA)[1].content, claims
        away = Browser(HTTP_HOST=ALPHA)
        target = urlsplit(there.page(away.get(START)["Location"]))
        elsewhere = Browser(HTTP_HOST=BETA)
        elsewhere.cookies = away.cookies
        assert elsewhere.get(f"{target.path}?{target.query}").status_code == 403, "asked at alpha, answered at beta"
        state = parse_qs(target.query)["state"][0]
        late = Browser(HTTP_HOST=ALPHA)
        target = urlsplit(there.page(late.get(START)["Location"]))
        assert late.get(f"{target.path}?code=code-1&state={state}").status_code == 403, "another browser's state"
        target = urlsplit(there.page(late.get(START)["Location"]))
        with time_machine.travel(timezone.now().timestamp() + 601, tick=True):
            assert late.get(f"{target.path}?{target.query}").status_code == 403, "too late"
    assert User.objects.filter(realm=alpha).count() == 1
    with company() as gone:
        pass
    for issuer, words in ((gone.issuer, "doesn't answer"), ("ftp://x", "no issuer"), ("http://a@b", "no issuer")):
        with pytest.raises(Refused, match=words):
            set_provider(
                realm=beta, name="C", issuer=issuer, client_id="c", secret="s", new_role="", by=BY, now=timezone.now()
            )
    with company() as odd:
        odd.document = {"issuer": "http://evil.example"}
        with pytest.raises(Refused, match="another issuer"):
            trusted(odd, beta)
        odd.document = {"token_endpoint": "file:///etc/passwd"}
        with pytest.raises(Refused, match="not https"):
            trusted(odd, beta)


def test_the_command_sets_a_provider_and_switches_it_off(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with company() as there:
        said = StringIO()
        monkeypatch.setattr("sys.stdin", StringIO(f"{SECRET}\n"))
        how = {"issuer": there.issuer, "client_id": CLIENT_ID, "name": "Company", "stdout": said}
        call_command("set_identity_provider", "--client", "alpha", "--new-role", "client_user", **how)
        assert "http://alpha.bpo.test/sign-in/company/back/" in said.getvalue()
        provider = IdentityProvider.objects.get()
        assert SECRET.encode() not in bytes(provider.sealed_secret)
        assert b"Sign in with Company" in Browser(HTTP_HOST=ALPHA).get("/sign-in/").content
        assert came(there, ALPHA)[1]["Location"] == "/"
        monkeypatch.setattr("sys.stdin", StringIO("other\n"))
        with pytest.raises(CommandError, match="new_role"):
            call_command("set_identity_provider", "--staff", "--new-role", "client_user", **how)
        call_command("set_identity_provider", "--client", "alpha", "--off", stdout=said)
        with pytest.raises(CommandError, match="no provider"):
            call_command("set_identity_provider", "--client", "alpha", "--off", stdout=said)


@pytest.mark.services
def test_the_database_keeps_identities_in_their_realm(alpha: Any, beta: Any) -> None:
    person("team_lead", alpha)
    person("client_user", beta, "boris@beta.example", client_realm=True)
    with company() as there:
        provider = trusted(there, alpha)
        assert came(there, ALPHA)[1]["Location"] == "/"
    insert = (
        "INSERT INTO accounts_externalidentity (id, provider_id, subject, user_id, made_at) "
        "SELECT gen_random_uuid(), %s, 'x', id, now() FROM accounts_user WHERE email = %s"
    )
    attacks = [
        (insert, [provider.pk, "lead@bpo.example"], "stays in the realm"),
        (insert, [provider.pk, "boris@beta.example"], "stays in the realm"),
        ("UPDATE accounts_externalidentity SET user_id = (SELECT id FROM accounts_user WHERE email = 'lead@bpo.example')", [], "never changes"),
        ("UPDATE accounts_externalidentity SET subject = 'x'", [], "never changes"),
        ("UPDATE accounts_identityprovider SET realm_id = %s", [beta.pk], "never change"),
        ("UPDATE accounts_identityprovider SET issuer = 'https://evil.example'", [], "never change"),
        ("UPDATE accounts_identityprovider SET new_role = 'operator_admin'", [], "provider_new_role_is_known"),
    ]  # fmt: skip
    for statement, values, words in attacks:
        with transaction.atomic(), connection.cursor() as cursor, pytest.raises(IntegrityError, match=words):
            cursor.execute(statement, values)
    same = User.objects.create(email="own@alpha.example", name="Own", realm=alpha, created_at=timezone.now())
    with connection.cursor() as cursor:  # the same statements where they may
        cursor.execute(insert, [provider.pk, same.email])
        cursor.execute("UPDATE accounts_externalidentity SET last_used_at = now()")
        cursor.execute("UPDATE accounts_identityprovider SET name = 'New name', new_role = ''")
        assert cursor.rowcount == 1
    for table in ("externalidentity", "identityprovider"):
        with enter(alpha.ref()), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="denied"):
            cursor.execute(f"SELECT * FROM public.accounts_{table}")
    assert PASSWORD  # staff keep theirs
