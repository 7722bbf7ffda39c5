"""Putting a published week and its absences into the solver's terms, and what it proposes back into shifts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from interactions.models import Actor
from scheduling.domain.pauses import Placed, spread
from scheduling.domain.repairing import Prices, changed
from scheduling.domain.rostering import Person, Problem, Step
from scheduling.domain.rostering.checking import violations
from scheduling.domain.rostering.problem import Held
from scheduling.domain.shifts import Pause, coverage, in_week, paid_minutes, serving
from scheduling.domain.weeks import DAYS, Week
from scheduling.models import Absence, PublishedShift, Repair, SchedulePlan, ScheduleVersion
from scheduling.problem import STEP, away_days, carried_over, elsewhere, option_of, person_of, required_steps, week_of
from scheduling.selectors import people_of, templates_of

PAST: Final = Step(0, 0, 0)  # nothing can be done about it any more


class Slot(NamedTuple):
    """A shift without its person: from a template, or as it was published with times of its own."""

    template: UUID | None
    name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    zone: str
    pauses: tuple[Pause, ...]

    @property
    def times(self) -> tuple[datetime, datetime]:
        return self.starts_at, self.ends_at

    def as_json(self) -> dict[str, Any]:
        return {
            "template": str(self.template) if self.template else None,
            "name": self.name,
            "day": self.day.isoformat(),
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "zone": self.zone,
            "pauses": [asdict(one) for one in self.pauses],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Slot":
        start, end = (datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at"))
        pauses = tuple(Pause(**one) for one in kept["pauses"])
        template = UUID(kept["template"]) if kept["template"] else None
        return cls(template, kept["name"], date.fromisoformat(kept["day"]), start, end, kept["zone"], pauses)


class Change(NamedTuple):
    """One person's day that becomes another. `kind`: absent | dropped | moved | added."""

    actor_id: UUID
    kind: str
    before: Slot | None
    after: Slot | None

    @property
    def slot(self) -> Slot:
        """What it is about: the shift as published, or one where there was none."""
        slot = self.before or self.after
        if slot is None:
            raise ValueError("before, after: a change is of something.")
        return slot

    @property
    def day(self) -> date:
        return self.slot.day

    def as_json(self) -> dict[str, Any]:
        both = {name: slot and slot.as_json() for name, slot in (("before", self.before), ("after", self.after))}
        return {"actor": str(self.actor_id), "kind": self.kind, **both}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Change":
        before, after = (kept[name] and Slot.from_json(kept[name]) for name in ("before", "after"))
        return cls(UUID(kept["actor"]), kept["kind"], before, after)


