"""Interactions and cases on screen."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bpo.audit.models import Entry
from bpo.slots import Reopened, case_reopened
from bpo.tenancy.context import enter
from interactions.models import Case, Interaction, Queue, Resolution
from tests.integration.interactions.files import GOOD, csv
from tests.integration.interactions.test_import_command import run
from tests.people import sign_in

OPEN = GOOD.removesuffix("Y") + "N"


def rows(count: int) -> bytes:
    return csv(*[OPEN.replace("C1", f"C{number}").replace("EN", f"{number}") for number in range(1, count + 1)])


def statements(browser: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("path", ["/interactions/", "/cases/", "/imports/"])
def test_a_list_asks_the_same_at_one_row_and_at_three(alpha: Any, tmp_path: Path, path: str) -> None:
    browser = sign_in("alpha", "team_lead")
    run(tmp_path, rows(1))
    browser.get(path)
    at_one = statements(browser, path)
    for count in (2, 3):
        run(tmp_path, rows(count))
    assert statements(browser, path) == at_one


def test_the_list_is_empty_then_full_then_narrowed(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    assert "No interactions yet" in browser.get("/interactions/").content.decode()
    run(tmp_path, rows(3))
    assert "1–3 of 3 interactions" in browser.get("/interactions/").content.decode()
    with enter(alpha.ref()):
        queue = Queue.objects.get(name="Billing 2")
    assert "1–1 of 1 interactions" in browser.get(f"/interactions/?queue={queue.pk}").content.decode()
    assert "Nothing matches" in browser.get("/interactions/?abandoned=yes").content.decode()
    assert "1–3 of 3 interactions" in browser.get("/interactions/?day=2026-03-02&abandoned=no").content.decode()
    assert browser.get("/interactions/?queue=nonsense&day=never&page=x").status_code == 200


def test_one_interaction_shows_what_is_recorded_and_its_case(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    run(tmp_path, rows(1))
    with enter(alpha.ref()):
        one, case = Interaction.objects.get(), Case.objects.get()
    told = browser.get(f"/interactions/{one.pk}/").content.decode()
    assert "Maricel" in told
    assert f"/cases/{case.pk}/" in told
    assert browser.get(f"/interactions/{alpha.pk}/").status_code == 404


def test_a_case_is_resolved_reopened_and_resolved_again(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    run(tmp_path, rows(1))
    heard: list[Reopened] = []
    case_reopened.register(heard.append)
    with enter(alpha.ref()):
        page = f"/cases/{Case.objects.get().pk}/"
    assert "Resolve case" in browser.get(page).content.decode()
    browser.post(f"{page}resolve/", {"version": 1})
    assert "Reopen case" in browser.get(page).content.decode()
    browser.post(f"{page}reopen/", {"version": 2})
    browser.post(f"{page}resolve/", {"version": 3})
    case_reopened.providers.remove(heard.append)
    with enter(alpha.ref()):
        assert list(Resolution.objects.order_by("number").values_list("number", "source")) == [
            (1, "person"),
            (2, "person"),
        ]
        assert Resolution.objects.first().actor is not None
        assert heard[0].resolution_ids == (Resolution.objects.get(number=1).pk,)
        told = Entry.objects.filter(action__startswith="case.").order_by("seq").values_list("action", flat=True)
        assert list(told) == ["case.resolved", "case.reopened", "case.resolved"]


def test_a_stale_version_is_409_and_changes_nothing(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    run(tmp_path, rows(1))
    with enter(alpha.ref()):
        page = f"/cases/{Case.objects.get().pk}/"
    browser.post(f"{page}resolve/", {"version": 1})
    answer = browser.post(f"{page}reopen/", {"version": 1})
    assert answer.status_code == 409
    assert "version 2 is there now" in answer.content.decode()
    with enter(alpha.ref()):
        assert Case.objects.get().state == "resolved"


def test_a_customers_address_is_set_checked_and_guarded(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    run(tmp_path, rows(1))
    with enter(alpha.ref()):
        page = f"/cases/{Case.objects.get().pk}/"
    assert browser.post(f"{page}customer/", {"version": 1, "email": "a@b.example"}).status_code == 302
    assert "a@b.example" in browser.get(page).content.decode()
    wrong = browser.post(f"{page}customer/", {"version": 1, "email": "no address"})
    assert wrong.status_code == 422
    browser.post(f"{page}customer/", {"version": 1, "email": "c@d.example"})
    stale = browser.post(f"{page}customer/", {"version": 1, "email": "e@f.example"})
    assert stale.status_code == 409
    for text in ("c@d.example", "e@f.example", "Save mine"):
        assert text in stale.content.decode()
    with enter(alpha.ref()):
        assert "example" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_cases_show_what_is_open_and_how_old(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    run(tmp_path, rows(3))
    told = browser.get("/cases/?state=open").content.decode()
    assert "Active issues" in told
    assert "30+" in told
    assert "Repeat rate, 7 days" in told


def test_an_agent_sees_own_cases_and_no_others(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "agent")
    run(tmp_path, rows(2))
    with enter(alpha.ref()):
        from interactions.models import Actor

        mine, other = Interaction.objects.order_by("external_id")
        mine.agent = Actor.objects.get(display_name="Agent")
        mine.save()
    assert browser.get("/interactions/").status_code == 403
    assert "1–1 of 1 cases" in browser.get("/cases/").content.decode()
    assert browser.get(f"/cases/{mine.case_id}/").status_code == 200
    assert browser.get(f"/cases/{other.case_id}/").status_code == 404
    assert browser.post(f"/cases/{other.case_id}/resolve/", {"version": 1}).status_code == 404
