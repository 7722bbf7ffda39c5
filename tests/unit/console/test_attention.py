"""Why a client needs somebody: each rule holds where it should, and not by chance or for want of data."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.attention import Level, Work, reasons
from console.domain.week import Figure, QueueLevel, Week, last_full_week, weeks_to
from tests.integration.console.weeks import MONDAY, NOW, history, share, week

NO_WORK = Work()


def codes(weeks: list[Week], work: Work = NO_WORK) -> list[tuple[str, str]]:
    return [(one.level.name, one.code) for one in reasons(weeks, work)]


def test_an_ordinary_client_needs_nobody() -> None:
    assert codes(history(week())) == [("QUIET", "in_band")]


@pytest.mark.parametrize(
    ("weeks", "code"),
    [
        ([], "no_week"),
        ([week(interactions=0, days=(0,) * 7)], "no_work"),
        ([week()], "first_week"),
        (history(week(satisfaction=share(2, 3))), "few_answers"),
    ],
)
def test_a_quiet_row_says_what_it_lacks(weeks: list[Week], code: str) -> None:
    assert codes(weeks) == [("QUIET", code)]


def test_a_week_under_target_comes_soon_and_a_second_one_now() -> None:
    under = (QueueLevel("Billing EN", 764, 1000, 0.8),)
    one = history(week(queues=under))
    assert codes(one) == [("SOON", "sl_under")]
    three = [*one[:-3], *[replace(old, queues=under) for old in one[-3:]]]
    [found] = reasons(three)
    assert (found.level, found.facts["weeks"], found.facts["value"]) == (Level.NOW, 3, 0.764)


def test_meeting_the_target_exactly_is_meeting_it_and_four_calls_are_no_week() -> None:
    assert codes(history(week(queues=(QueueLevel("Billing EN", 800, 1000, 0.8),)))) == [("QUIET", "in_band")]
    assert codes(history(week(queues=(QueueLevel("Billing EN", 1, 4, 0.8),)))) == [("QUIET", "in_band")]


def test_one_queue_under_target_is_named_though_all_together_meet_it() -> None:
    queues = (QueueLevel("Billing EN", 990, 1000, 0.8), QueueLevel("Chat", 70, 100, 0.8))
    [found] = reasons(history(week(queues=queues)))
    assert found.facts["queue"] == "Chat"


def test_a_fall_of_csat_within_chance_is_none() -> None:
    assert codes(history(week(satisfaction=share(115, 150)))) == [("QUIET", "in_band")]
    [found] = reasons(history(week(satisfaction=share(95, 150))))
    assert (found.code, found.level) == ("csat_fell", Level.SOON)
    assert found.facts["high"] < 0
    assert found.facts["before"] == 0.8


def test_a_rise_of_csat_needs_nobody() -> None:
    assert codes(history(week(satisfaction=share(149, 150)))) == [("QUIET", "in_band")]


def test_attrition_is_above_its_band_only_beyond_the_interval_of_the_four_weeks_before() -> None:
    assert codes(history(week(attrition=Figure(0.139, 5.56, 40, 6)))) == [("QUIET", "in_band")]
    [found] = reasons(history(week(attrition=Figure(0.15, 6, 40, 6))))
    assert (found.code, found.facts["high"]) == ("attrition_above", 0.139)
    assert codes(history(week(attrition=Figure(0.15, 6, 40, 6)), count=4)) == [("QUIET", "in_band")]


def test_a_silent_day_is_named_with_what_is_usual() -> None:
    [found] = reasons(history(week(days=(200, 210, 0, 205, 195, 100, 100))))
    assert (found.level, found.code) == (Level.NOW, "day_missing")
    assert found.facts == {"day": date(2026, 11, 18), "count": 0, "usual": 190}


def test_a_day_a_client_never_works_is_not_missing() -> None:
    closed = (200, 210, 190, 205, 195, 0, 0)
    weeks = [week(MONDAY - timedelta(weeks=back), days=closed) for back in range(7, -1, -1)]
    assert codes(weeks) == [("QUIET", "in_band")]


def test_a_part_of_a_day_missing_is_seen_and_a_slow_day_is_not() -> None:
    assert codes(history(week(days=(200, 210, 20, 205, 195, 100, 100)))) == [("NOW", "day_missing")]
    assert codes(history(week(days=(200, 210, 60, 205, 195, 100, 100)))) == [("QUIET", "in_band")]


def test_dead_jobs_come_before_all_and_every_reason_is_told() -> None:
    bad = week(
        queues=(QueueLevel("Billing EN", 1, 1000, 0.8),),
        satisfaction=share(10, 150),
        days=(0, 210, 190, 205, 195, 100, 100),
    )
    assert codes(history(bad), Work(dead=2, uncertain=1, kind="reports.build")) == [
        ("NOW", "jobs_dead"), ("NOW", "day_missing"),
        ("SOON", "csat_fell"), ("SOON", "sl_under"), ("SOON", "jobs_uncertain"),
    ]  # fmt: skip


COUNTS = st.integers(0, 400)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=0, max_size=8))
def test_any_history_gives_a_reason_and_a_week_survives_being_kept(rows: list[tuple[int, int, int]]) -> None:
    weeks = []
    for number, (good, n, calls) in enumerate(rows):
        num, den = min(good, n), n
        start = MONDAY - timedelta(weeks=len(rows) - number - 1)
        weeks.append(
            week(start, satisfaction=share(num, den), days=(calls,) * 7, queues=(QueueLevel("Q", num, den, 0.8),))
        )
    found = reasons(weeks)
    assert found
    assert found == sorted(found, key=lambda one: (one.level, -one.weight, one.code))
    assert [Week.from_dict(one.start, one.as_dict()) for one in weeks] == weeks


def test_the_last_full_week_is_the_clients_own() -> None:
    assert last_full_week(NOW, "Asia/Manila") == MONDAY
    assert weeks_to(MONDAY, 2) == [date(2026, 11, 9), MONDAY]
    sunday_evening = NOW.replace(day=22, hour=17)
    assert last_full_week(sunday_evening, "Asia/Manila") == MONDAY, "it is Monday in Manila"
    assert last_full_week(sunday_evening, "Europe/Berlin") == date(2026, 11, 9)
