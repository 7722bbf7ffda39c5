"""A client's own host names: claimed on its page, proven by a real name server, live, primary, left."""

import secrets
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Claim, Client, Domain
from accounts.services.domains import claim_host, leave_claim, prove
from bpo.actors import By
from bpo.links import client_link
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.hosts import cache, resolve
from bpo.ui.pseudo import pseudo_locale, untranslated
from console.deletions import clear_public
from tests.integration.accounts import test_hosts_and_sessions as hosts
from tests.integration.console.operators import operator
from tests.name_server import FAILS, SILENT, name_server
from tests.own_domains import own_domain
from tests.people import PASSWORD, sign_in
from tests.statements import statements

HOST = "care.acme.example"
PAGE = "/clients/alpha/domains/"
BY = By("operator", "Ewelina")


def claimed(client: Any, host: str = HOST) -> Claim:
    return claim_host(client=client, host=host, by=BY, now=timezone.now())


def page(browser: Browser, status: int = 200) -> str:
    answer = browser.get(PAGE)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_name_is_claimed_proven_made_primary_and_left(alpha: Any) -> None:
    browser = operator()
    assert browser.post(PAGE, {"host": " Care.ACME.example. "}).status_code == 302
    claim = Claim.objects.get()
    shown = page(browser)
    assert claim.host == HOST
    assert f"_bpo.{HOST}" in shown
    assert f"bpo-proof={claim.token}" in shown
    here = f"{PAGE}{claim.pk}"
    assert Browser(HTTP_HOST=HOST).get("/sign-in/").status_code == 404  # a claim alone is nothing
    assert browser.post(f"{here}/primary/").status_code == 409
    with name_server() as names:
        for record, said in (
            (None, f"DNS knows no name _bpo.{HOST}."),
            ([], f"_bpo.{HOST} has no TXT record."),
            (["v=spf1 -all", "bpo-proof=another"], "“bpo-proof=another”, “v=spf1 -all”"),
            (SILENT, "DNS did not answer within 1 second."),
            (FAILS, "The name servers refused or failed"),
        ):
            names.records = {} if record is None else {f"_bpo.{HOST}": record}
            assert browser.post(f"{here}/check/").status_code == 302
            assert said in page(browser), record
            assert not Domain.objects.filter(domain=HOST).exists()
        names.records = {f"_bpo.{HOST}": ["v=spf1 -all", claim.record_value]}
        browser.post(f"{here}/check/")
    assert "is proven and live" in page(browser)
    assert b"Alpha" in Browser(HTTP_HOST=HOST).get("/sign-in/").content
    assert browser.post(f"{here}/check/").status_code == 409
    alpha.refresh_from_db()
    assert alpha.primary_host == "alpha.bpo.test"
    assert browser.post(f"{here}/primary/").status_code == 302
    alpha.refresh_from_db()
    with enter(alpha.ref()):
        assert client_link("/x/") == f"http://{HOST}/x/"
    # People of the client sign in there; staff cross to the built-in host.
    sign_in("alpha", "client_user", email="cu@alpha.example")
    own = Browser(HTTP_HOST=HOST)
    assert own.post("/sign-in/", {"email": "cu@alpha.example", "password": PASSWORD}).status_code == 302
    assert own.get("/notices/").status_code == 200
    hosts.person("team_lead", alpha)
    assert hosts.sign_in(hosts.OPS).post("/cross/alpha/")["Location"].startswith("http://alpha.bpo.test/arrive/?code=")
    assert browser.get(f"{here}/leave/").status_code == 200
    assert browser.post(f"{here}/leave/", {"reason": ""}).status_code == 422
    assert browser.post(f"{here}/leave/", {"reason": "They renamed it"}).status_code == 302
    assert own.get("/notices/").status_code == 404  # at once, with a session that lives
    alpha.refresh_from_db()
    assert alpha.primary_host == "alpha.bpo.test"
    assert browser.get(f"{here}/leave/").status_code == 404
    told = list(Entry.objects.filter(action__startswith="domain.").order_by("seq").values_list("action", flat=True))
    assert told == ["domain.claimed", "domain.proven", "domain.made_primary", "domain.left"]


