"""The facts of a month against plain loops over the people a test made, two statements however many there are."""

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from attrition import selectors
from attrition.domain.book import Book
from attrition.services import record_separation
from tests.integration.attrition.build import BY, NOW, assignments, person
from tests.statements import statements
from workforce.models import Enrolment, TrainingClass
from workforce.services import assign, transfer

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def floor(alpha: Any, beta: Any) -> list[Any]:
    """Fourteen at alpha for all their time, two of them for a part; one moved in, one moved out, three left."""
    people = [person(f"A{n}", date(2026, 1, 5), (alpha, "1")) for n in range(12)]
    people += [person("S1", date(2026, 2, 2), (alpha, "0.6"), (beta, "0.4"))]
    people += [person("S2", date(2026, 10, 12), (alpha, "0.5"), (beta, "0.5"))]
    people += [person(f"B{n}", date(2026, 3, 2), (beta, "1")) for n in range(3)]
    transfer(assignment=assignments(people[0])[0], client=beta, on=date(2026, 10, 19), by=BY, now=NOW)
    transfer(assignment=assignments(people[-1])[0], client=alpha, on=date(2026, 10, 5), by=BY, now=NOW)
    for who, day, reason in ((1, 31, "study"), (2, 7, "conduct"), (12, 14, "unknown")):
        record_separation(employment=people[who], last_day=date(2026, 10, day), reason=reason, by=BY, now=NOW)
    record_separation(employment=people[3], last_day=date(2026, 9, 30), reason="study", by=BY, now=NOW)
    return people


def daily(client: Any | None) -> list[Decimal]:
    """Headcount of each day of October by a loop over rows."""
    from workforce.models import Assignment, Employment

    rows: list[Any] = list(Assignment.objects.filter(client=client) if client else Employment.objects.all())
    found = []
    for n in range(31):
        day = OCTOBER[0] + timedelta(days=n)
        found.append(
            sum(
                (
                    getattr(r, "share", Decimal(1))
                    for r in rows
                    if r.starts_on <= day and not (r.ends_on and r.ends_on <= day)
                ),
                Decimal(0),
            )
        )
    return found


def test_the_companys_month(floor: list[Any]) -> None:
    facts = selectors.rates_of_month(date(2026, 10, 9)).company
    days = daily(None)
    assert facts.rate.num == 3
    assert facts.rate.den == float(sum(days)) / 31
    assert facts.rate.value == 3 / (float(sum(days)) / 31)
    moved = facts.movement
    assert (moved.opening, moved.hired, moved.gone, moved.closing) == (15, 1, 3, 13)
    assert moved.left == {"voluntary": 1, "involuntary": 1, "other": 1}
    assert (facts.by("opening").value, facts.by("everyone").value) == (3 / 15, 3 / 16)
    assert facts.by("average").value == 3 / 14
    assert selectors.headcount_on(date(2026, 10, 14)) == days[13]


def test_a_clients_month_weighs_by_share_and_knows_moves(alpha: Any, floor: list[Any]) -> None:
    facts = selectors.rates_of_month(date(2026, 10, 1)).clients[alpha.pk]
    moved = facts.movement
    assert (moved.gone, moved.leavers) == (Decimal("2.6"), 3)
    assert (moved.opening, moved.hired, moved.moved_in, moved.moved_out) == (Decimal("11.6"), Decimal("0.5"), 1, 1)
    assert moved.closing == Decimal("11.6") + Decimal("0.5") + 1 - Decimal("2.6") - 1
    assert facts.rate.value == 2.6 / (float(sum(daily(alpha))) / 31)
    assert facts.account.num == Decimal("3.6")
    low, high = facts.interval or (0, 0)
    assert low < (facts.rate.value or 0) < high
    assert not facts.suppressed


def test_a_small_client_is_suppressed(beta: Any, floor: list[Any]) -> None:
    assert selectors.rates_of_month(date(2026, 10, 1)).clients[beta.pk].suppressed


