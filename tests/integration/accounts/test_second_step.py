"""Setting up an app, signing in with it, and being asked for it."""

from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.test import override_settings
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import AuthenticatorApp, Membership, RecoveryCode, User
from accounts.services import require_second_step, reset_second_step
from accounts.services.second_step import make_codes, remove_app
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import enter
from tests.integration.accounts.second_steps import ALPHA, BETA, MINE, OPS, code_at, enrolled, give_password, person
from tests.people import PASSWORD

STEP = "/sign-in/second-step/"
BY = system("tests")


def actions() -> list[str]:
    return [one for one in Entry.objects.order_by("seq").values_list("action", flat=True) if "second_step" in one]


def test_an_app_is_set_up_once_a_code_shows_that_it_has_the_secret(alpha: Any) -> None:
    person("team_lead", alpha)
    browser, _ = give_password(OPS)
    page = browser.get(f"{MINE}app/")
    assert b'src="data:image/svg+xml' in page.content
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert browser.post(f"{MINE}app/", {"code": "000000"}).status_code == 422
    assert not AuthenticatorApp.objects.exists()
    secret, codes = enrolled(browser)
    assert len(set(codes)) == 10
    kept = str(list(AuthenticatorApp.objects.values()) + list(RecoveryCode.objects.values()))
    assert secret not in kept
    assert not [one for one in codes if one in kept or one.replace("-", "") in kept]
    assert secret.encode() not in browser.get(f"{MINE}app/").content, "a new secret each time"
    assert not [one for one in codes if one.encode() in browser.get(MINE).content], "shown once"
    assert actions() == ["second_step.made", "second_step.codes_made"]


def test_signing_in_takes_both_steps_and_each_code_once(alpha: Any) -> None:
    person("team_lead", alpha)
    secret, codes = enrolled(give_password(OPS)[0])
    browser, answer = give_password(OPS, next_path="/people/")
    assert answer["Location"] == STEP
    assert browser.get("/")["Location"].startswith("/sign-in/"), "the password alone signs nobody in"
    before = browser.cookies["bpo_session"].value
    assert browser.get(STEP).status_code == 200
    assert browser.post(STEP, {"code": code_at(secret)}).status_code == 422, "the code that set the app up is spent"
    good = code_at(secret, steps=1)
    answer = browser.post(STEP, {"code": f" {good[:3]} {good[3:]} "})
    assert answer["Location"] == "/people/"
    assert browser.cookies["bpo_session"].value != before, "a new key for the whole session"
    assert browser.get("/").status_code == 200
    again, _ = give_password(OPS)
    assert again.post(STEP, {"code": good}).status_code == 422, "replayed in its own window"
    assert again.post(STEP, {"code": codes[0].upper()}).status_code == 302
    assert again.get(MINE).content.count(b"9 left") == 1
    once_more, _ = give_password(OPS)
    assert once_more.post(STEP, {"code": codes[0]}).status_code == 422, "a recovery code works once"
    assert actions()[-1] == "second_step.code_used"


def test_t14_a_second_step_half_done_at_a_is_nothing_at_b_and_runs_out(alpha: Any, beta: Any) -> None:
    for client, email in ((alpha, "astrid@alpha.example"), (beta, "astrid@alpha.example")):
        person("client_user", client, email, client_realm=True)
    secret, codes = enrolled(give_password(ALPHA, "astrid@alpha.example")[0])
    browser, answer = give_password(ALPHA, "astrid@alpha.example")
    assert answer["Location"] == STEP
    for host in (BETA, OPS):
        other = Browser(HTTP_HOST=host)
        other.cookies = browser.cookies
        assert other.post(STEP, {"code": code_at(secret, steps=1)})["Location"] == "/sign-in/", host
        assert other.get(STEP)["Location"] == "/sign-in/", host
    straight = give_password(BETA, "astrid@alpha.example")[1]
    assert straight["Location"] == "/", "the same address at B is another person, without a second step"
    with time_machine.travel(timezone.now().timestamp() + 301, tick=True):
        assert browser.post(STEP, {"code": codes[0]})["Location"] == "/sign-in/"
    assert browser.post(STEP, {"code": codes[0]}).status_code == 302
    assert browser.get("/notices/").status_code == 200
    assert browser.post(STEP, {"code": codes[1]})["Location"] == "/sign-in/", "nothing is half open any more"
    assert [name for name in browser.cookies if "trust" in name or "mfa" in name] == [], "no device is trusted for good"


