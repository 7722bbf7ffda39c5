"""Passkeys: made on a page, shown beside the password or in its place, each on its host and each challenge once."""

import html
import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Passkey, RecoveryCode, User
from accounts.services import require_second_step
from accounts.services.passkeys import remove_passkey
from bpo.actors import system
from tests.integration.accounts.second_steps import ALPHA, BETA, MINE, OPS, code_at, enrolled, give_password, person
from tests.integration.accounts.soft_key import SoftKey

STEP, ALONE, MAKE = "/sign-in/second-step/", "/sign-in/passkey/", f"{MINE}passkey/"
BY = system("tests")


def asked(answer: Any) -> dict[str, Any]:
    """What a page asks the browser."""
    found = re.search(r'data-options="([^"]+)"', answer.content.decode())
    assert found is not None
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


def made(browser: Browser, host: str = OPS, *, name: str = "Phone", **how: Any) -> SoftKey:
    key = SoftKey(host, **how)
    answer = browser.post(MAKE, {"name": name, "credential": key.make(asked(browser.get(MAKE)))})
    assert answer.status_code in (200, 302), answer.content
    return key


def signed_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200


def test_a_passkey_is_the_second_step_and_each_challenge_is_good_once(alpha: Any) -> None:
    person("team_lead", alpha)
    browser, _ = give_password(OPS)
    key = made(browser)
    assert RecoveryCode.objects.count() == 10
    assert b"Phone" in browser.get(MINE).content
    passkey = Passkey.objects.get()
    assert (passkey.rp_id, passkey.sign_count) == (OPS, 2)
    browser, answer = give_password(OPS, next_path="/people/")
    assert answer["Location"] == STEP
    shown = key.show(asked(browser.get(STEP)))
    answer = browser.post(STEP, {"credential": shown})
    assert answer["Location"] == "/people/"
    assert signed_in(browser)
    passkey.refresh_from_db()
    assert passkey.sign_count == 3
    assert passkey.last_used_at is not None
    again, _ = give_password(OPS)
    again.get(STEP)
    assert again.post(STEP, {"credential": shown}).status_code == 422, "an answer to another challenge"
    options = asked(again.get(STEP))
    late = key.show(options)
    assert again.post(STEP, {"credential": "{}"}).status_code == 422
    assert again.post(STEP, {"credential": late}).status_code == 422, "the challenge was spent by a failed answer"


def test_a_passkey_alone_signs_in_if_it_verified_the_person(alpha: Any) -> None:
    person("team_lead", alpha)
    key = made(give_password(OPS)[0])
    browser = Browser(HTTP_HOST=OPS)
    answer = browser.post(ALONE, {"credential": key.show(asked(browser.get(ALONE))), "next": "/people/"})
    assert answer["Location"] == "/people/"
    assert signed_in(browser)
    key.verifies = False
    careless = Browser(HTTP_HOST=OPS)
    assert careless.post(ALONE, {"credential": key.show(asked(careless.get(ALONE)))}).status_code == 422
    User.objects.update(is_active=False)
    key.verifies = True
    off = Browser(HTTP_HOST=OPS)
    assert off.post(ALONE, {"credential": key.show(asked(off.get(ALONE)))}).status_code == 422


def test_a_passkey_of_one_host_is_nothing_on_another(alpha: Any, beta: Any) -> None:
    for client in (alpha, beta):
        person("client_user", client, "astrid@alpha.example", client_realm=True)
    key = made(give_password(ALPHA, "astrid@alpha.example")[0], ALPHA)
    for host in (BETA, OPS):
        browser = Browser(HTTP_HOST=host)
        options = asked(browser.get(ALONE))
        for answer in (key.show(options), key.show(options, origin=f"http://{host}", host=host)):
            assert browser.post(ALONE, {"credential": answer}).status_code == 422, host
    here = Browser(HTTP_HOST=ALPHA)
    for origin in ("http://evil.example", f"https://{ALPHA}", f"http://{ALPHA}:81"):
        assert here.post(ALONE, {"credential": key.show(asked(here.get(ALONE)), origin=origin)}).status_code == 422
    answer = here.post(ALONE, {"credential": key.show(asked(here.get(ALONE)))})
    assert answer["Location"] == "/"
    assert here.get("/notices/").status_code == 200


def test_a_counter_that_has_not_risen_is_a_copy(alpha: Any) -> None:
    person("team_lead", alpha)
    key = made(give_password(OPS)[0])
    browser = Browser(HTTP_HOST=OPS)
    key.counter = 1  # it says 2, as when it was made
    assert browser.post(ALONE, {"credential": key.show(asked(browser.get(ALONE)))}).status_code == 422
    assert browser.post(ALONE, {"credential": key.show(asked(browser.get(ALONE)))}).status_code == 302
    uncounting = made(browser, counter=None, name="Manager")
    for _ in range(2):
        fresh = Browser(HTTP_HOST=OPS)
        assert fresh.post(ALONE, {"credential": uncounting.show(asked(fresh.get(ALONE)))}).status_code == 302


