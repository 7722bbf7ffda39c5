"""The API of interactions and cases."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bpo.idempotency.services import Answer, KeyBusy, once
from bpo.tenancy.context import enter
from interactions.models import Case, Interaction, Queue
from tests.integration.interactions.files import GOOD, csv
from tests.integration.interactions.test_import_command import run
from tests.people import sign_in

URL = "/api/v1/interactions/"
ITEM: dict[str, Any] = {
    "source": "acd",
    "external_id": "7",
    "direction": "in",
    "channel": "voice",
    "queue": "Billing EN",
    "started_at": "2026-03-02T09:00:00+01:00",
    "talk_seconds": 61,
    "resolved": True,
}


@pytest.fixture
def browser(alpha: Any) -> Any:
    found = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        Queue.objects.create(key="billing", name="Billing EN")
    return found


def post(browser: Any, data: Any, url: str = URL, **headers: str) -> Any:
    return browser.post(url, data, content_type="application/json", headers=headers)


def test_one_interaction_is_created_then_known_then_read(browser: Any) -> None:
    made = post(browser, ITEM)
    assert (made.status_code, made.json()["queue"], made.json()["started_at"]) == (
        201,
        "billing",
        "2026-03-02T08:00:00Z",
    )
    again = post(browser, ITEM)
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    assert browser.get(f"{URL}{made.json()['id']}/").json() == made.json()
    assert len(browser.get(URL).json()["results"]) == 1
    assert browser.get(f"{URL}?abandoned=true").json()["results"] == []
    assert browser.get(f"{URL}?business_date_from=nonsense").status_code == 400


def test_pages_follow_a_cursor_and_miss_nothing(browser: Any) -> None:
    items = [{**ITEM, "external_id": str(number)} for number in range(5)]
    assert post(browser, items).status_code == 201
    seen, address = [], f"{URL}?page_size=2"
    while address:
        page = browser.get(address).json()
        seen += [one["external_id"] for one in page["results"]]
        address = page["next"]
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"queue": "Biling EN"}, "queue", "Billing EN"),
        ({"ended_at": "2026-03-02T08:00:00+01:00"}, "ended_at", "before the start"),
        ({"started_at": "yesterday"}, "started_at", "not a date"),
        ({"talk_seconds": [1]}, "talk_seconds", "Send one value"),
        ({"qeue": "x"}, "qeue", "queue"),
        ({"external_id": None}, "external_id", "empty"),
        ({"agent": "Nobody"}, "agent", "unknown"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(
    browser: Any, alpha: Any, changes: dict[str, Any], field: str, word: str
) -> None:
    answer = post(browser, {**ITEM, **changes})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert word in str(answer.json()["errors"][field])
    with enter(alpha.ref()):
        assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ("not json", "not JSON"),
        ("[" * 10_000 + "]" * 10_000, "levels deep"),
        ('{"a": 1, "a": 2}', "repeats a name"),
        ('{"a": NaN}', "NaN"),
        ("[]", "Send 1 to 500"),
        ("[1]", "no object"),
        ("7", "no object"),
    ],
)
def test_a_body_that_is_not_understood_is_a_problem_not_a_crash(browser: Any, sent: str, word: str) -> None:
    answer = post(browser, sent)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert word in answer.content.decode()


def test_a_list_is_written_whole_or_not_at_all(browser: Any, alpha: Any) -> None:
    items = [{**ITEM, "external_id": str(number)} for number in range(3)]
    bad = post(browser, [*items, {**ITEM, "queue": "Other"}])
    assert bad.status_code == 400
    assert [(one["index"], one["field"]) for one in bad.json()["errors"]] == [("3", "queue")]
    twice = post(browser, [items[0], items[0]])
    assert "same key" in str(twice.json()["errors"])
    assert post(browser, [{**ITEM, "external_id": str(number)} for number in range(501)]).status_code == 400
    with enter(alpha.ref()):
        assert not Interaction.objects.exists()
    assert len(post(browser, items).json()) == 3


def test_a_key_is_answered_again_with_the_same_answer(browser: Any, alpha: Any) -> None:
    first = post(browser, ITEM, **{"Idempotency-Key": "k1"})
    again = post(browser, ITEM, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    other = post(browser, {**ITEM, "external_id": "8"}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:bpo:problem:idempotency-key-reused")
    assert post(browser, ITEM, **{"Idempotency-Key": "x" * 201}).status_code == 422
    with enter(alpha.ref()):
        assert Interaction.objects.count() == 1


def test_a_write_that_failed_leaves_its_key_free(browser: Any) -> None:
    assert post(browser, {**ITEM, "queue": "Other"}, **{"Idempotency-Key": "k1"}).status_code == 400
    assert post(browser, ITEM, **{"Idempotency-Key": "k1"}).status_code == 201


def test_a_second_request_with_a_running_key_is_turned_away(alpha: Any) -> None:
    from django.utils import timezone

    inside, over = threading.Event(), threading.Event()

    def slow() -> Answer:
        inside.set()
        over.wait(10)
        return Answer(201, {})

    def first() -> None:
        with enter(alpha.ref()):
            once(principal="p", key="k", body=b"", now=timezone.now(), work=slow)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(10)
    with enter(alpha.ref()), pytest.raises(KeyBusy):
        once(principal="p", key="k", body=b"", now=timezone.now(), work=slow)
    over.set()
    thread.join()


def test_a_case_is_resolved_once_and_a_stale_version_is_409(browser: Any, alpha: Any, tmp_path: Path) -> None:
    run(tmp_path, csv(GOOD.removesuffix("Y") + "N"))
    case = browser.get("/api/v1/cases/?state=open").json()["results"][0]
    url = f"/api/v1/cases/{case['id']}/resolve/"
    assert post(browser, {}, url).status_code == 400
    done = post(browser, {"version": case["version"]}, url)
    assert (done.status_code, done.json()["state"], done.json()["resolution_number"]) == (200, "resolved", 1)
    stale = post(browser, {"version": case["version"]}, url)
    assert (stale.status_code, stale.json()["current_version"], stale.json()["sent_version"]) == (409, 2, 1)
    assert post(browser, {"version": 2}, url).status_code == 409
    with enter(alpha.ref()):
        assert Case.objects.get().version == 2


def test_who_may_not_is_refused_and_who_is_nobody_is_asked_to_sign_in(browser: Any, alpha: Any) -> None:
    from django.test import Client as Browser

    agent = sign_in("alpha", "agent")
    assert agent.get(URL).status_code == 403
    assert post(agent, ITEM).status_code == 403
    assert agent.get("/api/v1/cases/").json()["results"] == []
    assert Browser(HTTP_HOST="alpha.bpo.test").get(URL).status_code == 401
