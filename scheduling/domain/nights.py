"""How much of a shift lies in the night of its zone: what a night premium is paid on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from scheduling.domain.shifts import Pause, business_date
from scheduling.domain.weeks import at_local

BEGINS: Final = time(22)
ENDS: Final = time(6)


@dataclass(frozen=True, slots=True)
class PaidTime:
    """Paid minutes of a shift, and those of them that lie in the night."""

    paid: int
    night: int

    def money(self, hourly: float, premium: float) -> float:
        """What it is paid with, with `premium` (0.10 is a tenth) on top of each hour of night."""
        return hourly * (self.paid + self.night * premium) / 60


def paid_time(
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause],
    zone: str,
    *,
    begins: time = BEGINS,
    ends: time = ENDS,
) -> PaidTime:
    """Split a shift's paid minutes; real minutes, so that a night the clocks change in has one hour more or fewer."""
    stretches = _paid(start, end, pauses)
    nights = _nights(start, end, zone, begins, ends)
    paid = sum((stop - at for at, stop in stretches), timedelta())
    night = sum(
        (max(min(stop, last) - max(at, first), timedelta()) for at, stop in stretches for first, last in nights),
        timedelta(),
    )
    return PaidTime(int(paid.total_seconds() // 60), int(night.total_seconds() // 60))


def _paid(start: datetime, end: datetime, pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    found, at = [], start
    for pause in sorted((one for one in pauses if not one.paid), key=lambda one: one.after):
        begins = start + timedelta(minutes=pause.after)
        found.append((at, max(min(begins, end), at)))
        at = max(at, min(begins + timedelta(minutes=pause.minutes), end))
    return [*found, (at, end)]


def _nights(start: datetime, end: datetime, zone: str, begins: time, ends: time) -> list[tuple[datetime, datetime]]:
    """The nights from the evening before the shift's first day to that of its last."""
    place = ZoneInfo(zone)
    day, found = business_date(start, zone) - timedelta(days=1), []
    while day <= end.astimezone(place).date():
        until = day if begins < ends else day + timedelta(days=1)
        found.append((at_local(day, begins, zone), at_local(until, ends, zone)))
        day += timedelta(days=1)
    return found