def test_what_is_no_answer_makes_no_passkey(alpha: Any) -> None:
    person("team_lead", alpha)
    browser, _ = give_password(OPS)
    key = SoftKey(OPS)
    good = key.make(asked(browser.get(MAKE)))
    assert browser.post(MAKE, {"name": " ", "credential": good}).status_code == 422
    broken = json.loads(good)
    broken["response"]["attestationObject"] = "AAAA"
    rubbish = ["", "[]", "null", "{", '{"id": 1}', json.dumps(broken), json.dumps({**broken, "response": {}})]
    for text in [*rubbish, good, key.make(asked(browser.get(MAKE)), origin="http://evil.example")]:
        assert browser.post(MAKE, {"name": "x", "credential": text}).status_code == 422, text
    assert not Passkey.objects.exists()
    for text in rubbish:
        assert Browser(HTTP_HOST=OPS).post(ALONE, {"credential": text}).status_code == 422, text
    made(browser)
    known = SoftKey(OPS, id=bytes(Passkey.objects.get().credential_id))
    answer = browser.post(MAKE, {"name": "again", "credential": known.make(asked(browser.get(MAKE)))})
    assert b"known already" in answer.content


def test_false_answers_count_towards_the_lock_out(alpha: Any) -> None:
    person("team_lead", alpha)
    key = made(give_password(OPS)[0])
    thief = SoftKey(OPS, id=key.id)
    browser = Browser(HTTP_HOST=OPS)
    statuses = [
        browser.post(ALONE, {"credential": thief.show(asked(browser.get(ALONE)))}).status_code for _ in range(8)
    ]
    assert statuses == [422] * 7 + [429]
    assert browser.post(ALONE, {"credential": key.show(asked(browser.get(ALONE)))}).status_code == 429


def test_passkeys_are_removed_one_by_one_and_the_last_is_kept_where_it_must(alpha: Any, beta: Any) -> None:
    user = person("client_user", alpha, "astrid@alpha.example", client_realm=True)
    other = person("client_user", alpha, "boris@alpha.example", client_realm=True)
    require_second_step(client=alpha, required=True, by=BY, now=timezone.now())
    browser, _ = give_password(ALPHA, "astrid@alpha.example")
    assert browser.get("/notices/")["Location"] == MINE
    made(browser, ALPHA)
    assert browser.get("/notices/").status_code == 200
    made(browser, ALPHA, name="Laptop")
    first, second = Passkey.objects.order_by("made_at")
    with pytest.raises(Passkey.DoesNotExist):
        remove_passkey(user=other, passkey_id=first.pk, by=BY, now=timezone.now())
    theirs, _ = give_password(ALPHA, "boris@alpha.example")
    assert theirs.post(f"{MINE}passkeys/{first.pk}/remove/").status_code == 404
    browser.post(f"{MINE}passkeys/{first.pk}/remove/")
    assert list(Passkey.objects.values_list("name", flat=True)) == ["Laptop"]
    with pytest.raises(Refused, match="only one"):
        remove_passkey(user=user, passkey_id=second.pk, by=BY, now=timezone.now())
    secret, codes = enrolled(browser)
    assert codes == [], "recovery codes are kept"
    remove_passkey(user=user, passkey_id=second.pk, by=BY, now=timezone.now())
    again, _ = give_password(ALPHA, "astrid@alpha.example")
    assert again.post(STEP, {"code": code_at(secret, steps=1)}).status_code == 302


def test_the_database_keeps_a_passkey_as_it_is(alpha: Any) -> None:
    person("team_lead", alpha)
    made(give_password(OPS)[0])
    passkey = "UPDATE accounts_passkey SET "
    for change, words in {
        "sign_count = sign_count - 1": "only rises",
        "rp_id = 'evil.example'": "never change",
        "credential = 'x'": "never change",
        "credential_id = 'x'": "never change",
        "user_id = gen_random_uuid()": "never change",
        "name = ''": "passkey_has_a_name",
    }.items():
        with transaction.atomic(), connection.cursor() as cursor, pytest.raises(IntegrityError, match=words):
            cursor.execute(passkey + change)
    with connection.cursor() as cursor:
        cursor.execute(f"{passkey} sign_count = sign_count + 1, name = 'Old phone', last_used_at = now()")
        assert cursor.rowcount == 1
