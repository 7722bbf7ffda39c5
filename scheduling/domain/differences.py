"""How one roster of a week differs from another, by person and day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast
from uuid import UUID

from scheduling.domain.segments import WORK, Part, segments
from scheduling.domain.shifts import Pause

ADDED: Final = "added"
DROPPED: Final = "dropped"
MOVED: Final = "moved"
BREAKS: Final = "breaks"


@dataclass(frozen=True, slots=True)
class Laid:
    """One person's shift of a business date; nobody has two of one date in a roster."""

    person: UUID
    day: date
    start: datetime
    end: datetime
    zone: str
    pauses: tuple[Pause, ...] = ()

    @property
    def breaks(self) -> tuple[Part, ...]:
        """The pauses as they count, whatever order and excess they are written with."""
        return tuple(one for one in segments(self.start, self.end, self.pauses) if one.activity != WORK)


@dataclass(frozen=True, slots=True)
class Difference:
    """One person's day that is not what it was: added, dropped, moved to other times, or with other breaks alone."""

    kind: str
    before: Laid | None
    after: Laid | None

    @property
    def laid(self) -> Laid:
        """The shift there is, else the one there was."""
        return self.after or cast(Laid, self.before)


def differences(before: Iterable[Laid], after: Iterable[Laid]) -> list[Difference]:
    """What changed, by day and then by when it begins. Raises ValueError where somebody has two shifts of a date."""
    then, now = _by_day(before), _by_day(after)
    found = [one for key in then.keys() | now.keys() if (one := _differ(then.get(key), now.get(key)))]
    return sorted(found, key=lambda one: (one.laid.day, one.laid.start, str(one.laid.person)))


def _by_day(roster: Iterable[Laid]) -> dict[tuple[UUID, date], Laid]:
    found = dict[tuple[UUID, date], Laid]()
    for one in roster:
        if (one.person, one.day) in found:
            raise ValueError(f"two shifts of one person on {one.day}")
        found[one.person, one.day] = one
    return found


def _differ(before: Laid | None, after: Laid | None) -> Difference | None:
    if before is None or after is None:
        return Difference(ADDED if before is None else DROPPED, before, after)
    if (before.start, before.end) != (after.start, after.end):
        return Difference(MOVED, before, after)
    if before.pauses == after.pauses or before.breaks == after.breaks:  # the first is the quicker to see
        return None
    return Difference(BREAKS, before, after)


def people_of(found: Sequence[Difference]) -> set[UUID]:
    return {one.laid.person for one in found}
