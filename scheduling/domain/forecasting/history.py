"""What arrived, by local day and time of day, as a rate for one real interval.

Where the clocks go back, an hour of the day is there twice and its rate is the mean of both; where they go forward,
it is not there at all and is filled with what its weekday usually has. So every day is alike to the models, and a
week to come has one figure for each interval it really has.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.weeks import midnight

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class Observed:
    """What arrived in one past interval. `handle` is the seconds of all `answered` together; None is not known.

    `minutes` is its length where that is more than the one asked for: it is then spread evenly.
    """

    at: datetime
    offered: int
    answered: int | None = None
    handle: int | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """Rates by day and slot of the day from `first` on, `seen` times each; a day nobody counted is 0 times seen."""

    zone: str
    minutes: int
    first: date
    rates: Floats
    seen: Floats

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(len(self.rates))]

    @property
    def known(self) -> Flags:
        found: Flags = np.asarray((self.seen > 0).any(axis=1))
        return found

    @property
    def weekdays(self) -> NDArray[np.int64]:
        return (np.arange(len(self.rates)) + self.first.weekday()) % 7

    @property
    def totals(self) -> Floats:
        """Each day's volume as if it had 24 hours."""
        found: Floats = self.rates.sum(axis=1)
        return found

    @property
    def counts(self) -> Floats:
        """What really arrived."""
        return self.rates * self.seen

    def before(self, day: date) -> "History":
        length = max((day - self.first).days, 0)
        return History(self.zone, self.minutes, self.first, self.rates[:length], self.seen[:length])


@dataclass(slots=True)
class Handled:
    """Seconds and how many answered, by hour of the local day."""

    by_hour: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def read(observed: Iterable[Observed], zone: str, until: date, minutes: int) -> tuple[History, Handled]:
    """Everything before the local day `until`."""
    place, slots = ZoneInfo(zone), DAY // minutes
    volume: dict[date, Floats] = {}
    handled = Handled()
    for one in observed:
        parts = max(one.minutes // minutes, 1)
        for part in range(parts):
            local = (one.at + timedelta(minutes=part * minutes)).astimezone(place)
            if local.date() < until:
                row = volume.setdefault(local.date(), np.zeros(slots))
                row[(local.hour * 60 + local.minute) // minutes] += one.offered / parts
        local = one.at.astimezone(place)
        if one.answered and one.handle is not None and local.date() < until:
            sums = handled.by_hour[local.hour]
            sums[0] += one.handle
            sums[1] += one.answered
    return _history(volume, zone, minutes, slots), handled


def _history(volume: dict[date, Floats], zone: str, minutes: int, slots: int) -> History:
    if not volume:
        return History(zone, minutes, date.min, np.zeros((0, slots)), np.zeros((0, slots)))
    first, last = min(volume), max(volume)
    counts, seen = np.zeros(((last - first).days + 1, slots)), np.zeros(((last - first).days + 1, slots))
    for day, row in volume.items():
        counts[(day - first).days] = row
        seen[(day - first).days] = occurrences(day, zone, minutes)
    rates = np.divide(counts, seen, out=np.zeros_like(counts), where=seen > 0)
    return _filled(History(zone, minutes, first, rates, seen))


def occurrences(day: date, zone: str, minutes: int) -> Floats:
    """How often each slot of a local day really comes: once, but for a change of clocks."""
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    steps = (end - start) // timedelta(minutes=minutes)
    if steps == DAY // minutes:
        return np.ones(steps)
    found, place = np.zeros(DAY // minutes), ZoneInfo(zone)
    for number in range(steps):
        local = (start + timedelta(minutes=number * minutes)).astimezone(place)
        found[(local.hour * 60 + local.minute) // minutes] += 1
    return found


def _filled(history: History) -> History:
    """The hour that a day skips gets the mean of its weekday."""
    for day, slot in zip(*np.nonzero((history.seen == 0) & history.known[:, None]), strict=True):
        same = (history.weekdays == history.weekdays[day]) & (history.seen[:, slot] > 0)
        history.rates[day, slot] = history.rates[same, slot].mean() if same.any() else 0.0
    return history
