"""From what arrived to what will: the same weekday's intervals of the last weeks, moved to today's level.

Each number keeps the days behind it. Days whose total is far from their weekday's usual are left out and named.
Holidays are not known yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import fmean, median
from zoneinfo import ZoneInfo

from scheduling.domain.weeks import Week, place_of

WEEKS = 6  # how many of each weekday are used
RECENT = 14  # the last so many days set the level
ODD = 4.0  # a day over so many times its weekday's median, or under its inverse, is left out
NEEDS_HANDLED = 20  # an hour of the day with fewer answered contacts takes the mean of all

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Observed:
    """What arrived in one past interval. `handle` is the seconds of all `answered` together; None is not known."""

    at: datetime
    offered: int
    answered: int | None = None
    handle: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """One interval to come: volume, and mean handling time in seconds, each with what is behind it."""

    at: datetime
    volume: float
    aht: float
    days: tuple[tuple[date, int], ...]  # the days averaged and what arrived on each in this interval
    handled: int  # how many answered interactions the handling time is the mean of
    aht_of: str  # "hour" (the same hour of the day) or "all"

    @property
    def n(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True)
class Forecast:
    intervals: tuple[Expected, ...]
    level: float  # how the last days compare with the days averaged
    level_days: int
    used: tuple[date, ...]
    left_out: tuple[tuple[date, int, float], ...]  # day, its total, its weekday's median

    @property
    def volume(self) -> float:
        return sum(one.volume for one in self.intervals)


@dataclass(slots=True)
class _History:
    """Past volumes by local date and minute of the day, and handling by hour."""

    volume: dict[date, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    handled: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def total(self, day: date) -> int:
        return sum(self.volume[day].values())


def forecast(
    observed: Iterable[Observed], week: Week, *, until: date, minutes: int = 30, weeks: int = WEEKS, aht: float = 300
) -> Forecast:
    """Expect each interval of `week` from the days before `until`.

    `minutes` is the interval's length; `aht` in seconds stands in while nothing was ever handled. ValueError when no
    whole day of history lies before `until`.
    """
    history = _read(observed, week.zone, until, minutes)
    if not history.volume:
        raise ValueError("There is no history before this week.")
    kept, left_out = _usable(history, weeks)
    level, level_days = _level(history, kept)
    times = _handling(history, aht)
    intervals = tuple(_expected(at, week.zone, history, kept, level, times) for at in week.steps(minutes))
    used = tuple(sorted(day for days in kept.values() for day in days))
    return Forecast(intervals, level, level_days, used, left_out)


def _read(observed: Iterable[Observed], zone: str, until: date, minutes: int) -> _History:
    history = _History()
    local_zone = ZoneInfo(zone)
    for one in observed:
        local = one.at.astimezone(local_zone)
        if local.date() >= until:
            continue
        minute = (local.hour * 60 + local.minute) // minutes * minutes
        history.volume[local.date()][minute] += one.offered
        if one.answered and one.handle is not None:
            sums = history.handled[local.hour]
            sums[0] += one.handle
            sums[1] += one.answered
    return history


def _usable(history: _History, weeks: int) -> tuple[dict[int, list[date]], tuple[tuple[date, int, float], ...]]:
    """The last `weeks` days of each weekday, and the odd ones among them with the median they miss."""
    by_weekday: dict[int, list[date]] = defaultdict(list)
    for day in sorted(history.volume, reverse=True):
        if len(by_weekday[day.weekday()]) < weeks:
            by_weekday[day.weekday()].append(day)
    kept: dict[int, list[date]] = {}
    left_out = []
    for weekday, days in by_weekday.items():
        middle = median(history.total(day) for day in days)
        odd = [day for day in days if len(days) > 2 and _is_odd(history.total(day), middle)]
        kept[weekday] = sorted(set(days) - set(odd))
        left_out += [(day, history.total(day), float(middle)) for day in odd]
    return kept, tuple(sorted(left_out))


def _is_odd(total: int, middle: float) -> bool:
    return middle > 0 and not middle / ODD <= total <= middle * ODD


def _level(history: _History, kept: Mapping[int, list[date]]) -> tuple[float, int]:
    """What the last days brought over what their weekdays usually bring, and how many days that is."""
    usual = {weekday: fmean(history.total(day) for day in days) for weekday, days in kept.items() if days}
    last = sorted(day for days in kept.values() for day in days)[-RECENT:]
    expected = sum(usual[day.weekday()] for day in last)
    return (sum(history.total(day) for day in last) / expected if expected else 1.0), len(last)


def _handling(history: _History, aht: float) -> dict[int | None, tuple[float, int]]:
    """Mean handling seconds and how many interactions by hour of the day; None holds the mean of all."""
    seconds = sum(sums[0] for sums in history.handled.values())
    answered = sum(sums[1] for sums in history.handled.values())
    found: dict[int | None, tuple[float, int]] = {None: (seconds / answered if answered else aht, answered)}
    for hour, (spent, count) in history.handled.items():
        if count >= NEEDS_HANDLED:
            found[hour] = (spent / count, count)
    return found


def _expected(
    at: datetime,
    zone: str,
    history: _History,
    kept: Mapping[int, list[date]],
    level: float,
    times: Mapping[int | None, tuple[float, int]],
) -> Expected:
    weekday, minute = place_of(at, zone)
    days = tuple((day, history.volume[day].get(minute, 0)) for day in kept.get(weekday, []))
    volume = fmean(count for _, count in days) * level if days else 0.0
    hour = minute // 60
    aht, handled = times.get(hour, times[None])
    return Expected(at, volume, aht, days, handled, "hour" if hour in times else "all")
