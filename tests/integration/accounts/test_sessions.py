"""Open sessions: listed, ended by hand, by a limit, with the password; shown elsewhere they end and are told."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import OpenSession, User
from accounts.services import end_sessions
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import enter
from bpo.tokens import hash_of
from tests.integration.accounts.test_hosts_and_sessions import ALPHA, BETA, OPS, arrived, person
from tests.statements import statements

PASSWORD = "a long enough one"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"


def signed_in(host: str, email: str, agent: str = FIREFOX) -> Browser:
    browser = Browser(HTTP_HOST=host, HTTP_USER_AGENT=agent)
    assert browser.post("/sign-in/", {"email": email, "password": PASSWORD}).status_code == 302
    return browser


def key_of(browser: Browser) -> str:
    return browser.cookies["bpo_session"].value


def row_of(browser: Browser) -> OpenSession:
    return OpenSession.objects.get(key_hash=hash_of(key_of(browser)))


@pytest.fixture
def astrid(alpha: Any) -> User:
    return person("client_user", alpha, "astrid@alpha.example", client_realm=True)


def test_ones_sessions_are_listed_and_ended_one_by_one_or_all_but_this(astrid: User, alpha: Any) -> None:
    desk, phone, other = (signed_in(ALPHA, astrid.email, agent) for agent in (FIREFOX, CHROME, "x"))
    text = desk.get("/security/").content.decode()
    for words in ("You are signed in 3 times", "Firefox · Windows", "Chrome · Linux", "Unknown browser", "this one"):
        assert words in text
    assert key_of(phone) not in text
    assert hash_of(key_of(phone)) not in text
    person("client_user", alpha, "second@alpha.example", client_realm=True)
    theirs = row_of(signed_in(ALPHA, "second@alpha.example"))
    for missing in (theirs.pk, uuid4()):
        assert desk.post(f"/security/sessions/{missing}/end/").status_code == 404
    assert OpenSession.objects.filter(pk=theirs.pk).exists()
    assert desk.post(f"/security/sessions/{row_of(phone).pk}/end/")["Location"] == "/security/"
    assert phone.get("/notices/")["Location"].startswith("/sign-in/"), "refused at its next request"
    assert other.get("/notices/").status_code == 200
    desk.post("/security/sessions/end-others/")
    assert other.get("/notices/").status_code == 302
    assert desk.get("/notices/").status_code == 200
    lines = Entry.objects.filter(action="session.ended", target_id=str(astrid.pk))
    assert [one.detail for one in lines.order_by("seq")] == [{"sessions": 1}, {"sessions": 1}]
    assert desk.post(f"/security/sessions/{row_of(desk).pk}/end/")["Location"] == "/sign-in/"
    assert desk.get("/notices/").status_code == 302


def test_an_administrator_ends_everything_a_user_has_open(alpha: Any) -> None:
    user = person("team_lead", alpha)
    there = arrived("alpha")
    assert OpenSession.objects.filter(user=user).count() == 2, "at the operator and at the client"
    assert end_sessions(user=user, by=system("tests"), now=timezone.now()) == 2
    assert there.get("/notices/").status_code == 302
    assert end_sessions(user=user, by=system("tests"), now=timezone.now()) == 0


def test_limits_end_a_session_whatever_its_cookie_says(astrid: User) -> None:
    browser, now = signed_in(ALPHA, astrid.email), timezone.now()
    mine = OpenSession.objects.filter(pk=row_of(browser).pk)

    def opened(ago: timedelta, seen: timedelta) -> None:
        """As it would stand had it been opened then: a new row, for a row's end never moves."""
        key = key_of(browser)
        OpenSession.objects.filter(key_hash=hash_of(key)).delete()
        OpenSession.objects.create(
            user=astrid, client_id=astrid.realm_id, key_hash=hash_of(key), opened_at=now - ago, seen_at=now - seen,
            ends_at=now - ago + timedelta(hours=12),
        )  # fmt: skip

    assert mine.get().ends_at - mine.get().opened_at == timedelta(hours=12)
    opened(timedelta(hours=11), timedelta(minutes=29))
    assert browser.get("/notices/").status_code == 200
    assert now - row_of(browser).seen_at < timedelta(seconds=60), "its use is written"
    seen = row_of(browser).seen_at
    browser.get("/notices/")
    assert row_of(browser).seen_at == seen, "once a minute"
    opened(timedelta(hours=11), timedelta(minutes=29))
    assert browser.get("/notices/unread/", headers={"X-Automatic": "1"}).status_code == 200
    assert now - row_of(browser).seen_at > timedelta(minutes=28), "a page that asks by itself keeps nothing alive"
    opened(timedelta(hours=1), timedelta(minutes=30))
    assert browser.get("/notices/").status_code == 302
    again = signed_in(ALPHA, astrid.email)
    browser.cookies = again.cookies
    opened(timedelta(hours=12), timedelta(minutes=1))
    assert browser.get("/notices/").status_code == 302
    assert not OpenSession.objects.filter(user=astrid).exists()


