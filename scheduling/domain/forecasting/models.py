"""The models side by side: each is given the same history and says the volume of the same days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from scheduling.domain.forecasting import means
from scheduling.domain.forecasting.events import Effect, Event, applied, effects, usual_days
from scheduling.domain.forecasting.history import Floats, History
from scheduling.domain.forecasting.means import Weekdays
from scheduling.domain.forecasting.seasons import seasons

NAIVE, WEEKDAY, RECENT, SEASONS, MIDDLE = MODELS = ("naive", "weekday", "recent", "seasons", "middle")
SINGLE: Final = MODELS[:4]


@dataclass(frozen=True, slots=True)
class Said:
    """What each model says of the days, by day and slot: volume of one real interval. The naive rule knows no events."""

    days: tuple[date, ...]
    volumes: dict[str, Floats]
    weekdays: Weekdays
    effects: tuple[Effect, ...]


def said(history: History, days: Sequence[date], events: Sequence[Event], *, weeks: int = means.WEEKS) -> Said:
    """Ask every model for the days, from a history that ends before them."""
    usual = usual_days(history, events)
    alike = means.alike(history, usual)
    found = means.weekdays(history, usual, weeks)
    plain = {
        WEEKDAY: means.weekday_mean(history, days, found),
        RECENT: means.recent(history, days, alike),
        SEASONS: seasons(history, days, usual, alike),
    }
    does = effects(history, events, days)
    volumes = {NAIVE: means.naive(history, days)}
    volumes |= {name: applied(one, does, list(days), history.minutes) for name, one in plain.items()}
    volumes[MIDDLE] = _middle(volumes, does, days)
    return Said(tuple(days), volumes, found, tuple(does))


def _middle(volumes: dict[str, Floats], does: Sequence[Effect], days: Sequence[date]) -> Floats:
    """The median of the others, interval by interval; on days of events without the rule that doesn't know them."""
    found: Floats = np.median([volumes[name] for name in SINGLE], axis=0)
    informed: Floats = np.median([volumes[name] for name in SINGLE[1:]], axis=0)
    for effect in does:
        place = list(days).index(effect.day)
        found[place] = informed[place]
    return found
