"""The attrition page: each figure opens, small groups hide, and nothing depends on how many there are."""

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from attrition import selectors
from attrition.definitions import DEFINITIONS
from attrition.services import record_separation
from bpo.actors import system
from bpo.ui.numbers import number, percent
from bpo.ui.pseudo import pseudo_locale, untranslated
from console.people import open_account
from tests.integration.attrition.build import BY, NOW, person
from tests.people import PASSWORD
from tests.statements import grows_with_rows, statements
from workforce.models import Enrolment, Placement, TrainingClass

OCTOBER = "until=2026-10&months=1"


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
    """Twenty-four at alpha, of whom four leave in October; twelve at beta, of whom nobody does."""
    found = [person(f"A{n:02}", date(2026, 1, 5), (alpha, "1")) for n in range(24)]
    found += [person(f"B{n:02}", date(2026, 2, 2), (beta, "1")) for n in range(12)]
    made = TrainingClass.objects.create(client=alpha, name="January class", starts_on=date(2026, 1, 5))
    Enrolment.objects.bulk_create(Enrolment(training_class=made, employment=one) for one in found[:20])
    for n, reason in enumerate(("study", "conduct", "unknown", "job_abandonment")):
        record_separation(employment=found[n], last_day=date(2026, 10, 5 + n), reason=reason, by=BY, now=NOW)
    return found


def told(browser: Browser, query: str = OCTOBER, path: str = "/attrition/") -> str:
    answer = browser.get(f"{path}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_sends_the_same_statements_at_1_and_3_people(alpha: Any, hr: Browser) -> None:
    count = iter(range(100))

    def add(rows: int) -> None:
        for _ in range(rows):
            one = person(f"P{next(count)}", date(2026, 1, 5), (alpha, "1"))
            record_separation(employment=one, last_day=date(2026, 10, 7), reason="study", by=BY, now=NOW)

    assert grows_with_rows(lambda: hr.get(f"/attrition/?{OCTOBER}"), add) is None
    assert statements(lambda: hr.get(f"/attrition/?{OCTOBER}")) == 7
    path = f"/attrition/definitions/mean/?{OCTOBER}"
    assert statements(lambda: hr.get(path)) == 7


def test_rate_parts_and_waterfall_are_the_plain_loops(hr: Browser, floor: list[Any]) -> None:
    days = 24 * 31 - sum(31 - (5 + n) for n in range(4)) + 12 * 31
    page = told(hr)
    assert f"{percent(4 / (days / 31))}" in page
    assert '<dd id="leavers">4</dd>' in page
    assert f"<dd>{number(days / 31, 1)}</dd>" in page
    assert "32 people: 0 came, 4 went, 4 of them left the company" in page
    for words in ("4 / 34", "4 / 36", f"2 / {number(days / 31, 1)}", "By choice, with no-shows"):
        assert words in page, words


def test_a_client_is_looked_at_alone_and_set_against_the_others(alpha: Any, hr: Browser, floor: list[Any]) -> None:
    page = told(hr, f"{OCTOBER}&client=alpha")
    assert "Account view, with moves out" in page
    assert "20 people: 0 came, 4 went" in page
    assert "Not distinguishable" in page
    rows = told(hr, OCTOBER, "/attrition/clients.csv").splitlines()
    assert rows[1].startswith("Alpha,2026-10-01,2026-10-31,4,")
    assert rows[2].startswith("Beta,2026-10-01,2026-10-31,0,12,0,")


def test_a_group_under_ten_shows_nothing_but_that(hr: Browser, floor: list[Any]) -> None:
    for n in range(12, 15):
        record_separation(employment=floor[24 + n - 12], last_day=date(2026, 9, 1), reason="study", by=BY, now=NOW)
    page = told(hr, f"{OCTOBER}&client=beta")
    assert "n = 9, needs 10" in page
    assert "Too few people to show who came and went" in page
    panel = told(hr, f"{OCTOBER}&client=beta", "/attrition/definitions/mean/")
    assert "Who left" not in panel
    assert "Beta,2026-10-01,2026-10-31,,,,,," in told(hr, OCTOBER, "/attrition/clients.csv")


@pytest.mark.parametrize("key", list(DEFINITIONS))
def test_every_figure_opens_its_definition(hr: Browser, floor: list[Any], key: str) -> None:
    query = f"{OCTOBER}&client=alpha"
    assert f'href="/attrition/definitions/{key}/?{query.replace("&", "&amp;")}" data-panel' in told(hr, query)
    full = told(hr, query, f"/attrition/definitions/{key}/")
    assert str(DEFINITIONS[key].formula) in full
    assert "Who left" in full
    panel = hr.get(f"/attrition/definitions/{key}/?{query}", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in panel
    assert "data-panel-title" in panel


def test_a_class_has_its_curve_and_table(alpha: Any, hr: Browser, floor: list[Any]) -> None:
    made = TrainingClass.objects.get()
    page = told(hr, f"{OCTOBER}&group={made.pk}")
    assert "January class: 20 people, 4 left" in page
    curve = selectors.curve_of_class(made.pk, until=date(2026, 10, 31))
    for point in curve.points:
        assert f'<th scope="row" class="n">{point.time:.0f}</th><td class="n">{point.at_risk}</td>' in page
        assert f"{percent(point.survival)}</td>" in page


def test_nobody_and_nothing(alpha: Any, beta: Any, hr: Browser) -> None:
    assert "No employment on record yet" in told(hr)
    person("P1", date(2026, 1, 5), (alpha, "1"))
    assert "Nobody worked here then" in told(hr, f"{OCTOBER}&client=beta")
    assert hr.get("/attrition/?until=nonsense&months=7&client=zz&group=q").status_code == 200
    assert hr.get("/attrition/definitions/shrink/").status_code == 404


def test_every_text_can_be_translated(hr: Browser, floor: list[Any]) -> None:
    pages = [
        f"/attrition/?{OCTOBER}",
        f"/attrition/?{OCTOBER}&client=alpha&months=3",
        "/attrition/?client=beta&until=2025-06",
    ]
    pages.append(f"/attrition/definitions/mean/?{OCTOBER}")
    with pseudo_locale():
        found = {path: untranslated(hr.get(path).content.decode()) for path in pages}
    data = {"Alpha", "Beta", "January class"}
    left = {path: set(texts) - data for path, texts in found.items()}
    assert {path: texts for path, texts in left.items() if texts} == {}


@pytest.mark.parametrize("path", ["attrition/separation", "workforce/trainingclass", "workforce/placement"])
def test_the_admins_lists_send_the_same_statements_at_1_and_3_rows(alpha: Any, path: str) -> None:
    open_account(
        email="admin@bpo.example", name="Ewelina", password=PASSWORD, role="operator_admin", client=None,
        client_realm=False, by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    admin = Browser(HTTP_HOST="ops.bpo.test")
    admin.post("/sign-in/", {"email": "admin@bpo.example", "password": PASSWORD})
    count = iter(range(100))

    def add(rows: int) -> None:
        for _ in range(rows):
            n = next(count)
            one = person(f"P{n}", date(2026, 1, 5), (alpha, "1"))
            TrainingClass.objects.create(client=alpha, name=f"Class {n}", starts_on=date(2026, 1, 5))
            Placement.objects.create(
                assignment=one.employee.assignments.get(), team_id=one.pk, team_name="T", starts_on=date(2026, 1, 5)
            )
            record_separation(employment=one, last_day=date(2026, 10, 7), reason="study", by=BY, now=NOW)

    assert grows_with_rows(lambda: admin.get(f"/admin/{path}/"), add) is None
    assert admin.get(f"/admin/{path}/").status_code == 200
