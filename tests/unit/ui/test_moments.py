from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bpo.ui.moments import ago, when

NOW = datetime(2026, 11, 23, 14, 12, tzinfo=UTC)
CALL = datetime(2026, 11, 19, 17, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_london():
    with timezone.override("Europe/London"):
        yield


def test_an_instant_is_said_in_the_readers_zone_without_naming_it():
    assert when(CALL, now=NOW) == "Thu 19 Nov, 17:14"
    assert when(CALL, now=NOW, zone="Europe/London") == "Thu 19 Nov, 17:14"


def test_another_zone_is_named_and_both_are_given_when_both_matter():
    assert when(CALL, now=NOW, zone="Asia/Manila") == "Fri 20 Nov, 01:14 Manila"
    assert when(CALL, now=NOW, zone="Asia/Manila", both=True) == "Fri 20 Nov, 01:14 Manila (Thu 17:14 London)"


def test_a_zone_whose_clock_agrees_at_that_instant_is_not_named():
    assert when(CALL, now=NOW, zone="Europe/Lisbon") == "Thu 19 Nov, 17:14"


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "Today, 14:12"), (-1, "Yesterday, 14:12"), (1, "Tomorrow, 14:12"), (-365, "23 Nov 2025, 14:12")],
)
def test_days_near_and_years_far_are_said_as_people_do(days, text):
    assert when(NOW + timedelta(days=days), now=NOW) == text
    inside = text.replace("Today", "today").replace("Yesterday", "yesterday").replace("Tomorrow", "tomorrow")
    assert when(NOW + timedelta(days=days), now=NOW, inside=True) == inside


def test_today_is_the_zones_own_today():
    assert when(datetime(2026, 11, 23, 17, 0, tzinfo=UTC), now=NOW, zone="Asia/Manila") == "Tomorrow, 01:00 Manila"


def test_a_naive_datetime_is_refused():
    with pytest.raises(ValueError, match="no zone"):
        when(datetime(2026, 11, 23), now=NOW)  # noqa: DTZ001 - the bad value under test


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "just now"), (40, "40 s ago"), (7805, "2 h 10 min ago"), (200_000, "2 days ago"), (-900, "in 15 min")],
)
def test_a_distance_in_time_is_coarse(seconds, text):
    assert ago(NOW - timedelta(seconds=seconds), now=NOW) == text
