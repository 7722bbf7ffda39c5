"""The identity of the waterfall, headcounts by day, and exact limits."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.domain.intervals import rate_ratio
from attrition.domain.movement import Spell, headcount, movement
from attrition.domain.reasons import KINDS, REASONS, kind_of

BASE = date(2026, 1, 1)
FIRST, LAST = date(2026, 2, 1), date(2026, 3, 2)


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    start = BASE + timedelta(days=draw(st.integers(0, 90)))
    length = draw(st.none() | st.integers(1, 90))
    left = draw(st.sampled_from(["", *KINDS])) if length else ""
    weight = draw(st.sampled_from([Decimal("0.25"), Decimal("0.6"), Decimal(1)]))
    return Spell(start, length and start + timedelta(days=length), weight, draw(st.booleans()), left)


@given(st.lists(spells(), max_size=30))
def test_opening_and_what_happened_make_the_closing(found: list[Spell]) -> None:
    moved = movement(found, FIRST, LAST)
    assert moved.opening + moved.hired + moved.moved_in - moved.gone - moved.moved_out == moved.closing
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert moved.person_days == sum(headcount(found, day) for day in days)
    assert moved.leavers == sum(
        1 for one in found if one.left and one.ends_on and FIRST < one.ends_on <= LAST + timedelta(1)
    )


def test_the_daily_mean_of_thirty_days() -> None:
    """100 heads on days 1 to 10, 12 leave, 88 to day 20, a class of 30 joins: 102 a day, not the 109 of two points."""
    first = date(2026, 6, 1)
    stay = [Spell(date(2026, 1, 1)) for _ in range(88)]
    go = [Spell(date(2026, 1, 1), date(2026, 6, 11), left="voluntary") for _ in range(12)]
    join = [Spell(date(2026, 6, 21)) for _ in range(30)]
    moved = movement([*stay, *go, *join], first, date(2026, 6, 30))
    assert (moved.mean, moved.opening, moved.closing, moved.gone) == (102.0, 100, 118, 12)


def test_the_last_day_is_worked_and_counts_in_its_month() -> None:
    spell = Spell(date(2026, 1, 5), date(2026, 2, 1), left="other")
    assert spell.on(date(2026, 1, 31))
    assert not spell.on(date(2026, 2, 1))
    assert movement([spell], date(2026, 1, 1), date(2026, 1, 31)).leavers == 1
    assert movement([spell], date(2026, 2, 1), date(2026, 2, 28)).leavers == 0


def test_a_range_the_wrong_way_round_is_named() -> None:
    with pytest.raises(ValueError, match="before first"):
        movement([], LAST, FIRST)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(1, 500), st.floats(1, 500))
def test_the_ratio_lies_within_its_limits_and_turns_round(n: int, rest: int, mine: float, theirs: float) -> None:
    found, other = rate_ratio(n, mine, rest, theirs), rate_ratio(rest, theirs, n, mine)
    if found.value is not None and found.high is not None:
        assert found.low <= found.value <= found.high
    turned = {"higher": "lower", "lower": "higher", "same": "same"}
    assert other.verdict == turned[found.verdict]


def test_every_reason_has_one_kind() -> None:
    assert set(REASONS.values()) == set(KINDS)
    assert kind_of("job_abandonment") == "voluntary"
    with pytest.raises(ValueError, match="bored"):
        kind_of("bored")
