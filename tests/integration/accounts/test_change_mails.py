"""Whoever's sign-in is changed is told by mail: once, about what happened alone, with no secret in it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts import mails
from accounts.change_mails import SAID, mail_change
from accounts.errors import Refused
from accounts.models import Passkey, RecoveryCode, User
from accounts.services import require_second_step, reset_second_step
from accounts.services.passkeys import remove_passkey
from accounts.services.passwords import change_password
from accounts.services.second_step import add_app, make_codes, remove_app
from accounts.services.telling import KIND
from bpo.actors import system
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import as_owner
from tests.integration.accounts.second_steps import ALPHA, MINE, OPS, enrolled, give_password, person
from tests.integration.accounts.soft_key import SoftKey
from tests.integration.accounts.test_links import CHOSEN, asked, link_in, path_of
from tests.integration.accounts.test_links import sent as links
from tests.integration.accounts.test_passkeys import MAKE, made
from tests.integration.accounts.test_passkeys import asked as options
from tests.people import PASSWORD

BY = system("tests")


def sent() -> list[tuple[str, str, str]]:
    """Every such mail that waits, as a worker sends it: address, subject, text. Each job runs twice, and sends once."""
    found: list[tuple[str, str, str]] = []

    def take(message: Any, address: str, **_: Any) -> None:
        found.append((address, message["Subject"], message.get_content()))

    with mock.patch.object(mails.smtp, "send", take):
        for job in Job.objects.filter(kind=KIND, state="ready").order_by("pk"):
            assert execute(job.pk, KIND) == "done"
            execute(job.pk, KIND)
    return found


@pytest.fixture
def astrid(alpha: Any) -> User:
    return person("client_user", alpha, "astrid@alpha.example", client_realm=True)


def test_each_change_is_told_once_with_when_and_what_to_do_and_no_secret(astrid: User) -> None:
    browser, _ = give_password(ALPHA, astrid.email)
    secret, codes = enrolled(browser)
    [(address, subject, text)] = sent()
    assert (address, subject) == (astrid.email, "An authenticator app was set up at Alpha")
    assert re.search(r"on \d+ \w+ \d{4}, \d\d:\d\d \(Europe/Berlin\)", text)
    assert "If it wasn't you" in text
    key = made(browser, ALPHA, name="Purple phone")
    browser.post(f"{MINE}codes/")
    browser.post(f"{MINE}app/remove/")
    browser.post(f"{MINE}passkeys/{Passkey.objects.get().pk}/remove/")
    browser.post("/security/password/", {"old": PASSWORD, **CHOSEN})
    told = sent()
    assert [subject for _, subject, _ in told] == [
        "A passkey was added at Alpha", "New recovery codes were made at Alpha",
        "Your authenticator app was removed at Alpha", "A passkey was removed at Alpha",
        "Your password at Alpha was changed",
    ]  # fmt: skip
    asked(ALPHA, astrid.email)
    [(_, link)] = links()
    token_path = path_of(link_in(link))
    assert Browser(HTTP_HOST=ALPHA).post(token_path, CHOSEN).status_code == 302
    told += sent()
    assert told[-1][1] == "Your password at Alpha was set anew"
    assert sent() == []
    kept = " ".join(text for _, _, text in [(address, subject, text), *told])
    for canary in (secret, *codes, PASSWORD, CHOSEN["password"], token_path, key.host + "x", "Purple phone"):
        assert canary not in kept, canary
    links_in = set(re.findall(r"https?://\S+", kept))
    assert links_in == {"http://alpha.bpo.test/reset/", "http://alpha.bpo.test/security/"}


def test_it_says_when_on_the_clients_clock(astrid: User) -> None:
    texts: list[str] = []
    with mock.patch.object(mails.smtp, "send", lambda message, address, **_: texts.append(message.get_content())):
        at = datetime(2026, 11, 29, 13, 5, tzinfo=UTC)
        mail_change(mail_id=astrid.pk, user_id=astrid.pk, what="codes_made", at=at)
    assert "That was at Alpha on 29 November 2026, 14:05 (Europe/Berlin)." in texts[0]


def test_who_loses_their_second_step_by_an_administrator_is_told_at_their_own_host(alpha: Any) -> None:
    lead = person("team_lead", alpha)
    enrolled(give_password(OPS)[0])
    sent()
    reset_second_step(user=lead, reason="A lost phone", by=BY, now=timezone.now())
    [(address, subject, text)] = sent()
    assert (address, subject) == (lead.email, "Your second step at ops.bpo.test was reset")
    assert "http://ops.bpo.test/reset/" in text
    assert "A lost phone" not in text


def test_what_fails_is_told_to_nobody(astrid: User, alpha: Any) -> None:
    now = timezone.now()
    browser, _ = give_password(ALPHA, astrid.email)
    browser.get(f"{MINE}app/")
    assert browser.post(f"{MINE}app/", {"code": "000000"}).status_code == 422
    assert browser.post("/security/password/", {"old": "wrong", **CHOSEN}).status_code == 422
    assert (
        browser.post("/security/password/", {"old": PASSWORD, "password": "short", "again": "short"}).status_code == 422
    )
    forged = SoftKey("beta.bpo.test")
    assert (
        browser.post(MAKE, {"name": "Phone", "credential": forged.make(options(browser.get(MAKE)))}).status_code == 422
    )
    for act in (
        lambda: remove_app(user=astrid, by=BY, now=now), lambda: make_codes(user=astrid, by=BY, now=now),
        lambda: reset_second_step(user=astrid, reason="x", by=BY, now=now),
        lambda: add_app(user=astrid, secret="A" * 32, code="1", by=BY, now=now),
    ):  # fmt: skip
        with pytest.raises(Refused):
            act()
    assert sent() == []
    secret, _ = enrolled(browser)
    assert len(sent()) == 1
    require_second_step(client=alpha, required=True, by=BY, now=now)
    browser.post(f"{MINE}app/remove/")
    key = made(browser, ALPHA)
    passkey = Passkey.objects.get()
    with pytest.raises(RuntimeError), transaction.atomic():
        remove_passkey(user=astrid, passkey_id=passkey.pk, by=BY, now=now)
        change_password(user=astrid, password=CHOSEN["password"], keep=None, now=now)
        raise RuntimeError("the transaction goes back")
    assert [subject for _, subject, _ in sent()] == ["A passkey was added at Alpha"], (secret, key)
    assert RecoveryCode.objects.count() == 10


@pytest.mark.parametrize("gone", ["person", "client"])
def test_who_has_left_and_who_is_not_served_get_none(astrid: User, alpha: Any, gone: str) -> None:
    enrolled(give_password(ALPHA, astrid.email)[0])
    if gone == "person":
        User.objects.filter(pk=astrid.pk).update(is_active=False)
    else:
        with as_owner():
            type(alpha).objects.filter(pk=alpha.pk).update(status="suspended")
    assert sent() == []
    assert not Job.objects.filter(kind=KIND, state="ready").exists()


def test_every_kind_has_its_words(alpha: Any) -> None:
    from accounts.services import telling

    kinds = {value for name, value in vars(telling).items() if name.isupper() and name != "KIND"}
    assert kinds == set(SAID)


def test_a_passkey_is_renamed_by_its_owner_alone(astrid: User, alpha: Any) -> None:
    browser, _ = give_password(ALPHA, astrid.email)
    made(browser, ALPHA, name="Phone")
    sent()
    passkey = Passkey.objects.get()
    path = f"{MINE}passkeys/{passkey.pk}/name/"
    assert browser.get(path).status_code == 405
    assert 'value="Phone"' in browser.get(MINE).content.decode()
    for wrong in ("", "   ", "x" * 61):
        assert browser.post(path, {"name": wrong})["Location"] == MINE
        assert "Name of the device or app that keeps it: " in browser.get(MINE).content.decode()
    assert browser.post(path, {"name": " Work laptop "})["Location"] == MINE
    passkey.refresh_from_db()
    assert passkey.name == "Work laptop"
    assert "Work laptop" in browser.get(MINE).content.decode()
    other = person("client_user", alpha, "boris@alpha.example", client_realm=True)
    theirs, _ = give_password(ALPHA, other.email)
    missing = f"{MINE}passkeys/019ab000-0000-7000-8000-00000000dead/name/"
    assert theirs.post(path, {"name": "Mine"}).status_code == theirs.post(missing, {"name": "Mine"}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        assert browser.post(path, {"name": "Later"})["Location"] == MINE, "the password is asked for first"
    passkey.refresh_from_db()
    assert passkey.name == "Work laptop"
    assert sent() == [], "a name opens nothing"
