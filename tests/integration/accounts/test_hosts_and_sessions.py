"""Hosts, sign-in, hand-off, and sessions that belong to one host."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import HandOff, User
from accounts.services import create_token
from bpo.actors import system
from bpo.ops_audit.models import Entry
from console.people import open_account

PASSWORD = "a long enough one"
OPS, ALPHA, BETA = "ops.bpo.test", "alpha.bpo.test", "beta.bpo.test"


def person(role: str, client: Any, email: str = "lead@bpo.example", *, client_realm: bool = False) -> User:
    return open_account(
        email=email, name="Maricel", password=PASSWORD, role=role, client=client, client_realm=client_realm,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip


def sign_in(host: str, email: str = "lead@bpo.example", password: str = PASSWORD) -> Browser:
    browser = Browser(HTTP_HOST=host)
    browser.post("/sign-in/", {"email": email, "password": password})
    return browser


@pytest.mark.parametrize(
    "host",
    ["other.bpo.test", "bpo.test", "alpha.bpo.test.", "alpha.bpo.test\x00", "[::1]", "a b", "", "alpha.bpo.test:80:80"],
)
def test_an_unknown_host_is_a_plain_404(alpha: Any, host: str) -> None:
    response = Browser(HTTP_HOST=host).get("/")
    assert response.status_code == 404
    assert response.content == b"Not found\n"


@pytest.mark.parametrize("host", [ALPHA, "ALPHA.bpo.test", "alpha.bpo.test:8000"])
def test_a_client_host_is_known_in_any_case_and_with_any_port(alpha: Any, host: str) -> None:
    assert Browser(HTTP_HOST=host).get("/sign-in/").status_code == 200


def test_a_forwarded_host_chooses_nothing(alpha: Any, beta: Any) -> None:
    response = Browser(HTTP_HOST=ALPHA, HTTP_X_FORWARDED_HOST=BETA).get("/sign-in/")
    assert b"Alpha" in response.content
    assert b"Beta" not in response.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_answers_for_any_host(db: None, path: str) -> None:
    response = Browser(HTTP_HOST="anything.example").get(path)
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


def test_staff_sign_in_on_the_operator_host_and_not_on_a_clients(alpha: Any) -> None:
    person("team_lead", alpha)
    assert sign_in(OPS).get("/").status_code == 200
    assert sign_in(ALPHA).get("/").status_code == 302


def test_a_clients_user_signs_in_on_their_own_host_alone(alpha: Any, beta: Any) -> None:
    person("client_user", alpha, "astrid@alpha.example", client_realm=True)
    for host, signed_in in ((ALPHA, True), (BETA, False), (OPS, False)):
        response = sign_in(host, "astrid@alpha.example").get("/notices/" if host != OPS else "/")
        assert (response.status_code == 200) is signed_in, host


def test_the_same_answer_for_a_wrong_password_and_an_unknown_address(alpha: Any) -> None:
    person("team_lead", alpha)
    answers = []
    for email in ("lead@bpo.example", "nobody@bpo.example"):
        response = Browser(HTTP_HOST=OPS).post("/sign-in/", {"email": email, "password": "wrong"})
        answers.append((response.status_code, response.content.replace(email.encode(), b"")))
    assert answers[0][0] == answers[1][0] == 422


def test_eight_failures_lock_the_account_whatever_address_they_come_from(alpha: Any) -> None:
    person("team_lead", alpha)
    for number in range(8):
        Browser(HTTP_HOST=OPS, REMOTE_ADDR=f"10.0.0.{number}", HTTP_X_FORWARDED_FOR=f"1.2.3.{number}").post(
            "/sign-in/", {"email": "lead@bpo.example", "password": "wrong"}
        )
    response = Browser(HTTP_HOST=OPS).post("/sign-in/", {"email": "lead@bpo.example", "password": PASSWORD})
    assert response.status_code == 429


def cross(browser: Browser, key: str) -> Any:
    return browser.post(f"/cross/{key}/")


def test_staff_cross_to_their_client_by_a_code_that_works_once(alpha: Any) -> None:
    person("team_lead", alpha)
    response = cross(sign_in(OPS), "alpha")
    target = urlsplit(response["Location"])
    assert target.netloc == ALPHA
    path = f"{target.path}?{target.query}"
    first, second = Browser(HTTP_HOST=ALPHA), Browser(HTTP_HOST=ALPHA)
    assert first.get(path)["Location"] == "/"
    assert first.get("/notices/").status_code == 200
    assert second.get(path).status_code == 403
    assert Entry.objects.filter(action="client.crossed").count() == 1


def test_a_code_is_for_one_client_and_for_thirty_seconds(alpha: Any, beta: Any) -> None:
    person("team_lead", alpha)
    browser = sign_in(OPS)
    query = urlsplit(cross(browser, "alpha")["Location"]).query
    assert Browser(HTTP_HOST=BETA).get(f"/arrive/?{query}").status_code == 403
    HandOff.objects.update(expires_at=timezone.now())
    assert Browser(HTTP_HOST=ALPHA).get(f"/arrive/?{query}").status_code == 403


def test_crossing_to_a_client_one_has_no_role_at_is_a_404(alpha: Any, beta: Any) -> None:
    person("team_lead", alpha)
    browser = sign_in(OPS)
    assert cross(browser, "beta").status_code == cross(browser, "no-such").status_code == 404


def arrived(key: str, email: str = "lead@bpo.example") -> Browser:
    target = urlsplit(cross(sign_in(OPS, email), key)["Location"])
    browser = Browser(HTTP_HOST=target.netloc)
    browser.get(f"{target.path}?{target.query}")
    return browser


def test_a_session_of_one_client_is_nobody_on_another(alpha: Any, beta: Any) -> None:
    person("team_lead", alpha)
    person("team_lead", beta)
    browser = arrived("alpha")
    assert browser.get("/notices/").status_code == 200
    replayed = Browser(HTTP_HOST=BETA)
    replayed.cookies = browser.cookies
    response = replayed.get("/notices/")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_a_role_taken_away_counts_at_the_next_request(alpha: Any) -> None:
    user = person("team_lead", alpha)
    browser = arrived("alpha")
    user.memberships.all().delete()
    assert browser.get("/notices/").status_code == 404


def test_an_agent_is_told_who_may_see_the_audit_log(alpha: Any) -> None:
    person("agent", alpha)
    response = arrived("alpha").get("/audit/")
    assert response.status_code == 403
    assert b"Team lead" in response.content


def test_a_suspended_clients_host_says_nothing(gamma: Any) -> None:
    from accounts.services import suspend_client

    host = "gamma.bpo.test"
    assert Browser(HTTP_HOST=host).get("/sign-in/").status_code == 200
    suspend_client(client=gamma, reason="test", by=system("tests"), now=timezone.now())
    response = Browser(HTTP_HOST=host).get("/sign-in/")
    assert response.status_code == 503
    assert response.content == b"This address can't be opened now. Try again later.\n"


def test_a_token_of_one_client_is_refused_by_another(alpha: Any, beta: Any) -> None:
    user = person("team_lead", alpha)
    _, clear = create_token(
        user=user, client=alpha, name="t", scopes=["see_notices"], days=1, by=system("tests"), now=timezone.now()
    )
    headers = {"HTTP_AUTHORIZATION": f"Bearer {clear}"}
    assert Browser(HTTP_HOST=ALPHA, **headers).get("/notices/").status_code == 200
    assert Browser(HTTP_HOST=ALPHA, **headers).get("/audit/").status_code == 403, "not among its scopes"
    response = Browser(HTTP_HOST=BETA, **headers).get("/notices/")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert "another client" in response.json()["detail"]


def test_the_admin_is_for_operator_admins_and_on_the_operator_host_alone(alpha: Any) -> None:
    person("team_lead", alpha)
    person("operator_admin", None, "admin@bpo.example")
    assert sign_in(OPS).get("/admin/").status_code == 403
    admin = sign_in(OPS, "admin@bpo.example")
    for path in (
        "/admin/",
        "/admin/accounts/client/",
        "/admin/accounts/user/",
        "/admin/outbox/job/",
        "/jobs/",
        "/audit/",
        "/",
    ):
        assert admin.get(path).status_code == 200, path
    assert Browser(HTTP_HOST=ALPHA).get("/admin/").status_code == 404


def test_every_page_carries_the_policy_and_loads_nothing_from_elsewhere(alpha: Any) -> None:
    response = Browser(HTTP_HOST=ALPHA).get("/sign-in/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