def test_everything_takes_two_statements(alpha: Any, beta: Any) -> None:
    def read() -> None:
        book = selectors.read_book()
        selectors.rates(*OCTOBER, book=book)
        selectors.curve_of_hires(None, None, until=OCTOBER[1], client_id=alpha.pk, book=book)

    person("P1", date(2026, 1, 5), (alpha, "1"))
    assert statements(read) == 2
    person("P2", date(2026, 1, 5), (beta, "1"))
    person("P3", date(2026, 1, 5), (alpha, "0.5"), (beta, "0.5"))
    assert statements(read) == 2


def product_limit(spans: list[tuple[int, int, bool]]) -> list[tuple[int, int, int, float]]:
    """Kaplan-Meier by the book, over (entry, duration, observed)."""
    survival, points = 1.0, []
    for time in sorted({duration for _, duration, gone in spans if gone}):
        at_risk = sum(1 for entry, duration, _ in spans if entry < time <= duration)
        events = sum(1 for _, duration, gone in spans if gone and duration == time)
        survival *= 1 - events / at_risk
        points.append((time, at_risk, events, survival))
    return points


def test_the_curve_of_a_class_counts_its_own_people(alpha: Any, floor: list[Any]) -> None:
    made = TrainingClass.objects.create(client=alpha, name="Class 1", starts_on=date(2026, 1, 5))
    Enrolment.objects.bulk_create(Enrolment(training_class=made, employment=one) for one in floor[:6])
    until = date(2026, 10, 31)
    curve = selectors.curve_of_class(made.pk, until=until)
    # The first last day on record is 30 September: nobody is watched before day 268 of those hired on 5 January.
    entry = (date(2026, 9, 30) - date(2026, 1, 5)).days
    days = {1: (31, 10), 2: (7, 10), 3: (30, 9)}
    spans = []
    for n in range(6):
        end = date(2026, days[n][1], days[n][0]) if n in days else until
        spans.append((entry, (end - date(2026, 1, 5)).days + 1, n in days))
    assert (curve.n, curve.left) == (6, 3)
    for point, (time, at_risk, events, survival) in zip(curve.points, product_limit(spans), strict=True):
        assert (point.time, point.at_risk, point.events) == (time, at_risk, events)
        assert math.isclose(point.survival, survival, rel_tol=0, abs_tol=1e-15)
    assert curve.at_risk(entry) == 6
    assert curve.longest(10) == 0


def test_a_client_counts_who_began_there(alpha: Any, beta: Any, floor: list[Any]) -> None:
    book = selectors.read_book()
    at_alpha = selectors.curve_of_hires(None, None, until=OCTOBER[1], client_id=alpha.pk, book=book)
    at_beta = selectors.curve_of_hires(None, None, until=OCTOBER[1], client_id=beta.pk, book=book)
    assert (at_alpha.n, at_beta.n) == (14, 3)


def test_nobody_makes_no_rate_and_no_curve(alpha: Any) -> None:
    found = selectors.rates(*OCTOBER, book=Book([], []))
    assert (found.company.rate.value, found.clients, found.company.interval) == (None, {}, None)
    assert selectors.curve_of_hires(None, None, until=OCTOBER[1]).points == ()


def test_separations_of_a_month_are_read_with_their_people(alpha: Any, beta: Any, floor: list[Any]) -> None:
    assert [one.last_day.day for one in selectors.separations(*OCTOBER)] == [7, 14, 31]
    assert [one.last_day.day for one in selectors.separations(*OCTOBER, client_id=beta.pk)] == [14]


def test_a_change_of_share_moves_only_the_difference(alpha: Any, beta: Any) -> None:
    one = person("P1", date(2026, 1, 5), (alpha, "1"))
    assignments(one)[0].__class__.objects.update(ends_on=date(2026, 10, 12))
    for client, share in ((alpha, "0.6"), (beta, "0.4")):
        assign(employee=one.employee, client=client, share=Decimal(share), starts_on=date(2026, 10, 12), by=BY, now=NOW)
    moved = selectors.rates_of_month(date(2026, 10, 1)).clients[alpha.pk].movement
    assert (moved.opening, moved.moved_in, moved.moved_out, moved.closing) == (1, 0, Decimal("0.4"), Decimal("0.6"))
