"""The list of people and one of them: narrowed, found, refused; the same statements at 1 and 3 rows."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from attrition.models import Separation
from bpo.actors import system
from bpo.permissions import Principal
from bpo.roles import permissions_of
from bpo.slots import Query, search
from bpo.ui.pseudo import pseudo_locale, untranslated
from console.people import open_account
from tests.integration.attrition.build import BY, NOW, assignments, person
from tests.people import PASSWORD
from tests.statements import grows_with_rows, statements
from workforce.models import Enrolment, Placement, Site, TrainingClass
from workforce.services import place

START = date(2026, 3, 2)


@pytest.fixture
def hr(alpha: Any) -> Browser:
    open_account(
        email="hr@bpo.example", name="Hana Ruiz", password=PASSWORD, role="hr", client=None, client_realm=False,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    browser = Browser(HTTP_HOST="ops.bpo.test")
    browser.post("/sign-in/", {"email": "hr@bpo.example", "password": PASSWORD})
    return browser


@pytest.fixture
def floor(alpha: Any, beta: Any) -> list[Any]:
    site = Site.objects.create(name="Cebu", zone="Asia/Manila", country="PH")
    found = [person("P1", START, (alpha, "1"), name="Ana Reyes"), person("P2", START, (beta, "0.4"), name="Ben Cruz")]
    found[0].site = site
    found[0].save()
    made = TrainingClass.objects.create(name="March class", starts_on=START)
    Enrolment.objects.create(training_class=made, employment=found[1])
    place(
        assignment=assignments(found[0])[0], team_id=uuid.uuid4(), team_name="Billing", starts_on=START, by=BY, now=NOW
    )
    return found


def told(browser: Browser, query: str = "") -> str:
    answer = browser.get(f"/people/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_sends_the_same_statements_at_1_and_3_rows(alpha: Any, beta: Any, hr: Browser) -> None:
    count = iter(range(100))

    def add(rows: int) -> None:
        for _ in range(rows):
            one = person(f"P{next(count)}", START, (alpha, "0.5"), (beta, "0.5"))
            place(assignment=assignments(one)[0], team_id=uuid.uuid4(), team_name="T", starts_on=START, by=BY, now=NOW)

    path = f"/people/?state=employed&client={alpha.pk}&q=P"
    assert grows_with_rows(lambda: hr.get(path), add) is None
    assert statements(lambda: hr.get(path)) == 9


def test_it_is_narrowed_by_each_filter(alpha: Any, hr: Browser, floor: list[Any]) -> None:
    team = Placement.objects.get().team_id
    site, of_class = floor[0].site_id, TrainingClass.objects.get().pk
    queries = {f"?client={alpha.pk}": "Ana", f"?team={team}": "Ana", f"?site={site}": "Ana", "?q=p1": "Ana"}
    queries |= {f"?training_class={of_class}": "Ben", "?q=cruz": "Ben"}
    for query, name in queries.items():
        page = told(hr, query)
        assert "1 person employed" in page, query
        assert name in page, query
    assert "2 people employed" in told(hr)
    assert "Nobody matches" in told(hr, "?q=nobody")
    assert "2 people on record" in told(hr, "?state=everyone")
    assert "2 people employed" in told(hr, "?client=nonsense&page=x")


def test_who_left_is_found_among_those_who_left_with_the_last_client(alpha: Any, hr: Browser, floor: list[Any]) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    hr.post(f"/people/employments/{floor[0].pk}/separation/", {"last_day": str(yesterday), "reason": "study"})
    assert "1 person who left" in told(hr, f"?state=left&client={alpha.pk}")
    assert "1 person employed" in told(hr)


def test_a_separation_is_recorded_corrected_and_taken_back_on_the_persons_page(hr: Browser, floor: list[Any]) -> None:
    page = f"/people/{floor[0].employee_id}/"
    here = f"/people/employments/{floor[0].pk}/separation/"
    assert "Record a separation" in hr.get(page).content.decode()
    facts = {"last_day": "2026-10-14", "reason": "commute", "note": "two hours each way"}
    assert hr.post(here, facts).status_code == 302
    shown = hr.get(page).content.decode()
    for text in ("14 Oct 2026", "Way to work", "By choice", "two hours each way", "Separation recorded"):
        assert text in shown, text
    stale = hr.post(here, facts | {"reason": "conduct", "version": "7"})
    assert stale.status_code == 409
    assert "version 1 is there now" in stale.content.decode()
    assert hr.post(here, facts | {"reason": "conduct", "version": "1"}).status_code == 302
    made = Separation.objects.get()
    assert (made.reason, made.version, made.recorded_by) == ("conduct", 2, "Hana Ruiz")
    hr.post(f"/people/separations/{made.pk}/1/take-back/")
    assert Separation.objects.exists()
    hr.post(f"/people/separations/{made.pk}/2/take-back/")
    assert not Separation.objects.exists()
    assert "Separation taken back" in hr.get(page).content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"last_day": "", "reason": "study"}, "Choose the last day worked."),
        ({"last_day": "2026-10-14", "reason": ""}, "Choose a reason."),
        ({"last_day": "2026-03-01", "reason": "study"}, "before the first"),
        ({"last_day": "2026-10-14", "reason": "study", "notice_on": "2026-10-15"}, "after the last day"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(
    hr: Browser, floor: list[Any], facts: dict[str, str], words: str
) -> None:
    answer = hr.post(f"/people/employments/{floor[0].pk}/separation/", facts | {"note": "typed"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert words in shown
    assert "typed" in shown
    assert not Separation.objects.exists()


def test_strangers_and_other_roles_see_nothing(alpha: Any, hr: Browser, floor: list[Any]) -> None:
    assert hr.get(f"/people/{alpha.pk}/").status_code == 404
    assert hr.post(f"/people/employments/{alpha.pk}/separation/").status_code == 404
    open_account(
        email="lead@bpo.example", name="Lead", password=PASSWORD, role="team_lead", client=alpha, client_realm=False,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    lead = Browser(HTTP_HOST="ops.bpo.test")
    lead.post("/sign-in/", {"email": "lead@bpo.example", "password": PASSWORD})
    assert lead.get("/people/").status_code == 403
    assert lead.post(f"/people/employments/{floor[0].pk}/separation/").status_code == 403


def test_the_palette_finds_people_for_those_who_may_see_them(alpha: Any, floor: list[Any]) -> None:
    def hits(role: str) -> list[str]:
        allowed = permissions_of({role}, on_operator=True)
        principal = Principal(alpha.pk, "x", "staff", frozenset({role}), True, permissions=allowed)
        return [hit.label for found in search.collect(Query("rey", principal)) for hit in found]

    assert hits("hr") == ["Ana Reyes"]
    assert hits("planner") == []


def test_every_text_can_be_translated(hr: Browser, floor: list[Any]) -> None:
    hr.post(f"/people/employments/{floor[1].pk}/separation/", {"last_day": "2026-10-14", "reason": "study"})
    hr.get("/people/")  # takes the toast, which was said in English
    pages = ("/people/", "/people/?state=left", "/people/?q=zz", *(f"/people/{one.employee_id}/" for one in floor))
    with pseudo_locale():
        found = {path: untranslated(hr.get(path).content.decode()) for path in pages}
    data = {
        "Ana Reyes",
        "Ben Cruz",
        "Alpha",
        "Beta",
        "Billing",
        "Cebu",
        "March class",
    }  # names within a filter's choices and the title
    left = {path: set(texts) - data for path, texts in found.items()}
    assert {path: texts for path, texts in left.items() if texts} == {}
