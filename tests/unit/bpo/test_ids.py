import threading
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.ids import _Sequence, uuid7

MILLISECOND = 1_000_000


@given(st.integers(0, (2**48 - 1) * MILLISECOND))
def test_carries_version_variant_and_the_given_millisecond(now_ns: int) -> None:
    made = uuid7(now_ns)
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == now_ns // MILLISECOND


def test_rises_within_one_millisecond() -> None:
    made = [uuid7(1_700_000_000_000 * MILLISECOND) for _ in range(5_000)]
    assert made == sorted(set(made))


def test_takes_the_next_millisecond_when_one_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpo.ids.secrets.randbits", lambda bits: 2**bits - 1)
    made = [uuid7(5 * MILLISECOND) for _ in range(3)]
    monkeypatch.setattr("bpo.ids._STEP_BITS", 74)
    made += [uuid7(5 * MILLISECOND)]
    assert made == sorted(set(made))
    assert made[-1].int >> 80 == 6


def test_reads_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpo.ids._from_clock", _Sequence(never_back=True))  # the clock may have stepped back before
    before = time.time_ns() // MILLISECOND
    made = uuid7()
    assert before <= made.int >> 80 <= time.time_ns() // MILLISECOND + 1


def test_does_not_follow_a_clock_that_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = uuid7()
    monkeypatch.setattr("bpo.ids.time.time_ns", lambda: 1_000 * MILLISECOND)
    assert uuid7() > ahead


def test_rises_for_each_of_many_threads_and_repeats_none() -> None:
    made: list[list[uuid.UUID]] = [[] for _ in range(8)]

    def work(mine: list[uuid.UUID]) -> None:
        mine.extend(uuid7() for _ in range(2_000))

    threads = [threading.Thread(target=work, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in made)
    assert len({one for mine in made for one in mine}) == 16_000


@pytest.mark.parametrize("now_ns", [-1, 2**48 * MILLISECOND])
def test_refuses_a_time_it_cannot_hold(now_ns: int) -> None:
    with pytest.raises(ValueError, match="now_ns"):
        uuid7(now_ns)
