"""Every measure against a plain loop over the same rows, and the edges of its definition."""

from datetime import timedelta
from math import sqrt
from statistics import mean, stdev
from typing import Any

import pytest

from bpo.tenancy.context import enter
from interactions.models import Interaction
from reports.measures import DEFINITIONS, figures, week_figures
from reports.measures.facts import Facts
from tests.integration.reports.build import MONDAY, SUNDAY, floor, queue
from tests.statements import statements


def by_hand(rows: list[Any], start: Any, end: Any) -> dict[str, tuple[float, float]]:
    """Numerator and denominator (sum and n for the mean) of each measure made of interactions alone."""
    week = [one for one in rows if start <= one.business_date <= end]
    inbound = [one for one in week if one.direction == "in"]
    in_time = [one for one in inbound if one.wait_seconds is not None]
    promised = {one.pk: one.queue.answer_within_seconds for one in inbound}
    late_or_answered = [one for one in in_time if not one.abandoned or one.wait_seconds > promised[one.pk]]
    good = [one for one in in_time if not one.abandoned and one.wait_seconds <= promised[one.pk]]
    calls = [one for one in inbound if one.channel in ("voice", "chat")]
    times = handling(inbound)
    first = [
        one for one in rows
        if start - timedelta(days=7) <= one.business_date <= end - timedelta(days=7)
        and one.direction == "in" and not one.abandoned and one.customer_id
    ]  # fmt: skip
    return {
        "SL-2": (len(good), len(late_or_answered)),
        "AB-1": (len([one for one in calls if one.abandoned]), len(calls)),
        "HT-1": (sum(times), len(times)),
        "FC-2": (len([one for one in first if not repeated(one, rows)]), len(first)),
        "VO-1": (len(inbound), 1),
        "HC-1": (len({one.agent_id for one in week if one.agent_id}), 1),
    }


def repeated(one: Any, rows: list[Any]) -> bool:
    return any(
        other.customer_id == one.customer_id and other.direction == "in"
        and timedelta(0) < other.started_at - one.started_at <= timedelta(days=7)
        for other in rows
    )  # fmt: skip


def handling(inbound: list[Any]) -> list[int]:
    parts = [
        [part for part in (one.talk_seconds, one.hold_seconds, one.after_call_seconds) if part is not None]
        for one in inbound
        if not one.abandoned
    ]
    return [sum(known) for known in parts if known]


def test_each_figure_is_what_a_plain_loop_over_the_rows_gives(alpha: Any) -> None:
    with enter(alpha.ref()):
        rows = floor()
        found = week_figures(MONDAY, SUNDAY)
        expected = by_hand(rows, MONDAY, SUNDAY)
    assert {code: (found[code].num, found[code].den) for code in expected} == expected
    assert all(den > 50 for code, (_, den) in expected.items() if code not in ("VO-1", "HC-1"))
    assert all(num / den == found[code].value for code, (num, den) in expected.items())
    assert set(found) == set(DEFINITIONS)


def test_the_interval_of_handling_time_is_students(alpha: Any) -> None:
    with enter(alpha.ref()):
        rows = floor(weeks=1, a_day=3)
        found = week_figures(MONDAY, SUNDAY)["HT-1"]
    times = handling([one for one in rows if one.direction == "in"])
    assert found.n == len(times)
    assert found.error == pytest.approx(stdev(times) / sqrt(len(times)), rel=1e-12)
    assert found.low is not None
    assert found.high is not None
    middle, half = (found.low + found.high) / 2, (found.high - found.low) / 2
    assert middle == pytest.approx(mean(times))
    assert half > 1.96 * found.error, "t is wider than the normal"


def test_what_is_left_out_of_the_service_level_is_counted(alpha: Any) -> None:
    with enter(alpha.ref()):
        rows = floor()
        found = week_figures(MONDAY, SUNDAY)["SL-2"]
    week = [one for one in rows if one.business_date >= MONDAY]
    assert found.den + sum(found.excluded.values()) == len(week), "every row of the week is in, or counted as left out"


def test_a_queue_has_its_own_promise_and_the_queues_add_up(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        facts = Facts(MONDAY, SUNDAY)
        parts = [figures(facts, queue(key).pk)["SL-2"] for key in ("billing", "mail")]
        whole = figures(facts)["SL-2"]
    assert sum(one.num for one in parts) == whole.num
    assert sum(one.den for one in parts) == whole.den
    assert parts[0].value != parts[1].value


def test_nothing_measured_is_no_value_and_no_interval(alpha: Any) -> None:
    with enter(alpha.ref()):
        found = week_figures(MONDAY, SUNDAY)
    assert found["SL-2"].value is None
    assert found["SL-2"].low is None
    assert found["SL-2"].n == 0
    assert found["HT-1"].value is None
    assert found["VO-1"].value == 0


def test_a_day_of_handling_does_not_overflow(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = floor(weeks=1, a_day=1)[0]
        long = dict.fromkeys(("talk_seconds", "hold_seconds", "after_call_seconds"), 2_000_000_000)
        Interaction.objects.update(direction="in", abandoned=False, agent=one.agent, **long)
        assert week_figures(MONDAY, SUNDAY)["HT-1"].value == 6_000_000_000


def test_statements_do_not_grow_with_rows(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=1)
        few = statements(lambda: week_figures(MONDAY, SUNDAY))
        floor(weeks=2, a_day=20, seed=8)
        assert (few, statements(lambda: week_figures(MONDAY, SUNDAY))) == (7, 7)


def test_an_end_before_its_start_is_named(alpha: Any) -> None:
    with enter(alpha.ref()), pytest.raises(ValueError, match="end 2026-11-16 is before start 2026-11-22"):
        week_figures(SUNDAY, MONDAY)