def test_what_can_not_be_claimed_is_said_beside_the_field(alpha: Any, beta: Any) -> None:
    browser = operator()
    own_domain(beta, HOST)
    claimed(alpha, "other.acme.example")
    for host, said in (
        ("https://care.acme.example/", "That is no host name."), ("192.0.2.1", "That is an address"),
        ("care", "That is one word."), ("gamma.bpo.test", "Names under bpo.test are ours."),
        ("co.uk", "That belongs to everybody."), (HOST, "care.acme.example is Beta&#x27;s."),
        ("other.acme.example", "It has claimed other.acme.example already."), ("a\x00b.example", "Null characters"),
    ):  # fmt: skip
        answer = browser.post(PAGE, {"host": host})
        assert answer.status_code == 422, host
        assert said in answer.content.decode(), host
    assert Claim.objects.filter(client=alpha).count() == 1
    for path in ("check", "primary", "leave"):  # a claim of another client is a missing one
        theirs = Claim.objects.get(client=beta)
        assert browser.post(f"{PAGE}{theirs.pk}/{path}/", {"reason": "x"}).status_code == 404
    Client.objects.filter(pk=alpha.pk).update(zone="UTC")
    with as_owner():
        Client.objects.filter(pk=alpha.pk).update(status="archived")
    alpha.refresh_from_db()
    with pytest.raises(Refused, match="The client is closed"):
        claimed(alpha, "third.acme.example")


def test_of_two_that_prove_one_name_the_second_is_told(alpha: Any, beta: Any) -> None:
    first, second = claimed(alpha), claimed(beta)
    now = timezone.now()
    assert prove(claim=first, by=BY, now=now, look=lambda _: [first.record_value])
    assert not prove(claim=second, by=BY, now=now, look=lambda _: [first.record_value, second.record_value])
    second.refresh_from_db()
    assert second.problem == "Another client holds this host name."
    assert resolve(HOST) == Client.objects.get(pk=alpha.pk).ref()


def test_another_process_forgets_a_name_that_was_left_at_once(alpha: Any) -> None:
    """What another process remembers is this cache with nobody to clear it."""
    own_domain(alpha, HOST)
    assert resolve(HOST) is not None
    clear, cache.clear = cache.clear, lambda: None  # type: ignore[method-assign]
    try:
        leave_claim(claim=Claim.objects.get(), reason="x", by=BY, now=timezone.now())
        assert resolve(HOST) is None
    finally:
        cache.clear = clear  # type: ignore[method-assign]


def token() -> str:
    return secrets.token_urlsafe(32)


