"""Links by mail: a new password, an invitation. Good once, on their own host, for a while, and for nobody else."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client as Browser
from django.test import override_settings
from django.utils import timezone

from accounts import mails
from accounts.errors import Refused
from accounts.models import Membership, OpenSession, SignInLink, User
from accounts.selectors_sign_in import open_invitations
from accounts.services import invite, invite_again, revoke_invitation
from accounts.services.links import NoLink, spend
from accounts.services.tidying import tidy
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.outbox.models import Job
from tests.integration.accounts.test_hosts_and_sessions import ALPHA, BETA, OPS, person
from tests.integration.accounts.test_sessions import signed_in
from tests.statements import statements

OLD, NEW = "a long enough one", "quite another long one 9"
CHOSEN = {"password": NEW, "again": NEW}
BY = system("tests")


def sent() -> list[Any]:
    """Every mail that waits, as the worker sends it: (address, text)."""
    found: list[Any] = []
    with mock.patch.object(mails.smtp, "send", lambda message, address, **_: found.append((address, message))):
        for job in Job.objects.filter(kind="accounts.mail_link", state="ready").order_by("pk"):
            mails.mail_link(job.payload["link_id"])
            Job.objects.filter(pk=job.pk).update(state="done")
    return found


def plain(answer: Any, email: str = "-") -> bytes:
    """An answer without what differs from request to request."""
    return re.sub(rb"[A-Za-z0-9]{64}|[0-9a-f]{32}", b"*", answer.content.replace(email.encode(), b"*"))


def link_in(message: Any) -> str:
    found = re.search(r"https?://\S+", message.get_content())
    assert found
    return found.group()


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


@pytest.fixture
def astrid(alpha: Any) -> User:
    return person("client_user", alpha, "astrid@alpha.example", client_realm=True)


def asked(host: str, email: str, **more: Any) -> Any:
    return Browser(HTTP_HOST=host, **more).post("/reset/", {"email": email})


def test_a_reset_sets_the_password_once_and_ends_every_session(astrid: User) -> None:
    desk = signed_in(ALPHA, astrid.email)
    assert b"on its way" in asked(ALPHA, astrid.email).content
    [(address, message)] = sent()
    assert address == astrid.email
    assert sent() == []
    path = path_of(link_in(message))
    browser = Browser(HTTP_HOST=ALPHA)
    for _scanner in range(2):
        assert browser.get(path).status_code == 200
    assert browser.head(path).status_code == 405
    for weak, words in (("short", "too short"), ("astrid@alpha.example", "too similar"), ("password1234", "common")):
        told = browser.post(path, {"password": weak, "again": weak})
        assert told.status_code == 422
        assert words in told.content.decode()
    assert browser.post(path, {"password": NEW, "again": OLD}).status_code == 422
    assert desk.get("/notices/").status_code == 200, "nothing is changed yet"
    assert browser.post(path, CHOSEN)["Location"] == "/sign-in/", "the link signs nobody in"
    assert "_auth_user_id" not in browser.session
    assert browser.post(path, CHOSEN).status_code == browser.get(path).status_code == 404
    assert desk.get("/notices/").status_code == 302
    for password, status in ((OLD, 422), (NEW, 302)):
        assert browser.post("/sign-in/", {"email": astrid.email, "password": password}).status_code == status
    assert Entry.objects.filter(action="password.reset", target_id=str(astrid.pk)).count() == 1


def test_who_can_have_no_new_password_costs_the_same_and_gets_no_mail(astrid: User, alpha: Any) -> None:
    person("client_user", alpha, "inactive@alpha.example", client_realm=True)
    User.objects.filter(email="inactive@alpha.example").update(is_active=False)
    invite(
        email="new@alpha.example", name="N", role="client_user", client=alpha, realm=alpha, by=BY, now=timezone.now()
    )
    Job.objects.all().delete()
    asked(ALPHA, "warm@alpha.example")
    answers, work, addresses = set(), [], []
    for email in (astrid.email, "nobody@alpha.example", "inactive@alpha.example", "new@alpha.example"):
        answer: list[Any] = []
        work.append(statements(lambda email=email, answer=answer: answer.append(asked(ALPHA, email))))
        answers.add((answer[0].status_code, plain(answer[0], email)))
        addresses += [one for one, _message in sent()]
    assert len(answers) == 1
    assert len(set(work)) == 1, work
    assert addresses == [astrid.email]


def test_asking_often_mails_no_more_and_one_address_has_to_wait(astrid: User) -> None:
    for _again in range(5):
        assert asked(ALPHA, astrid.email).status_code == 200
    mailed = sent()
    assert len(mailed) == 1, "the newest alone still opens something"
    assert Browser(HTTP_HOST=ALPHA).get(path_of(link_in(mailed[0][1]))).status_code == 200
    with mock.patch("accounts.services.passwords.MOST_ASKED", 3):
        told = {
            asked(ALPHA, email, HTTP_X_FORWARDED_FOR="1.2.3.4").status_code for email in (astrid.email, "no@x.example")
        }
    assert told == {429}


def test_t13_a_link_leads_to_the_stored_host_whatever_host_asked(alpha: Any, beta: Any, astrid: User) -> None:
    person("client_user", beta, "ben@beta.example", client_realm=True)
    person("operator_admin", None, "boss@bpo.example")
    answers = set()
    for email in ("ben@beta.example", "boss@bpo.example", "nobody@alpha.example", astrid.email):
        answer = asked(ALPHA, email, HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example")
        answers.add((answer.status_code, plain(answer, email)))
    assert len(answers) == 1
    [(address, message)] = sent()
    assert address == astrid.email, "on a client's host its own people alone have passwords"
    assert link_in(message).startswith("http://alpha.bpo.test/reset/")
    asked("ops.bpo.test:8000", "boss@bpo.example")
    [(address, message)] = sent()
    assert address == "boss@bpo.example"
    assert link_in(message).startswith("http://ops.bpo.test/reset/")
    assert "evil" not in message.as_string()
    assert Browser(HTTP_HOST="evil.example").post("/reset/", {"email": astrid.email}).status_code == 404
    assert sent() == []


def test_t14_links_of_a_open_nothing_at_b_nor_a_second_time_nor_for_another_purpose(
    alpha: Any, beta: Any, astrid: User
) -> None:
    person("client_user", beta, astrid.email, client_realm=True)  # the same address, another realm
    asked(ALPHA, astrid.email)
    invite(
        email="new@alpha.example", name="N", role="client_user", client=alpha, realm=alpha, by=BY, now=timezone.now()
    )
    paths = [path_of(link_in(message)) for _address, message in sent()]
    assert [path.split("/")[1] for path in paths] == ["reset", "join"]
    missing = Browser(HTTP_HOST=BETA).get(f"/reset/{'x' * 32}/")
    for path in paths:
        other = path.replace("/reset/", "/x/").replace("/join/", "/reset/").replace("/x/", "/join/")
        for host, tried in ((BETA, path), (OPS, path), (ALPHA, other)):
            for answer in (
                Browser(HTTP_HOST=host).get(tried),
                Browser(HTTP_HOST=host).post(tried, {"name": "N", **CHOSEN}),
            ):
                assert answer.status_code == 404
        assert plain(Browser(HTTP_HOST=BETA).get(path)) == plain(missing)
        assert Browser(HTTP_HOST=ALPHA).post(path, {"name": "N", **CHOSEN}).status_code == 302
        assert Browser(HTTP_HOST=ALPHA).post(path, {"name": "N", **CHOSEN}).status_code == 404
    assert SignInLink.objects.filter(used_at=None).count() == 0


def test_a_link_ends_by_time_by_a_newer_one_and_with_its_user(astrid: User) -> None:
    asked(ALPHA, astrid.email)
    [(_, first)] = sent()
    asked(ALPHA, astrid.email)
    [(_, second)] = sent()
    browser = Browser(HTTP_HOST=ALPHA)
    assert browser.get(path_of(link_in(first))).status_code == 404
    assert browser.get(path_of(link_in(second))).status_code == 200
    User.objects.filter(pk=astrid.pk).update(is_active=False)
    assert browser.post(path_of(link_in(second)), CHOSEN).status_code == 404
    User.objects.filter(pk=astrid.pk).update(is_active=True)
    later = timezone.now() + timedelta(hours=1)
    with mock.patch("accounts.views.links.timezone.now", return_value=later):
        assert browser.post(path_of(link_in(second)), CHOSEN).status_code == 404
    assert tidy(now=later + timedelta(days=31)) == 2
    with override_settings(SECRET_KEY="another key of the server, long enough", SECRET_KEY_FALLBACKS=[]):
        asked(ALPHA, astrid.email)
    with pytest.raises(mails.Permanent, match="no longer kept"):
        sent()


def test_of_two_at_once_one_spends_a_link(astrid: User) -> None:
    asked(ALPHA, astrid.email)
    link, start, won = SignInLink.objects.get(), Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            with transaction.atomic():
                won.append(spend(link, now=timezone.now()))
        except NoLink:
            pass
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert won == [astrid]


def test_the_password_is_changed_against_the_old_one_and_other_sessions_end(astrid: User, alpha: Any) -> None:
    here, there = signed_in(ALPHA, astrid.email), signed_in(ALPHA, astrid.email)
    told = here.post("/security/password/", {"old": "wrong", **CHOSEN})
    assert told.status_code == 422
    assert "That is not your password" in told.content.decode()
    assert here.post("/security/password/", {"old": OLD, "password": "short", "again": "short"}).status_code == 422
    assert there.get("/notices/").status_code == 200
    assert here.post("/security/password/", {"old": OLD, **CHOSEN})["Location"] == "/security/"
    assert here.get("/security/").status_code == 200
    assert there.get("/notices/").status_code == 302
    assert OpenSession.objects.filter(user=astrid).count() == 1
    for _again in range(8):
        last = here.post("/security/password/", {"old": "wrong", "password": OLD, "again": OLD})
    assert last.status_code == 429, "guessing the old one counts as signing in"
    assert Browser(HTTP_HOST=ALPHA).post("/sign-in/", {"email": astrid.email, "password": NEW}).status_code == 429


def test_an_invitation_is_accepted_with_a_name_and_a_password_and_lets_in(alpha: Any) -> None:
    now = timezone.now()
    made = invite(email="New@Bpo.example", name="New", role="team_lead", client=alpha, realm=None, by=BY, now=now)
    assert not made.user.has_usable_password()
    assert [one.user for one in open_invitations(client_id=alpha.pk)] == [made.user]
    [(address, message)] = sent()
    assert (address, link_in(message)[:25]) == ("new@bpo.example", "http://ops.bpo.test/join/")
    browser = Browser(HTTP_HOST=OPS)
    path = path_of(link_in(message))
    assert b'value="New"' in browser.get(path).content
    assert browser.post(path, {"name": " ", **CHOSEN}).status_code == 422
    assert browser.post(path, {"name": "Maricel Santos", **CHOSEN})["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert User.objects.get(pk=made.user.pk).name == "Maricel Santos"
    assert not open_invitations().exists()
    again = invite(email="new@bpo.example", name="x", role="agent", client=alpha, realm=None, by=BY, now=now)
    assert again.link is None, "who can sign in needs none"
    assert sent() == []
    for wrong in (invite_again, revoke_invitation):
        with pytest.raises(Refused, match="no invitation"):
            wrong(user=made.user, by=BY, now=now)
    actions = Entry.objects.filter(target_id=str(made.user.pk)).order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["invitation.sent", "invitation.accepted"]


def test_an_invitation_is_sent_again_and_taken_back(alpha: Any) -> None:
    now = timezone.now() - timedelta(days=8)
    asked_for = {"email": "new@alpha.example", "name": "N", "role": "client_user", "client": alpha, "realm": alpha}
    user = invite(**asked_for, by=BY, now=now).user
    assert sent() == [], "it has run out"
    assert [one.user for one in open_invitations(client_id=alpha.pk)] == [user], "and is still on the list"
    assert not Membership.objects.filter(user=user, ends_at__isnull=False).exists()
    invite_again(user=user, by=BY, now=timezone.now())
    [(_, message)] = sent()
    assert Browser(HTTP_HOST=ALPHA).get(path_of(link_in(message))).status_code == 200
    revoke_invitation(user=user, by=BY, now=timezone.now())
    assert Browser(HTTP_HOST=ALPHA).get(path_of(link_in(message))).status_code == 404
    assert not Membership.objects.filter(user=user, ends_at=None).exists()
    assert not open_invitations().exists()
    invite(**asked_for, by=BY, now=timezone.now())
    assert Membership.objects.filter(user=user, ends_at=None).count() == 1
    for field, wrong in (
        ("last_day", {"role": "third_party"}),
        ("scope", {"scope": "moon"}),
        ("last_day", {"ends_at": now}),
        ("role", {"role": "boss"}),
        ("email", {"email": "no"}),
    ):
        with pytest.raises(Refused) as told:
            invite(**{**asked_for, **wrong}, by=BY, now=timezone.now())
        assert told.value.field == field
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(Refused, match="access was ended"):
        invite(**asked_for, by=BY, now=timezone.now())


def test_the_database_keeps_a_link_single_and_as_it_was_made(astrid: User, beta: Any) -> None:
    asked(ALPHA, astrid.email)
    table, link = "accounts_signinlink", SignInLink.objects.get()

    def refused(sql: str, *values: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    for change in (
        "expires_at = created_at", "expires_at = created_at + interval '2 h'", "purpose = 'invitation'",
        "purpose = 'magic'", "user_id = NULL", f"realm_id = '{beta.pk}'", "realm_id = NULL", "token_hash = 'x'",
        "used_at = expires_at", "used_at = now(), ended_at = now()",
    ):  # fmt: skip
        refused(f"UPDATE {table} SET {change} WHERE id = %s", link.pk)
    insert = (
        f"INSERT INTO {table} (id, purpose, user_id, realm_id, token_hash, address_hash, created_at, expires_at) "
        "VALUES (%s, %s, %s, %s, %s, '', now(), now() + %s::interval)"
    )
    refused(insert, uuid4(), "reset", astrid.pk, astrid.realm_id, "a" * 64, "1 h")
    refused(insert, uuid4(), "invitation", astrid.pk, beta.pk, "b" * 64, "1 h")
    refused(insert, uuid4(), "invitation", astrid.pk, None, "b" * 64, "1 h")
    refused(insert, uuid4(), "invitation", None, None, "b" * 64, "1 h")
    refused(insert, uuid4(), "invitation", astrid.pk, astrid.realm_id, "b" * 64, "8 days")
    refused(insert, uuid4(), "reset", None, None, link.token_hash, "1 h")
    with connection.cursor() as cursor:
        cursor.execute(insert, [uuid4(), "invitation", astrid.pk, astrid.realm_id, "b" * 64, "7 days"])
        cursor.execute(f"UPDATE {table} SET used_at = now() WHERE id = %s", [link.pk])
    for change in ("used_at = NULL", "used_at = now() + interval '1 s'", "ended_at = now()"):
        refused(f"UPDATE {table} SET {change} WHERE id = %s", link.pk)
