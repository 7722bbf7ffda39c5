"""Means with their interval, seeded draws, and a recording as bars."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.domain.waveform import draw, ticks
from qa.domain.means import mean_of
from qa.domain.sampling import frame_hash, pick
from qa.words import points


def test_the_worked_example_of_five_reviews() -> None:
    found = mean_of([92, 85, 78, 96, 88])
    assert found.n == 5
    assert found.value == pytest.approx(87.8)
    assert (round(found.low or 0, 1), round(found.high or 0, 1)) == (79.3, 96.3)


def test_under_three_there_is_no_interval_and_none_leaves_0_to_100() -> None:
    assert mean_of([]).value is None
    assert (mean_of([90, 80]).value, mean_of([90, 80]).low) == (85.0, None)
    wide = mean_of([100, 100, 40])
    assert wide.high == 100.0


IDS = st.lists(st.uuids(), min_size=1, max_size=12, unique=True)


@given(IDS, st.integers(1, 15), st.text(max_size=8))
def test_a_draw_depends_on_seed_and_frame_alone(ids: list[UUID], quota: int, seed: str) -> None:
    agent = UUID(int=1)
    first = pick({agent: ids}, quota=quota, seed=seed)[agent]
    assert first == pick({agent: list(reversed(ids))}, quota=quota, seed=seed)[agent]
    assert len(first) == min(quota, len(ids))
    assert set(first) <= set(ids)
    assert frame_hash(ids) == frame_hash(reversed(ids))


def test_every_interaction_is_drawn_about_as_often() -> None:
    ids, agent = [UUID(int=number) for number in range(10)], UUID(int=99)
    counts = dict.fromkeys(ids, 0)
    for seed in range(2000):
        for one in pick({agent: ids}, quota=2, seed=str(seed))[agent]:
            counts[one] += 1
    assert sum(counts.values()) == 4000
    assert all(330 < count < 470 for count in counts.values()), counts


def test_no_quota_is_no_draw() -> None:
    with pytest.raises(ValueError, match="quota 0"):
        pick({}, quota=0, seed="s")


def test_bars_shares_and_silences() -> None:
    peaks = {"per_second": 2, "agent": [200, 200, 0, 0, 0, 0, 0, 0], "customer": [0, 0, 0, 0, 0, 0, 150, 0]}
    wave = draw(peaks)
    assert (wave.agent_share, wave.customer_share, wave.silence_share) == (0.25, 0.125, 0.625)
    assert wave.longest_silence_ms == 2000
    assert wave.silences == ((1000, 3000),)
    assert wave.agent.count("M") == wave.customer.count("M") == 8
    assert draw({"per_second": 4, "agent": [9] * 5000}).agent.count("M") == 300
    assert draw({"per_second": 4, "agent": []}).silence_share == 1.0


@pytest.mark.parametrize(("length", "last", "count"), [(40_000, 40, 5), (521_000, 480, 9), (5_000, 0, 1)])
def test_the_axis_has_few_round_marks(length: int, last: int, count: int) -> None:
    found = ticks(length)
    assert (found[0], found[-1], len(found)) == (0, last, count)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("82.50"), "82.5"), (Decimal("79.96"), "79.96"), ("100", "100.0"), (0, "0.0"), (None, "–")],
)
def test_a_score_shows_what_is_compared(value: Decimal | None, text: str) -> None:
    assert points(value) == text
