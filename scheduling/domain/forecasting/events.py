"""Days that are not like others: holidays and special events, which teach nothing of other days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

import numpy as np

from scheduling.domain.forecasting.history import DAY, Flags, Floats, History

USUAL_WEEKS: Final = 8  # of the same weekday before an event, to say what would have been usual


@dataclass(frozen=True, slots=True)
class Event:
    """A named event over local days, or the minutes of the day from `begins` to `ends` of each.

    `factor` is what it makes of the volume; None learns it from earlier days of the same name, and is 1 while there
    are none.
    """

    name: str
    first: date
    last: date
    factor: float | None = None
    begins: int = 0
    ends: int = DAY

    def on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to a day to come, and how many earlier days say so; 0 where the planner does."""

    event: Event
    day: date
    factor: float
    learned_from: int


def usual_days(history: History, events: Iterable[Event]) -> Flags:
    """The known days that no event touches."""
    found = history.known.copy()
    for event in events:
        for number in range((event.last - event.first).days + 1):
            place = (event.first + timedelta(days=number) - history.first).days
            if 0 <= place < len(found):
                found[place] = False
    return found


def effects(history: History, events: Sequence[Event], days: Iterable[date]) -> list[Effect]:
    """What the events do to these days."""
    return [_effect(history, events, one, day) for day in days for one in events if one.on(day)]


def applied(volume: Floats, found: Iterable[Effect], days: Sequence[date], minutes: int) -> Floats:
    """The volumes by day and slot with every effect on them."""
    changed = volume.copy()
    for effect in found:
        hours = slice(effect.event.begins // minutes, -(-effect.event.ends // minutes))
        changed[days.index(effect.day), hours] *= effect.factor
    return changed


def _effect(history: History, events: Sequence[Event], event: Event, day: date) -> Effect:
    if event.factor is not None:
        return Effect(event, day, event.factor, 0)
    usual, ratios = usual_days(history, events), []
    for earlier in events:
        if earlier.name == event.name:
            ratios += _ratios(history, usual, earlier, day)
    return Effect(event, day, float(np.mean(ratios)) if ratios else 1.0, len(ratios))


def _ratios(history: History, usual: Flags, event: Event, until: date) -> list[float]:
    """What its known days before `until` brought over what their weekday brought before them."""
    hours = slice(event.begins // history.minutes, -(-event.ends // history.minutes))
    found = []
    for number in range((event.last - event.first).days + 1):
        day = event.first + timedelta(days=number)
        place = (day - history.first).days
        if day >= until or not 0 <= place < len(usual) or not history.known[place]:
            continue
        same = [at for at in range(place % 7, place, 7) if usual[at]][-USUAL_WEEKS:]
        middle = median(float(history.rates[at, hours].sum()) for at in same) if same else 0.0
        if middle:
            found.append(float(history.rates[place, hours].sum()) / middle)
    return found
