"""Attacks by host, cookie and token: what one client's host gave is nothing on another's."""

from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import HandOff, Membership
from accounts.services import make_handoff
from accounts.services.domains import claim_host, leave_claim, prove
from accounts.services.handoff import NoHandOff
from accounts.services.memberships import end
from bpo.actors import system
from bpo.tenancy.context import NoClient, current_client, enter
from interactions.models import Queue
from tests.integration.accounts import test_hosts_and_sessions as hosts
from tests.integration.qa.build import interaction
from tests.name_server import name_server
from tests.people import sign_in

OWN = ("alpha.bpo.test", "ALPHA.bpo.test", "alpha.bpo.test:8000")
NOT_FOUND = (
    "alpha.bpo.test.", "www.alpha.bpo.test", "alpha.bpo.test\x00", "[::1]", "alpha.bpo.test,beta.bpo.test",
    "beta.bpo.test@alpha.bpo.test", "alpha.bpo.test/../beta", "127.0.0.1", "",
)  # fmt: skip


def test_t01_a_session_of_a_is_nobody_on_b(alpha: Any, beta: Any) -> None:
    hosts.test_a_session_of_one_client_is_nobody_on_another(alpha, beta)


@pytest.mark.parametrize("host", OWN)
def test_t04_another_writing_of_a_host_is_the_same_client(alpha: Any, beta: Any, host: str) -> None:
    page = Browser(HTTP_HOST=host).get("/sign-in/")
    assert b"Alpha" in page.content
    assert b"Beta" not in page.content


@pytest.mark.parametrize("host", NOT_FOUND)
def test_t04_a_host_that_is_no_clients_is_a_plain_404(alpha: Any, beta: Any, host: str) -> None:
    answer = Browser(HTTP_HOST=host).get("/sign-in/")
    assert (answer.status_code, answer.content) == (404, b"Not found\n")


@pytest.mark.parametrize(
    "header",
    ["HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_FORWARDED", "HTTP_X_FORWARDED_SERVER", "HTTP_X_ORIGINAL_HOST"],
)
def test_t04_no_other_header_chooses_the_client(alpha: Any, beta: Any, header: str) -> None:
    value = "host=beta.bpo.test" if header == "HTTP_FORWARDED" else "beta.bpo.test"
    page = Browser(HTTP_HOST="alpha.bpo.test", **{header: value}).get("/sign-in/")
    assert b"Alpha" in page.content
    assert b"Beta" not in page.content


def test_t06_a_name_that_b_proved_is_not_as_and_one_that_b_left_needs_a_proof_of_its_own(alpha: Any, beta: Any) -> None:
    name, now, by = "care.acme.example", timezone.now(), system("tests")
    record = f"_bpo.{name}"
    with name_server() as names:
        theirs = claim_host(client=beta, host=name, by=by, now=now)
        early = claim_host(client=alpha, host=name, by=by, now=now)  # nobody holds it yet
        names.records = {record: [theirs.record_value]}
        assert prove(claim=theirs, by=by, now=now)
        assert not prove(claim=early, by=by, now=now)  # B's proof is not A's
        names.records = {record: [theirs.record_value, early.record_value]}
        assert not prove(claim=early, by=by, now=now)  # and B holds it
        leave_claim(claim=early, reason="x", by=by, now=now)
        with pytest.raises(Refused, match="is Beta's"):
            claim_host(client=alpha, host=name, by=by, now=now)
        host = Browser(HTTP_HOST=name)
        assert b"Beta" in host.get("/sign-in/").content
        leave_claim(claim=theirs, reason="x", by=by, now=now)
        assert host.get("/sign-in/").content == b"Not found\n"  # the address still leads here, and to nobody
        mine = claim_host(client=alpha, host=name, by=by, now=now)
        assert mine.token not in {theirs.token, early.token}
        assert not prove(claim=mine, by=by, now=now)  # records that were left behind prove nothing
        assert host.get("/sign-in/").status_code == 404
        names.records = {record: [mine.record_value]}
        assert prove(claim=mine, by=by, now=now)
        assert b"Alpha" in host.get("/sign-in/").content
        again = claim_host(client=beta, host="beta.acme.example", by=by, now=now)
        assert again.token != theirs.token


