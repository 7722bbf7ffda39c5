"""From counts to single shifts: how many breaks of a start begin when says nothing of whose they are.

Sorted, the i-th first break goes with the i-th second one, and so on. If any way to pair them keeps the work between
them, this one does: both rules, at least so much work and at most so much, keep their order when sorted.
"""

from collections.abc import Iterable, Mapping

from scheduling.domain.designing.problem import Shift

Counts = Mapping[int, int]  # by the minute a break begins


def paired(kind: int, start: int, count: int, breaks: Iterable[Counts]) -> list[Shift]:
    """So many shifts of one start. ValueError where the breaks of a number are not as many as the shifts."""
    lines = [sorted(at for at, many in those.items() for _ in range(many)) for those in breaks]
    if any(len(line) != count for line in lines):
        raise ValueError("breaks: as many as there are shifts.")
    return [Shift(kind, start, tuple(line[number] for line in lines)) for number in range(count)]