def test_a_session_without_its_row_is_nobodys_and_a_disabled_user_is_nobody(astrid: User) -> None:
    one, two = signed_in(ALPHA, astrid.email), signed_in(ALPHA, astrid.email)
    OpenSession.objects.filter(pk=row_of(one).pk).delete()
    assert one.get("/notices/").status_code == 302
    User.objects.filter(pk=astrid.pk).update(is_active=False)
    assert two.get("/notices/").status_code == 302


def test_signing_in_again_and_as_somebody_else_leaves_one_session(astrid: User, alpha: Any) -> None:
    person("client_user", alpha, "second@alpha.example", client_realm=True)
    browser = signed_in(ALPHA, astrid.email)
    for email in (astrid.email, "second@alpha.example"):
        before = key_of(browser)
        browser.post("/sign-in/", {"email": email, "password": PASSWORD})
        assert key_of(browser) != before, "a new key at each sign-in"
        assert browser.get("/notices/").status_code == 200
        assert OpenSession.objects.count() == 1
        assert row_of(browser).user.email == email
    browser.post("/sign-out/")
    assert not OpenSession.objects.exists()


def test_t01_a_session_shown_to_another_host_ends_and_is_one_line_of_the_operators_log(alpha: Any, beta: Any) -> None:
    user = person("team_lead", alpha)
    person("team_lead", beta)
    browser = arrived("alpha")
    thief = Browser(HTTP_HOST=BETA)
    thief.cookies["bpo_session"] = key_of(browser)
    for _again in range(3):
        assert thief.get("/notices/")["Location"].startswith("/sign-in/")
    assert browser.get("/notices/").status_code == 302, "whoever holds it, it is over"
    line = Entry.objects.get(action="session.replayed")
    assert line.target_id == str(user.pk)
    assert line.detail == {"opened_for": "alpha", "shown_to": "beta"}
    own = Browser(HTTP_HOST=ALPHA)
    own.cookies["bpo_session"] = key_of(signed_in(OPS, user.email))
    assert own.get("/notices/").status_code == 302
    assert Entry.objects.filter(action="session.replayed").count() == 2


def test_the_list_takes_as_many_statements_for_three_as_for_one(astrid: User) -> None:
    browser = signed_in(ALPHA, astrid.email)
    at_one = statements(lambda: browser.get("/security/"))
    signed_in(ALPHA, astrid.email)
    signed_in(ALPHA, astrid.email)
    assert (at_one, statements(lambda: browser.get("/security/"))) == (6, 6)


def refused(error: type[Exception], sql: str, *values: Any) -> None:
    with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_keeps_a_session_as_it_was_opened(astrid: User, beta: Any) -> None:
    browser = signed_in(ALPHA, astrid.email)
    table, mine = "accounts_opensession", row_of(browser).pk
    refused(IntegrityError, f"UPDATE {table} SET ends_at = ends_at + interval '1 day' WHERE id = %s", mine)
    refused(IntegrityError, f"UPDATE {table} SET client_id = %s WHERE id = %s", beta.pk, mine)
    refused(IntegrityError, f"UPDATE {table} SET seen_at = opened_at - interval '1 s' WHERE id = %s", mine)
    refused(IntegrityError, f"UPDATE {table} SET key_hash = 'clear' WHERE id = %s", mine)
    insert = (
        f"INSERT INTO {table} (id, key_hash, user_id, client_id, agent, opened_at, seen_at, ends_at) "
        "VALUES (%s, %s, %s, %s, '', now(), now(), now() + %s::interval)"
    )
    refused(IntegrityError, insert, uuid4(), "a" * 64, astrid.pk, beta.pk, "1 h")
    refused(IntegrityError, insert, uuid4(), "a" * 64, astrid.pk, None, "1 h")
    refused(IntegrityError, insert, uuid4(), "a" * 64, astrid.pk, astrid.realm_id, "-1 h")
    with connection.cursor() as cursor:
        cursor.execute(insert, [uuid4(), "a" * 64, astrid.pk, astrid.realm_id, "1 h"])
        cursor.execute(f"UPDATE {table} SET seen_at = now() WHERE id = %s", [mine])
    for name in (table, "accounts_signinlink"):
        for sql in (f"SELECT * FROM public.{name}", f"DELETE FROM public.{name}"):
            with enter(astrid.realm.ref()), connection.cursor() as cursor:
                with pytest.raises(ProgrammingError) as told:
                    cursor.execute(sql)
                assert isinstance(told.value.__cause__, psycopg.errors.InsufficientPrivilege)