def test_failed_codes_count_towards_the_lock_out(alpha: Any) -> None:
    person("team_lead", alpha)
    _, codes = enrolled(give_password(OPS)[0])
    browser, _ = give_password(OPS)
    statuses = [browser.post(STEP, {"code": "abcde-abcde"}).status_code for _ in range(8)]
    assert statuses == [422] * 7 + [429]
    assert browser.post(STEP, {"code": codes[0]})["Location"] == "/sign-in/", "the half-open session is gone"
    assert give_password(OPS)[1].status_code == 429, "and a good password waits with everything else"
    assert RecoveryCode.objects.filter(used_at=None).count() == 10
    assert "abcde" not in str(list(AccessAttempt.objects.values())), "what was typed is not kept"


def test_operators_set_one_up_before_anything_else(alpha: Any) -> None:
    person("operator_admin", None, "admin@bpo.example")
    lead = person("team_lead", alpha)
    with override_settings(MFA_WAIVED=False):
        browser, answer = give_password(OPS, "admin@bpo.example")
        assert answer["Location"] == "/"
        for path in ("/", "/clients/new/", "/admin/", "/admin/accounts/user/", "/search/"):
            assert browser.get(path)["Location"] == MINE, path
        assert browser.post("/cross/alpha/")["Location"] == MINE
        assert browser.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == MINE
        page = browser.get(MINE)
        assert b"You must have one" in page.content
        assert b'class="rail' not in page.content
        enrolled(browser)
        assert browser.get("/").status_code == 200
        answer = browser.post(f"{MINE}app/remove/", follow=True)
        assert b"this is the only one" in answer.content
        assert AuthenticatorApp.objects.count() == 1
        # Who becomes an operator in the middle of a session is asked at the next request.
        other, _ = give_password(OPS)
        assert other.get("/").status_code == 200
        Membership.objects.create(user=lead, client=None, role="hr", starts_at=timezone.now())
        assert other.get("/people/")["Location"] == MINE
        # A session that was opened without the second step, of somebody who has one, is no operator's.
        with override_settings(MFA_WAIVED=True):
            old = give_password(OPS)[0]
            enrolled(other)
        assert old.get("/people/")["Location"] == "/sign-in/"
        assert old.get("/people/")["Location"].startswith("/sign-in/?next=")


def test_a_client_may_ask_its_own_users_for_one(alpha: Any, beta: Any) -> None:
    for client in (alpha, beta):
        person("client_user", client, "astrid@alpha.example", client_realm=True)
    person("team_lead", alpha)
    require_second_step(client=alpha, required=True, by=BY, now=timezone.now())
    browser, _ = give_password(ALPHA, "astrid@alpha.example")
    assert browser.get("/notices/")["Location"] == MINE
    assert browser.get("/api/v1/reports/").json()["type"] == "urn:bpo:problem:second-step-wanted"
    assert give_password(BETA, "astrid@alpha.example")[0].get("/notices/").status_code == 200
    assert give_password(OPS)[0].get("/").status_code == 200, "the client's wish is for its own people"
    enrolled(browser)
    assert browser.get("/notices/").status_code == 200
    user = User.objects.get(email="astrid@alpha.example", realm=alpha)
    with pytest.raises(Refused, match="only one"):
        remove_app(user=user, by=BY, now=timezone.now())
    require_second_step(client=alpha, required=False, by=BY, now=timezone.now())
    remove_app(user=user, by=BY, now=timezone.now())
    assert not RecoveryCode.objects.exists(), "recovery codes go with the last second step"
    assert actions().count("second_step.required") == 2


