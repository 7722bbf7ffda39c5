"""What a draft makes of preferences and of fairness: each preference with its outcome and what meeting it would take,
and everybody's unsocial hours before, in and after the week."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from interactions.models import Actor
from scheduling.domain.fairness import Burden, burden_of, excesses, level, shares
from scheduling.domain.preferences import Outcome, Preferred, for_day, outcome
from scheduling.domain.rules import Elsewhere, Limits, Stretch, broken
from scheduling.domain.shifts import Dated, Pause, coverage, in_week, serving
from scheduling.domain.weeks import Week
from scheduling.models import DraftShift, Preference, SchedulePlan
from scheduling.problem import STEP, carried_over, elsewhere, required_steps, week_of
from scheduling.selectors import carried, days_away, live_preferences, templates_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One person's preference on one day of the week, and what the draft makes of it.

    Where it is unmet: `hours` more would be short if it were met and nobody else's week changed (below zero, fewer).
    None where no shift of the kind keeps the rules. `instead` is the shift they would have, None for a day off.
    """

    actor: Actor
    day: date
    preference: Preference
    outcome: Outcome
    shift: DraftShift | None = None
    hours: float | None = None
    instead: Dated | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """One person's minutes: carried in the weeks before, their fair share of them, and this draft's.

    `excess` is carried less share; `after` is the same once the draft's week is counted with them.
    """

    actor: Actor
    carried: Burden
    share: float
    excess: float
    level: int
    draft: Burden
    after: float


def balances(plan: SchedulePlan, people: Sequence[Actor], shifts: Sequence[DraftShift]) -> list[Balance]:
    """Everybody of the queue, who carried most beyond their share first."""
    before = carried([one.pk for one in people], plan.week_start)
    drafted = dict.fromkeys(before, Burden())
    for one in shifts:
        if one.actor_id in drafted:
            drafted[one.actor_id] = drafted[one.actor_id].plus(burden_of(one.starts_at, one.ends_at, one.zone))
    share, excess = shares(before), excesses(before)
    after = excesses({who: one.plus(drafted[who]) for who, one in before.items()})
    found = [
        Balance(
            one, before[one.pk], float(share[one.pk]), float(excess[one.pk]), level(excess[one.pk]), drafted[one.pk],
            float(after[one.pk]),
        )
        for one in people
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.excess, one.actor.display_name, one.actor.pk))


def outcomes(plan: SchedulePlan, people: Sequence[Actor], shifts: Sequence[DraftShift]) -> list[Asked]:
    """What was asked for on the days of the week, by day and name."""
    rows = defaultdict[UUID, dict[UUID, Preference]](dict)
    for one in live_preferences([one.pk for one in people], plan.week_start):
        rows[one.actor_id][one.pk] = one
    preferred = {who: [one.preferred for one in those.values()] for who, those in rows.items()}
    mine = defaultdict[UUID, list[DraftShift]](list)
    for shift in shifts:
        mine[shift.actor_id].append(shift)
    found = []
    for day in week_of(plan).dates:
        for actor in people:
            said = for_day(preferred.get(actor.pk, []), day)
            if said is not None:
                own = [one for one in mine[actor.pk] if said.begins_on(one.starts_at) == day]
                result = outcome(said, day, [one.starts_at for one in own])
                against = next((one for one in own if not said.allows(one.starts_at)), None)
                found.append(Asked(actor, day, rows[actor.pk][said.key], result, against or next(iter(own), None)))
    return found


@dataclass(slots=True)
class Weigher:
    """Says of unmet preferences what meeting them would take, with everybody else's week as it is.

    Reads what it needs of the plan once, however many it is asked about.
    """

    plan: SchedulePlan
    people: Sequence[Actor]
    shifts: Sequence[DraftShift]
    week: Week = field(init=False)
    missing: list[int] = field(init=False)  # in each step; below zero where there are too many
    laid: list[Dated] = field(init=False)
    taken: dict[UUID, list[Elsewhere]] = field(init=False)
    away: dict[UUID, set[date]] = field(init=False)
    mine: dict[UUID, list[DraftShift]] = field(init=False)
    _served: dict[Any, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        plan, self.week = self.plan, week_of(self.plan)
        parts = [part for one in self.shifts for part in serving(one.starts_at, one.ends_at, one.breaks)]
        there = zip(coverage(parts, self.week, STEP), carried_over(plan), strict=True)
        self.missing = [
            need - now - then for need, (now, then) in zip(required_steps(plan), there, strict=True)
        ]  # fmt: skip
        self.laid = in_week([one.pattern for one in templates_of(plan.queue_id)], self.week)
        blocks = elsewhere(plan, [one.pk for one in self.people])
        self.taken = {who: [Elsewhere(one.start, one.end, one.own) for one in those] for who, those in blocks.items()}
        self.away = days_away(self.week.dates)
        self.mine = defaultdict(list)
        for shift in self.shifts:
            self.mine[shift.actor_id].append(shift)

    def weigh(self, asked: Asked) -> Asked:
        """The same with what the cheapest way of meeting it would take."""
        if asked.outcome is not Outcome.UNMET or asked.shift is None:
            return asked
        gone = self._steps(asked.shift)
        said = asked.preference.preferred
        if said.first is None:
            return _with(asked, self._change(gone, []), None)
        ways = [(self._change(gone, self._steps(one)), one) for one in self._instead(asked, said)]
        hours, best = min(ways, key=lambda way: (way[0], way[1].start), default=(None, None))
        return _with(asked, hours, best)

    def _instead(self, asked: Asked, said: Preferred) -> list[Dated]:
        """Shifts of that day as wished for that keep the rules beside the person's others."""
        actor, plan = asked.actor, self.plan
        others = [
            Stretch(one.starts_at, one.ends_at, one.business_date, one.paid)
            for one in self.mine[actor.pk]
            if one is not asked.shift
        ]
        away = frozenset(self.away.get(actor.pk, set()))
        limits = Limits(plan.rest_minutes, plan.max_minutes, plan.max_days, actor.starts_on, actor.ends_on, away)
        return [
            one
            for one in self.laid
            if said.begins_on(one.start) == asked.day
            and said.allows(one.start)
            and not broken(
                Stretch(one.start, one.end, one.business_date, one.paid), others, self.taken[actor.pk], limits
            )
        ]

    def _steps(self, one: DraftShift | Dated) -> list[int]:
        """Which steps a shift serves."""
        if isinstance(one, Dated):
            return self._served_by(one.start, one.end, one.pattern.pauses)
        return self._served_by(one.starts_at, one.ends_at, one.breaks)

    def _served_by(self, start: datetime, end: datetime, breaks: tuple[Pause, ...]) -> list[int]:
        if (start, end, breaks) not in self._served:
            there = coverage(serving(start, end, breaks), self.week, STEP)
            self._served[start, end, breaks] = [step for step, count in enumerate(there) if count]
        return self._served[start, end, breaks]

    def _change(self, gone: Sequence[int], come: Sequence[int]) -> float:
        """Agent hours short with one shift in another's place, less those that are short now."""
        lost, won = set(gone) - set(come), set(come) - set(gone)
        steps = sum(self.missing[step] >= 0 for step in lost) - sum(self.missing[step] > 0 for step in won)
        return steps * STEP / 60


def _with(asked: Asked, hours: float | None, instead: Dated | None) -> Asked:
    return Asked(asked.actor, asked.day, asked.preference, asked.outcome, asked.shift, hours, instead)
