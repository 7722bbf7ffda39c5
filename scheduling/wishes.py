"""Preferences and fairness in the solver's terms: what it costs to give each person each shift of a week.

A shift costs its person what their preference for the day weighs, if the shift is against it, and what its unsocial
hours weigh for who carried more of them than their share. For one shift both together stay under one missing person in
one step; those of several people may add up to more (ADR 44).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduling.domain.fairness import Burden, burden_of, excesses, level, price
from scheduling.domain.preferences import Preferred, cost
from scheduling.domain.rostering import Wish
from scheduling.domain.shifts import Dated
from scheduling.selectors.preferences import carried, live_preferences


@dataclass(frozen=True, slots=True)
class Leaning:
    """What one person prefers, and how many whole shifts of unsocial hours they are ahead of their share."""

    preferences: tuple[Preferred, ...]
    level: int


@dataclass(frozen=True, slots=True)
class Priced:
    """A shift of the week: its business date by number, its kind, when it begins, how much of it is unsocial."""

    dated: Dated
    day: int
    burden: Burden


def priced(shifts: Iterable[Dated], week_start: date) -> list[Priced]:
    return [
        Priced(one, (one.business_date - week_start).days, burden_of(one.start, one.end, one.pattern.zone))
        for one in shifts
    ]


def leanings(actor_ids: Collection[UUID], week_start: date) -> dict[UUID, Leaning]:
    """Everybody's, as it stands before a week."""
    ahead = excesses(carried(actor_ids, week_start))
    wanted: dict[UUID, list[Preferred]] = {actor_id: [] for actor_id in actor_ids}
    for one in live_preferences(actor_ids, week_start):
        wanted[one.actor_id].append(one.preferred)
    return {actor_id: Leaning(tuple(wanted[actor_id]), level(ahead[actor_id])) for actor_id in actor_ids}


def wishes_of(leaning: Leaning, shifts: Iterable[Priced], off: frozenset[int]) -> tuple[Wish, ...]:
    """What each shift costs the person, without the days they are `off` anyway and without what costs nothing."""
    if not leaning.preferences and not leaning.level:
        return ()
    found = []
    for one in shifts:
        weight = cost(leaning.preferences, one.dated.start) + price(leaning.level, one.burden.unsocial)
        if weight and one.day not in off:
            found.append(Wish(one.day, one.dated.pattern.key, weight, on=False))
    return tuple(found)