@dataclass(frozen=True, slots=True)
class Cover:
    """Agents by step of a plan's week: required, there from the week before, and from which step on it is about."""

    week: Week
    required: list[int]
    before: list[int]
    first: int

    def there(self, slots: Iterable[Slot]) -> list[int]:
        """Who serves in each step with these shifts."""
        stretches = [part for one in slots for part in serving(*one.times, one.pauses)]
        return [now + then for now, then in zip(coverage(stretches, self.week, STEP), self.before, strict=True)]

    def missing(self, slots: Iterable[Slot]) -> list[int]:
        """Who is missing in each step, below zero where there are too many."""
        return [need - have for need, have in zip(self.required, self.there(slots), strict=True)]

    def short_hours(self, slots: Iterable[Slot]) -> float:
        """Agent hours missing from the first step on."""
        return sum(max(one, 0) for one in self.missing(slots)[self.first :]) * STEP / 60

    def steps(self, published: Iterable[Slot], fixed: Iterable[Slot]) -> tuple[Step, ...]:
        """What is to be won back: who is missing against the week as published, where they were needed.

        Steps that were short before stay so; who fills them is no cost and no gain. Before the first nothing can be done.
        """
        parts = zip(self.required, self.there(published), self.there(fixed), strict=True)
        return tuple(
            PAST if step < self.first else Step(max(min(need, were) - stay, 0), over=int(were >= need))
            for step, (need, were, stay) in enumerate(parts)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A published week without who is absent: the problem, and what its people and options are here.

    `told[n]` are the options person n holds, `slots[n]` is what option n is. `coming` are the published shifts that
    somebody comes for, `gone` those that nobody does, by person.
    """

    problem: Problem
    told: list[Held]
    people: list[Actor]
    slots: list[Slot]
    coming: list[tuple[UUID, Slot]]
    gone: list[tuple[UUID, Slot]]
    cover: Cover


def standing(plan: SchedulePlan, version: ScheduleVersion, absences: Iterable[Absence], *, since: datetime) -> Standing:
    """What can still be decided from `since` on. Who is published against a rule keeps their week as it is."""
    week = week_of(plan)
    cover = Cover(week, required_steps(plan), carried_over(plan), max(week.minute(since), 0) // STEP)
    people = {one.pk: one for one in people_of(plan.queue_id, week.start, week.start + timedelta(days=DAYS))}
    coming, gone = _parted(version, absences)
    slots = _slots(plan, week, [slot for _, slot in coming], since)
    options = tuple(option_of(plan, week, f"{n}", one.day, one.times, one.pauses) for n, one in enumerate(slots))
    number_of = {(one.day, *one.times): number for number, one in enumerate(slots)}
    taken, away = elsewhere(plan, people), away_days(week)
    held_by = defaultdict[UUID, list[Slot]](list)
    for actor_id, slot in coming:
        held_by[actor_id].append(slot)
    fixed = [slot for actor_id, slot in coming if actor_id not in people]  # they have lost the skill since
    found, told = list[Person](), list[Held]()
    for actor_id, actor in people.items():
        early = [one for one in held_by[actor_id] if one.starts_at < since]
        held = tuple(number_of[one.day, *one.times] for one in held_by[actor_id] if one.starts_at >= since)
        person = person_of(plan, actor, taken[actor_id], week, away.get(actor_id, frozenset()))
        person = _after(person, early, week)
        if violations(Problem((), options, (person,), rest=plan.rest_minutes), [held]):
            person, held, early = replace(person, kinds=frozenset()), (), held_by[actor_id]
        found.append(person)
        told.append(held)
        fixed += early
    steps = cover.steps([slot for _, slot in (*coming, *gone)], fixed)
    problem = Problem(steps, options, tuple(found), rest=plan.rest_minutes, days=DAYS)
    return Standing(problem, told, list(people.values()), slots, coming, gone, cover)


def _parted(
    version: ScheduleVersion, absences: Iterable[Absence]
) -> tuple[list[tuple[UUID, Slot]], list[tuple[UUID, Slot]]]:
    """The shifts of a version that somebody comes for, and those of who is absent."""
    away = defaultdict[UUID, list[Absence]](list)
    for one in absences:
        away[one.actor_id].append(one)
    coming, gone = list[tuple[UUID, Slot]](), list[tuple[UUID, Slot]]()
    for shift in version.shifts.all():
        absent = any(one.covers(shift.business_date) for one in away[shift.actor_id])
        (gone if absent else coming).append((shift.actor_id, slot_of(shift)))
    return coming, gone


def prices_of(repair: Repair) -> Prices:
    until = week_of(repair.plan).minute(repair.notice_until)
    return Prices(repair.change_hours, repair.short_notice_hours, until)


def _slots(plan: SchedulePlan, week: Week, published: Iterable[Slot], since: datetime) -> list[Slot]:
    """The templates' shifts that begin from then on, and published ones that are none of these."""
    patterns = {one.pattern: one.pk for one in templates_of(plan.queue_id)}
    laid = [
        Slot(patterns[one.pattern], one.pattern.name, one.business_date, one.start, one.end, one.pattern.zone,
             one.pattern.pauses)
        for one in in_week(list(patterns), week)
    ]  # fmt: skip
    found = dict[Any, Slot]()
    for one in (*laid, *published):
        if one.starts_at >= since:
            found.setdefault((one.day, *one.times), one)
    return sorted(found.values(), key=lambda one: (one.times, one.name))


def slot_of(shift: PublishedShift) -> Slot:
    return Slot(
        None, shift.template_name, shift.business_date, shift.starts_at, shift.ends_at, shift.zone, shift.breaks
    )


def _after(person: Person, early: Sequence[Slot], week: Week) -> Person:
    """What somebody worked before counts against their limits, and takes its days."""
    worked = {(one.day - week.start).days for one in early}
    minutes = sum(paid_minutes(week.minute(one.ends_at) - week.minute(one.starts_at), one.pauses) for one in early)
    return replace(
        person,
        busy=(*person.busy, *((week.minute(one.starts_at), week.minute(one.ends_at)) for one in early)),
        days_off=person.days_off | worked,
        max_minutes=max((person.max_minutes or 0) - minutes, 0),
        max_days=max((person.max_days or 0) - len(worked), 0),
    )


def proposed(found: Standing, held: Sequence[Held], now: datetime) -> list[Change]:
    """Every day that changes: absences first, then what makes up for them.

    A shift of an absent person that runs already stays published; it was what they were told.
    """
    missing = [Change(actor_id, "absent", slot, None) for actor_id, slot in found.gone if slot.starts_at > now]
    made = []
    for one in changed(found.problem, found.told, held):
        before, after = (None if index is None else found.slots[index] for index in (one.before, one.after))
        kind = "moved" if before and after else "dropped" if before else "added"
        made.append(Change(found.people[one.person].pk, kind, before, after))
    spread_out = iter(_spread(found.cover, [one.after for one in made if one.after], unchanged(found, made)))
    made = [one._replace(after=next(spread_out)) if one.after else one for one in made]
    return [*sorted(missing, key=_order), *sorted(made, key=_order)]


def _order(change: Change) -> tuple[datetime, str]:
    return change.slot.starts_at, str(change.actor_id)


def unchanged(found: Standing, made: Iterable[Change]) -> list[Slot]:
    """Published shifts that somebody comes for and that stay as they are."""
    other = {(one.actor_id, one.day) for one in made}
    return [slot for actor_id, slot in found.coming if (actor_id, slot.day) not in other]


def _spread(cover: Cover, new: Sequence[Slot], kept: Sequence[Slot]) -> list[Slot]:
    """New shifts with their breaks where fewest are missed, the breaks of everybody else staying where they are."""
    minute = cover.week.minute
    placed = [Placed(minute(one.starts_at), minute(one.ends_at), one.pauses) for one in new]
    return [
        one._replace(pauses=mine) for one, mine in zip(new, spread(placed, cover.missing(kept)), strict=True)
    ]  # fmt: skip
