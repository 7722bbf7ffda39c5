"""The middle of a team's scores, moments as people write them, and the levels a note is open to."""

from decimal import Decimal

import pytest
from django import forms

from qa.domain.means import FEWEST_PEOPLE, median_of
from qa.forms import MomentField
from qa.models.note import LEVELS, TO_AGENT, Visibility
from qa.words import middle


def test_a_median_is_of_enough_people_or_of_none() -> None:
    three = [("a", Decimal(60)), ("a", Decimal(70)), ("b", Decimal(80)), ("c", Decimal(90))]
    assert median_of(three).value is None
    assert (median_of(three).n, median_of(three).people) == (4, 3)
    assert median_of([*three, ("d", Decimal(95))]).value == 80.0
    assert median_of([]).value is None


def test_it_says_what_it_is_made_of_or_how_many_it_takes() -> None:
    four = [(name, Decimal(value)) for name, value in (("a", 60), ("b", 80), ("c", 90), ("d", 95))]
    assert middle(median_of(four)) == ("85.0", "n = 4 of 4 people")
    assert middle(median_of(four[:3])) == ("–", f"3 people, needs {FEWEST_PEOPLE}")


@pytest.mark.parametrize(
    ("text", "ms"),
    [("3:24", 204_000), ("204", 204_000), ("0:00", 0), ("61:05", 3_665_000), ("", None), (" 0:34 ", 34_000)],
)
def test_a_moment_is_minutes_and_seconds(text: str, ms: int | None) -> None:
    assert MomentField(required=False).clean(text) == ms


@pytest.mark.parametrize("text", ["soon", "3:60", "3:4", ":30", "1:02:03", "-1", "3.5", "٣:24x"])
def test_what_is_no_moment_says_so(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="no moment"):
        MomentField(required=False).clean(text)


def test_levels_are_in_the_order_that_widens() -> None:
    assert set(LEVELS) == set(Visibility)
    assert LEVELS[-2:] == TO_AGENT