def who() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user::text")
        return str(cursor.fetchone()[0])


def test_t08_a_view_that_raises_in_mid_transaction_leaves_nothing_to_the_next(alpha: Any, beta: Any) -> None:
    first, second = sign_in("alpha", "team_lead"), sign_in("beta", "team_lead")
    with enter(beta.ref()):
        Queue.objects.create(key="billing", name="Billing")
        interaction(None, "of beta")

    def breaks(*_: Any, **__: Any) -> None:
        transaction.atomic().__enter__()
        Queue.objects.create(key="half", name="Half written")
        raise ZeroDivisionError

    first.raise_request_exception = False
    with mock.patch("interactions.api.interactions", breaks):
        assert first.get("/api/v1/interactions/").status_code == 500
    assert who().endswith("_app")
    with pytest.raises(NoClient):
        current_client()
    [row] = second.get("/api/v1/interactions/").json()["results"]
    assert row["external_id"] == "of beta"
    assert who().endswith("_app")
    with enter(alpha.ref()):
        assert not Queue.objects.filter(key="half").exists()


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "/\\evil.example/", "\\\\evil.example", "https://evil.example/", "/\t/evil.example"]
)
def test_a_hand_off_leads_to_the_client_and_nowhere_else(alpha: Any, wanted: str) -> None:
    hosts.person("team_lead", alpha)
    crossing = hosts.sign_in(hosts.OPS).post("/cross/alpha/", {"next": wanted})
    there = urlsplit(crossing["Location"])
    assert Browser(HTTP_HOST=there.netloc).get(f"{there.path}?{there.query}")["Location"] == "/"


def test_t09_a_token_of_a_is_refused_by_b(alpha: Any, beta: Any) -> None:
    hosts.test_a_token_of_one_client_is_refused_by_another(alpha, beta)


@pytest.mark.parametrize(
    "header", ["Bearer ", "Bearer x.y.z", "Bearer eyJhbGciOiJub25lIn0.eyJjbGllbnQiOiJiZXRhIn0.", "Basic YTpi"]
)
def test_t09_a_forged_claim_is_no_token(alpha: Any, header: str) -> None:
    answer = Browser(HTTP_HOST="alpha.bpo.test", HTTP_AUTHORIZATION=header).get("/api/v1/interactions/")
    assert answer.status_code == 401


def test_t17_a_code_leads_members_alone_once_and_for_seconds(alpha: Any, beta: Any) -> None:
    user = hosts.person("agent", alpha)
    browser = hosts.sign_in(hosts.OPS)
    assert browser.post("/cross/beta/").status_code == browser.post("/cross/nobody/").status_code == 404
    with pytest.raises(NoHandOff):
        make_handoff(user=user, client=beta)

    def arrives(query: str, host: str = hosts.ALPHA) -> int:
        return int(Browser(HTTP_HOST=host).get(f"/arrive/?{query}").status_code)

    def code() -> str:
        return urlsplit(browser.post("/cross/alpha/")["Location"]).query

    query = code()
    assert [arrives(query, hosts.BETA), arrives(query), arrives(query)] == [403, 302, 403]
    query = code()
    HandOff.objects.filter(used_at=None).update(expires_at=F("expires_at") - timedelta(seconds=60))
    assert arrives(query) == 403
    query = code()
    end(membership=Membership.objects.get(user=user), by=system("tests"), now=timezone.now())
    taken_away = Browser(HTTP_HOST=hosts.ALPHA)
    taken_away.get(f"/arrive/?{query}")
    assert taken_away.get("/notices/").status_code == 404
    assert browser.post("/cross/alpha/").status_code != 302
