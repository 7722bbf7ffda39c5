"""What the client's own people may see: whole months that are over, and no answer by itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from bpo.actors import CUSTOMER
from bpo.permissions import Permission
from bpo.roles import ROLES
from bpo.tenancy.context import enter
from surveys.forms import MonthForm, month_before
from surveys.models import Candidate, Invitation, Response
from surveys.secrets import token_of
from surveys.selectors import Period
from surveys.services import consider, record_answer
from tests.integration.surveys.build import NOON, agent, interaction, reason, resolution
from tests.integration.surveys.test_csat import get

READERS = ("client_user", "client_approver")
FIRST, LAST = month_before(timezone.now().date())
MONTH = f"from={FIRST}&to={LAST}"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def answered(score: int, why: str, day: date = FIRST) -> None:
    number = Candidate.objects.count()
    one = resolution(f"r{number}@customer.example", at=at(day), reason=reason(why), agent=agent("Ben"))
    consider(resolution_ids=[one.pk], by=CUSTOMER, now=NOON)
    link = token_of(Invitation.objects.latest("id"))
    record_answer(token=link or "", score=score, comment="Words", by=CUSTOMER, now=NOON)


def ranges() -> Iterator[tuple[date, date]]:
    """Every pair of days about the month."""
    days = [FIRST - timedelta(days=2) + timedelta(days=number) for number in range((LAST - FIRST).days + 5)]
    return combinations(days, 2)


@pytest.mark.parametrize("role", READERS)
def test_no_answer_can_be_read_by_itself(alpha: Any, role: str) -> None:
    with enter(alpha.ref()):
        for score in (5, 4, 1):
            answered(score, "Porting")
        one = Response.objects.latest("id").pk
    for path in ("", f"{one}/", f"{uuid4()}/", "?reason=porting", "?score_to=3"):
        assert get(alpha, f"/api/v1/responses/{path}", role=role).status_code == 403, path
    for path in ("/api/v1/interactions/", "/api/v1/cases/", "/interactions/", "/cases/"):
        assert get(alpha, path, role=role).status_code == 403, path


def test_only_staff_of_the_floor_see_answers_one_by_one() -> None:
    holders = {key for key, role in ROLES.items() if Permission.SEE_ANSWERS in role.permissions}
    assert holders == {"operator_admin", "planner", "trainer", "qa_analyst", "team_lead"}
    assert not [key for key in holders if ROLES[key].realm == "client"]


def test_of_all_periods_only_whole_months_that_are_over_are_answered() -> None:
    today = timezone.now().date()
    open_to = [(start, end) for start, end in ranges() if MonthForm({"from": start, "to": end}, today).is_valid()]
    assert open_to == [(FIRST, LAST)]
    assert not MonthForm({"from": FIRST}, today).is_valid()
    assert not MonthForm({"to": LAST}, today).is_valid()
    assert not MonthForm({"from": FIRST, "to": LAST}, LAST).is_valid()  # its last day is not over
    form = MonthForm({}, today)
    assert form.is_valid()
    assert form.period == Period(FIRST, LAST)


@pytest.mark.parametrize("query", [f"from={FIRST}", f"to={LAST}", f"from={FIRST}&to={LAST - timedelta(days=1)}"])
def test_overlapping_periods_are_refused_on_every_way(alpha: Any, query: str) -> None:
    response = get(alpha, f"/api/v1/csat/?{query}", role="client_user")
    assert response.status_code == 400
    assert "Choose one whole month" in str(response.json()["errors"])
    page = get(alpha, f"/csat/?{query}", role="client_user")
    assert page.status_code == 422
    assert "Choose one whole month" in page.content.decode()
    for path in ("/csat/figures.csv", "/csat/definition/csat/"):
        assert get(alpha, f"{path}?{query}", role="client_user").status_code == 404
    assert get(alpha, f"/api/v1/csat/?{query}").status_code == 200  # the floor asks as it likes


def test_a_month_has_its_figures_and_its_small_reason_stays_hidden_everywhere(alpha: Any) -> None:
    with enter(alpha.ref()):
        for why, n in (("Refund", 20), ("Payment", 6), ("Porting", 3)):
            for number in range(n):
                answered(5 if number % 2 else 1, why)
        answered(5, "Porting", NOON.date() if NOON.date() > LAST else LAST)
    page = get(alpha, "/csat/", role="client_user").content.decode()
    assert "n = 6, hidden" in page
    assert f"?from={FIRST}&amp;to={LAST}" in page
    assert 'type="date"' not in page
    assert "Weighted to the real mix" not in page
    rows = get(alpha, f"/csat/figures.csv?{MONTH}", role="client_user").content.decode()
    assert "survey,reason,Payment,,6,,,,subtraction" in rows
    assert "survey,reason,Porting,,3,,,,too_few" in rows or "survey,reason,Porting,,4,,,,too_few" in rows


def test_a_month_with_too_few_answers_says_how_many_and_no_more(alpha: Any) -> None:
    with enter(alpha.ref()):
        for score in (5, 1):
            answered(score, "Porting")
            interaction(source_rating=score, started_at=at(FIRST))
    found = get(alpha, "/api/v1/csat/", role="client_user").json()
    for name in ("survey", "source_ratings"):
        assert found[name] == {
            "num": None, "den": 2, "value": None, "low": None, "high": None, "mean": None, "counts": None,
        }  # fmt: skip
    assert found["worst_case"] is None
    page = get(alpha, "/csat/", role="client_user").content.decode()
    assert "That is too few to show." in page
    assert "Mean – of 5" in page
    assert "1 of 2" not in page
    assert '<dd class="num">–</dd>' in get(alpha, "/csat/definition/csat/", role="client_user").content.decode()
    assert "survey,all,,,2,,,,too_few" in get(alpha, "/csat/figures.csv", role="client_user").content.decode()
    assert get(alpha, "/api/v1/csat/").json()["survey"]["num"] == 1


def test_the_month_before_a_month_is_whole_too() -> None:
    assert Period(date(2026, 3, 1), date(2026, 3, 31)).before == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert Period(date(2026, 3, 2), date(2026, 3, 31)).before == Period(date(2026, 1, 31), date(2026, 3, 1))