def test_after_a_while_changes_take_the_password_once_more(alpha: Any) -> None:
    person("team_lead", alpha)
    browser, _ = give_password(OPS)
    enrolled(browser)
    with time_machine.travel(timezone.now().timestamp() + 901, tick=True):
        for path in ("app/remove/", "codes/", "app/"):
            assert browser.post(MINE + path)["Location"] == MINE, path
        assert b"Show that it is you" in browser.get(MINE).content
        assert AuthenticatorApp.objects.count() == 1
        assert browser.post(f"{MINE}confirm/", {"password": "wrong"}).status_code == 422
        assert browser.post(f"{MINE}confirm/", {"password": PASSWORD})["Location"] == MINE
        old = set(RecoveryCode.objects.values_list("code_hash", flat=True))
        assert browser.post(f"{MINE}codes/").content.count(b"<li>") == 10
        assert not old & set(RecoveryCode.objects.values_list("code_hash", flat=True))
        browser.post(f"{MINE}app/remove/")
        assert not AuthenticatorApp.objects.exists()


def test_staff_change_their_second_step_where_they_sign_in_and_nowhere_else(alpha: Any) -> None:
    from tests.people import sign_in

    browser = sign_in("alpha", "team_lead")
    assert [browser.get(path).status_code for path in (MINE, f"{MINE}app/")] == [404, 404]
    assert browser.post(f"{MINE}codes/").status_code == 404


def test_an_administrator_resets_a_second_step_and_says_why(alpha: Any) -> None:
    user = person("team_lead", alpha)
    now = timezone.now()
    with pytest.raises(Refused, match="no second step"):
        reset_second_step(user=user, reason="lost phone", by=BY, now=now)
    with pytest.raises(Refused, match="no second step yet"):
        make_codes(user=user, by=BY, now=now)
    browser, _ = give_password(OPS)
    enrolled(browser)
    with pytest.raises(Refused, match="no reason"):
        reset_second_step(user=user, reason=" ", by=BY, now=now)
    reset_second_step(user=user, reason="Called back on the known number", by=BY, now=now)
    assert not AuthenticatorApp.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert browser.get("/")["Location"].startswith("/sign-in/"), "and who was signed in is so no more"
    assert give_password(OPS)[1]["Location"] == "/"
    assert Entry.objects.get(action="second_step.reset").detail == {
        "app": True, "passkeys": 0, "reason": "Called back on the known number",
    }  # fmt: skip


@pytest.mark.services
def test_the_database_takes_no_code_twice_and_shows_a_client_nothing(alpha: Any) -> None:
    user = person("team_lead", alpha)
    _, codes = enrolled(give_password(OPS)[0])
    browser, _ = give_password(OPS)
    browser.post(STEP, {"code": codes[0]})
    app = "UPDATE accounts_authenticatorapp SET "
    code = "UPDATE accounts_recoverycode SET "
    refused = {
        f"{app}last_step = last_step - 1": "only rises",
        f"{app}sealed_secret = 'x'": "never changes",
        f"{app}last_step = -1": "only rises",
        f"{code}used_at = NULL WHERE used_at IS NOT NULL": "works once",
        f"{code}used_at = now() WHERE used_at IS NOT NULL": "works once",
        f"{code}code_hash = 'x' WHERE used_at IS NULL": "never changes",
    }
    for statement, words in refused.items():
        with transaction.atomic(), connection.cursor() as cursor, pytest.raises(IntegrityError, match=words):
            cursor.execute(statement)
    with connection.cursor() as cursor:  # the same statements where they may
        cursor.execute(f"{app}last_step = last_step + 1")
        cursor.execute(f"{code}used_at = now() WHERE used_at IS NULL AND user_id = %s", [user.pk])
        assert cursor.rowcount == 9
    for table in ("authenticatorapp", "recoverycode", "passkey", "signinrule"):
        for verb in ("SELECT * FROM", "DELETE FROM", "TRUNCATE"):
            with enter(alpha.ref()), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="denied"):
                cursor.execute(f"{verb} public.accounts_{table}")
