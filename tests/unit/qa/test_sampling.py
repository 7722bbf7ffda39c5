"""Samples by lot: who is drawn, who comes next, and which week is over."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.sampling import by_lot, frame_hash, last_week, pick

IDS = st.lists(st.uuids(), min_size=1, max_size=30, unique=True)


@given(IDS, st.integers(1, 10), st.text(min_size=1, max_size=20))
def test_the_sample_is_the_head_of_the_lot(ids: list[UUID], quota: int, seed: str) -> None:
    agent = uuid4()
    drawn = pick({agent: ids}, quota=quota, seed=seed)[agent]
    assert drawn == by_lot(reversed(ids), seed=seed)[:quota]
    assert len(drawn) == min(quota, len(ids))


@given(IDS)
def test_the_order_of_the_frame_changes_neither_hash_nor_lot(ids: list[UUID]) -> None:
    assert frame_hash(ids) == frame_hash(reversed(ids))
    assert by_lot(ids, seed="s") == by_lot(reversed(ids), seed="s")


def test_a_vector_of_the_lot() -> None:
    ids = [UUID(int=n) for n in range(1, 5)]
    assert [one.int for one in by_lot(ids, seed="a")] == [3, 1, 2, 4]
    assert frame_hash(ids[:1]) == "7ac1b8d7010bb6cd3a3e84e7f90136b880bbc899e428ece49333372911ab9052"


@pytest.mark.parametrize(
    ("today", "monday"),
    [("2026-11-30", "2026-11-23"), ("2026-11-29", "2026-11-16"), ("2026-12-02", "2026-11-23")],
)
def test_the_week_that_is_over(today: str, monday: str) -> None:
    assert last_week(date.fromisoformat(today)) == date.fromisoformat(monday)
