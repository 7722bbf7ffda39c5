"""Groups, weeks and the change on the satisfaction page, against plain loops over the same answers."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bpo.actors import CUSTOMER
from bpo.tenancy.context import enter
from interactions.models import Actor
from surveys.domain.comparison import difference
from surveys.domain.metrics import wilson
from surveys.figures import Figures, figures
from surveys.models import Invitation, Response
from surveys.secrets import token_of
from surveys.selectors import Period
from surveys.services import consider, record_answer
from tests.integration.surveys.build import NOON, agent, interaction, reason, resolution
from tests.integration.surveys.test_csat import EVER, answer, get

LONG = "A reason whose name goes on and on, as names of reasons do"


def facts(seed: int = 5, size: int = 60) -> list[dict[str, Any]]:
    """Answers as plain rows."""
    chance = random.Random(seed)  # noqa: S311 - sample data
    return [
        {
            "reason": chance.choice(["Refund", "Payment", LONG]),
            "team": chance.choice(["North", "South"]),
            "tenure": chance.choice(["early", "first_year", "later"]),
            "day": NOON.date() - timedelta(days=chance.randrange(40)),
            "score": chance.choice([1, 2, 4, 5, 5]),
        }
        for _ in range(size)
    ]


def person(team: str, tenure: str) -> Actor:
    found = agent(f"{team} {tenure}", team=team)
    found.starts_on = NOON.date() - timedelta(days={"early": 45, "first_year": 200, "later": 900}[tenure])
    found.save()
    return found


def stored(rows: list[dict[str, Any]]) -> None:
    for number, row in enumerate(rows):
        at = NOON.replace(year=row["day"].year, month=row["day"].month, day=row["day"].day)
        who = person(row["team"], row["tenure"])
        one = resolution(f"g{number}@customer.example", at=at, reason=reason(row["reason"]), agent=who)
        consider(resolution_ids=[one.pk], by=CUSTOMER, now=NOON)
        record_answer(
            token=token_of(Invitation.objects.latest("id")) or "", score=row["score"], comment="", by=CUSTOMER, now=NOON
        )


def looked(period: Period = EVER) -> Figures:
    return figures(period, timezone.now())


@pytest.mark.parametrize("key", ["reason", "team", "tenure"])
def test_each_group_has_the_counts_of_a_plain_loop(alpha: Any, key: str) -> None:
    rows = facts()
    with enter(alpha.ref()):
        stored(rows)
        found = looked().survey_compared
    counts: dict[str, Counter[int]] = {}
    for row in rows:
        counts.setdefault(row[key], Counter())[row["score"]] += 1
    good, n = sum(row["score"] >= 4 for row in rows), len(rows)
    groups = next(one.groups for one in found.dimensions if one.key == key)
    assert {one.name: Counter(one.rating.counts) for one in groups} == {
        name: Counter({score: group[score] for score in range(1, 6)}) for name, group in counts.items()
    }
    for one in groups:
        own = counts[str(one.name)]
        own_good = own[4] + own[5]
        assert (one.rating.low, one.rating.high) == wilson(own_good, own.total())
        assert one.against_rest == difference(own_good, own.total(), good - own_good, n - own.total())


def test_weeks_are_those_of_the_business_date_and_a_change_is_claimed_only_if_clear(alpha: Any) -> None:
    rows = facts(size=50)
    with enter(alpha.ref()):
        stored(rows)
        found = looked()
        period = Period(NOON.date() - timedelta(days=13), NOON.date())
        narrowed = looked(period)
    weekly: dict[Any, list[int]] = {}
    for row in rows:
        weekly.setdefault(row["day"] - timedelta(days=row["day"].weekday()), []).append(row["score"])
    assert {week.start: week.rating.den for week in found.weeks if week.rating.den} == {
        start: len(scores) for start, scores in weekly.items()
    }
    inside = [row["score"] for row in rows if period.start <= row["day"] <= period.end]
    before = [row["score"] for row in rows if 14 <= (NOON.date() - row["day"]).days < 28]
    assert narrowed.survey.den == len(inside)
    assert narrowed.change is not None
    assert narrowed.change.before.den == len(before)
    page = get(alpha, f"/csat/?from={period.start}&to={period.end}").content.decode()
    claim = "No clear change" if not narrowed.change.difference.clear else "than the period before"
    assert claim in page


def test_the_share_weighted_by_reason_is_that_of_all_resolutions(alpha: Any) -> None:
    with enter(alpha.ref()):
        stored([{"reason": r, "team": "North", "tenure": "later", "day": NOON.date(), "score": s}
                for r, s in (("Refund", 5), ("Refund", 1), ("Payment", 5), ("Payment", 4)) * 3])  # fmt: skip
        consider(resolution_ids=[resolution("", reason=reason("Refund")).pk for _ in range(6)], by=CUSTOMER, now=NOON)
        found = looked()
    assert found.survey.value == 0.75
    assert found.weighted == pytest.approx((4 * 0.5 + 2 * 1) / 6)
    with enter(alpha.ref()):
        answer(5, why="Porting")
        assert looked().weighted is None, "two hidden reasons could be told from the two shares"


def test_imported_ratings_keep_the_tenure_and_the_shift_their_source_gave(alpha: Any) -> None:
    with enter(alpha.ref()):
        for number in range(24):
            interaction(
                source_rating=5 if number % 3 else 2,
                reason=reason("Refund"),
                tenure_band="On Job Training" if number % 2 else "31-60",
                shift="Night" if number % 4 else "Morning",
            )
        found = looked().source_compared
    named = {one.key: {group.name: group.rating.den for group in one.groups} for one in found.dimensions}
    assert named["tenure"] == {"On Job Training": 12, "31-60": 12}
    assert named["shift"] == {"Night": 18, "Morning": 6}
    page = get(alpha, "/csat/").content.decode()
    assert "On Job Training" in page


def test_every_figure_opens_its_definition_for_the_same_days(alpha: Any) -> None:
    with enter(alpha.ref()):
        stored(facts(size=8))
        n = Response.objects.count()
    page = get(alpha, f"/csat/?to={NOON.date()}").content.decode()
    assert f'href="/csat/definition/csat/?to={NOON.date()}"' in page
    told = get(alpha, f"/csat/definition/csat/?to={NOON.date()}").content.decode()
    assert "Answers of 4 or 5 divided by all answers" in told
    assert f'<dd class="num">{n}</dd>' in told
    assert get(alpha, "/csat/definition/nps/").status_code == 404
    assert get(alpha, "/csat/definition/csat/", role="agent").status_code == 403
