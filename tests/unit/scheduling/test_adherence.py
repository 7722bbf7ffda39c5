from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.adherence import Segment, adherence, conformance


def work(start: float, end: float) -> Segment:
    """On the queue, in minutes."""
    return start * 60, end * 60, "queue"


HOUR = [work(0, 60)]


def test_ten_late_and_ten_after():
    actual = [work(10, 70)]
    assert adherence(HOUR, actual, count_outside=True) == pytest.approx(0.7143, abs=5e-5)
    assert adherence(HOUR, actual) == pytest.approx(0.8333, abs=5e-5)
    assert conformance(HOUR, actual) == 1


def test_a_quarter_late_and_a_quarter_longer():
    assert adherence(HOUR, [work(15, 75)]) == 0.75
    assert conformance(HOUR, [work(15, 75)]) == 1


def test_a_break_moved_by_half_an_hour():
    scheduled = [work(0, 60), (3600, 4500, "break"), work(75, 240)]
    actual = [work(0, 90), (5400, 6300, "break"), work(105, 240)]
    assert adherence(scheduled, actual) == 0.875
    of_service = [[one for one in side if one[2] == "queue"] for side in (scheduled, actual)]
    assert adherence(*of_service) == pytest.approx(0.9333, abs=5e-5)


def test_tolerance_forgives_an_unbroken_mismatch_or_none_of_it():
    actual = [work(2, 30), work(33, 60)]
    assert adherence(HOUR, actual, tolerance=120) == pytest.approx(1 - 3 / 60)
    assert adherence(HOUR, actual, tolerance=180) == 1
    assert adherence(HOUR, actual) == pytest.approx(1 - 5 / 60)
    two_in_a_row = [work(0, 50), (3000, 3300, "meeting"), (3300, 3600, "break")]
    assert adherence(HOUR, two_in_a_row, tolerance=300) == pytest.approx(1 - 10 / 60)


def test_a_pause_in_the_schedule_breaks_a_mismatch():
    assert adherence([work(0, 10), work(20, 30)], [work(5, 20)], tolerance=600) == 1
    assert adherence([work(0, 10), work(20, 30)], [work(12, 14)], tolerance=600) == 1
    assert adherence([work(0, 10), work(10, 20)], [work(30, 31)], tolerance=600) == 0


def test_nothing_on_one_side_is_not_a_number():
    for scheduled, actual in (([], HOUR), (HOUR, []), ([], []), ([work(5, 5)], HOUR)):
        assert adherence(scheduled, actual) is None
        assert conformance(scheduled, actual) is None
    assert conformance(HOUR, [work(0, 90)]) == 1.5


def test_instants_are_compared_across_a_change_of_clocks():
    berlin = ZoneInfo("Europe/Berlin")
    start, end = datetime(2026, 10, 25, 1, tzinfo=berlin), datetime(2026, 10, 25, 4, tzinfo=berlin)
    actual = [(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC), "queue")]
    assert conformance([(start, end, "queue")], actual) == 0.75
    assert adherence([(start, end, "queue")], actual) == 0.75


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ([work(0, 10), work(9, 20)], "actual must not overlap: 'queue' and 'queue'"),
        ([work(10, 0)], "actual must not end before it starts"),
        ([(datetime(2026, 1, 1), datetime(2026, 1, 2), "queue")], "actual must have a zone"),  # noqa: DTZ001
        ([(0, datetime(2026, 1, 2, tzinfo=UTC), "queue")], "actual must be in seconds or in datetimes, not both"),
    ],
)
def test_segments_that_cannot_be_are_refused(segments: list[Segment], words: str):
    for measure in (adherence, conformance):
        with pytest.raises(ValueError, match=words):
            measure(HOUR, segments)


def test_a_negative_tolerance_is_refused():
    with pytest.raises(ValueError, match="tolerance must be at least 0 seconds, not -1"):
        adherence(HOUR, HOUR, tolerance=-1)


@st.composite
def days(draw: st.DrawFn) -> list[Segment]:
    edges = sorted(draw(st.sets(st.integers(0, 200), min_size=2, max_size=10)))
    kept = draw(st.lists(st.sampled_from([None, "queue", "break"]), min_size=len(edges) - 1, max_size=len(edges) - 1))
    return [(a, b, what) for a, b, what in zip(edges, edges[1:], kept, strict=False) if what]


def second_by_second(scheduled: list[Segment], actual: list[Segment], tolerance: int, outside: bool) -> float:
    due, done = ({s: what for start, end, what in side for s in range(start, end)} for side in (scheduled, actual))
    wrong = [s for s in range(201) if (due[s] != done.get(s) if s in due else outside and s in done)]
    runs: list[list[int]] = []
    for second in wrong:
        if runs and runs[-1][-1] == second - 1:
            runs[-1].append(second)
        else:
            runs.append([second])
    whole = len(due) + (len(done.keys() - due.keys()) if outside else 0)
    return max(0, 1 - sum(len(run) for run in runs if len(run) > tolerance) / whole)


@given(days(), days(), st.integers(0, 30), st.booleans())
def test_it_is_what_a_loop_over_seconds_finds(
    scheduled: list[Segment], actual: list[Segment], tolerance: int, outside: bool
):
    found = adherence(scheduled, actual, tolerance=tolerance, count_outside=outside)
    if not scheduled or not actual:
        assert found is None
        return
    assert found == pytest.approx(second_by_second(scheduled, actual, tolerance, outside))
    noon = datetime(2026, 3, 29, tzinfo=UTC)
    as_instants = [
        [(noon + timedelta(seconds=a), noon + timedelta(seconds=b), what) for a, b, what in side]
        for side in (scheduled, actual)
    ]
    assert adherence(*as_instants, tolerance=tolerance, count_outside=outside) == found