def test_the_database_lets_no_name_live_without_its_proof(alpha: Any, beta: Any) -> None:
    """As app, which serves the web: each statement that goes wrong beside the one that may."""
    waiting, proven = claimed(alpha, "waiting.acme.example"), own_domain(alpha, "proven.acme.example").claim
    ended = own_domain(alpha, "ended.acme.example").claim
    assert proven is not None
    assert ended is not None
    leave_claim(claim=ended, reason="x", by=BY, now=timezone.now())

    def insert(domain: str, client: Any, claim: Claim | None) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_domain (domain, is_primary, tenant_id, claim_id) VALUES (%s, false, %s, %s)",
                [domain, client.pk, claim.pk if claim else None],
            )

    for domain, client, claim in (
        ("evil.example", alpha, None), ("alpha.evil.example", alpha, None), ("beta.bpo.test2", beta, None),
        (waiting.host, alpha, waiting), (ended.host, alpha, ended), (proven.host, beta, proven),
        ("evil.example", alpha, proven),
    ):  # fmt: skip
        with pytest.raises(IntegrityError) as caught:
            insert(domain, client, claim)
        assert isinstance(caught.value.__cause__, psycopg.errors.CheckViolation), domain
    Domain.objects.filter(claim=proven).delete()
    insert(proven.host, alpha, proven)
    Domain.objects.filter(domain="alpha.bpo.test").delete()
    insert("alpha.bpo.test", alpha, None)

    def change(statement: str, *values: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    for statement in (
        "UPDATE accounts_domain SET domain = 'evil.example' WHERE claim_id IS NULL",
        "UPDATE accounts_domain SET claim_id = NULL WHERE claim_id IS NOT NULL",
        "UPDATE accounts_claim SET left_at = now() WHERE host = 'proven.acme.example'",
        "UPDATE accounts_claim SET proven_at = NULL WHERE host = 'proven.acme.example'",
        "UPDATE accounts_claim SET host = 'evil.example' WHERE host = 'waiting.acme.example'",
        "UPDATE accounts_claim SET left_at = NULL WHERE host = 'ended.acme.example'",
        f"UPDATE accounts_claim SET token = '{token()}' WHERE host = 'waiting.acme.example'",
        f"UPDATE accounts_claim SET client_id = '{beta.pk}' WHERE host = 'waiting.acme.example'",
    ):
        with pytest.raises(IntegrityError) as caught:
            change(statement)
        assert isinstance(caught.value.__cause__, psycopg.errors.CheckViolation), statement
    with pytest.raises(IntegrityError) as twice:
        own_domain(beta, proven.host)
    assert isinstance(twice.value.__cause__, psycopg.errors.UniqueViolation)
    with pytest.raises(DatabaseError, match="only the owner"):
        change("UPDATE accounts_client SET home_host = 'evil.example' WHERE key = 'alpha'")
    with as_owner(), pytest.raises(IntegrityError, match="the built-in host of a client never changes"):
        change("UPDATE accounts_client SET home_host = 'evil.example' WHERE key = 'alpha'")
    with pytest.raises(IntegrityError, match="domain_is_primary_once"):
        change("UPDATE accounts_domain SET is_primary = true WHERE tenant_id = %s", alpha.pk)
    change("UPDATE accounts_claim SET left_at = now() WHERE host = 'waiting.acme.example'")
    for table in ("accounts_domain", "accounts_claim"):
        with enter(alpha.ref()), pytest.raises(DatabaseError) as refused:
            change(f"SELECT * FROM public.{table}")
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_claim_is_not_left_while_its_domain_is_being_made(alpha: Any) -> None:
    """Who leaves waits for who goes live, and then finds the domain."""
    from tests.database import owner_parameters

    now = timezone.now()
    claim = Claim.objects.create(client=alpha, host=HOST, token=token(), asked_at=now, proven_at=now)
    name = connection.settings_dict["NAME"]
    other = psycopg.connect(**{key: value for key, value in owner_parameters(name).items() if value is not None})
    try:
        other.execute("SET lock_timeout = '300ms'")
        with transaction.atomic():
            Domain.objects.bulk_create([Domain(domain=HOST, tenant=alpha, claim=claim, is_primary=False)])
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("UPDATE accounts_claim SET left_at = now() WHERE id = %s", [claim.pk])
        with pytest.raises(psycopg.errors.CheckViolation, match="while its domain is live"):
            other.execute("UPDATE accounts_claim SET left_at = now() WHERE id = %s", [claim.pk])
    finally:
        other.close()


def test_names_go_with_a_deleted_client(gamma: Any) -> None:
    own_domain(gamma, HOST)
    claimed(gamma, "waiting.acme.example")
    with as_owner(), transaction.atomic():
        clear_public(gamma, timezone.now())
    assert not Claim.objects.filter(client=gamma).exists()
    assert not Domain.objects.filter(tenant=gamma).exists()
    assert resolve(HOST) is None


def test_the_page_sends_the_same_statements_at_1_and_3_names_and_can_be_translated(alpha: Any) -> None:
    browser = operator()

    def more(*numbers: int) -> None:
        for n in numbers:
            own_domain(alpha, f"live{n}.acme.example")
            claimed(alpha, f"waits{n}.acme.example")
            leave_claim(claim=claimed(alpha, f"left{n}.acme.example"), reason="x", by=BY, now=timezone.now())

    more(1)
    page(browser)
    one = statements(lambda: page(browser))
    more(2, 3)
    assert statements(lambda: page(browser)) == one == 5
    claim = Claim.objects.filter(left_at=None).first()
    assert claim is not None
    with pseudo_locale():
        found = {
            path: set(untranslated(browser.get(path).content.decode())) - {"· Alpha"}
            for path in (PAGE, f"{PAGE}{claim.pk}/leave/")
        }
    assert {path: texts for path, texts in found.items() if texts} == {}
