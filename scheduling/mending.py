"""Putting a published week and its absences into the solver's terms, and what it proposes back into shifts."""

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
from scheduling.domain.shifts import Pause, coverage, in_week, serving
from scheduling.domain.weeks import DAYS, Week
from scheduling.ledger import Block
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
class Standing:
    """A published week without who is absent: the problem, and what its people and options are here.

    `told[n]` are the options person n holds, `slots[n]` is what option n is. `coming` are the published shifts that
    somebody comes for, `gone` the others.
    """

    plan: SchedulePlan
    problem: Problem
    told: list[Held]
    people: list[Actor]
    slots: list[Slot]
    coming: list[PublishedShift]
    gone: list[PublishedShift]


def standing(plan: SchedulePlan, version: ScheduleVersion, absences: Sequence[Absence], *, since: datetime) -> Standing:
    """What can still be decided from `since` on. Who is published against a rule keeps their week as it is."""
    week = week_of(plan)
    published = list(version.shifts.select_related("actor"))
    gone = [one for one in published if is_absent(one, absences)]
    coming = [one for one in published if one not in gone]
    skilled = list(people_of(plan.queue_id, week.start, week.start + timedelta(days=DAYS)))
    taken = elsewhere(plan, [one.pk for one in skilled])
    away, slots = away_days(week), _slots(plan, week, coming, since)
    options = tuple(option_of(plan, week, f"{n}", one.day, one.times, one.pauses) for n, one in enumerate(slots))
    number_of = {(one.day, *one.times): number for number, one in enumerate(slots)}
    known = {one.pk for one in skilled}
    people, told, fixed = list[Person](), list[Held](), [one for one in coming if one.actor_id not in known]
    for actor in skilled:
        mine = [one for one in coming if one.actor_id == actor.pk]
        early = [one for one in mine if one.starts_at < since]
        person = _person(plan, actor, early, away.get(actor.pk, frozenset()), taken[actor.pk], week)
        held = tuple(number_of[one.business_date, one.starts_at, one.ends_at] for one in mine if one not in early)
        if violations(Problem((), options, (person,), rest=plan.rest_minutes), [held]):
            person, held, early = replace(person, kinds=frozenset()), (), mine
        people.append(person)
        told.append(held)
        fixed += early
    first = max(week.minute(since), 0) // STEP
    steps = _steps(plan, map(slot_of, published), map(slot_of, fixed), first)
    problem = Problem(steps, options, tuple(people), rest=plan.rest_minutes, days=DAYS)
    return Standing(plan, problem, told, skilled, slots, coming, gone)


def is_absent(shift: PublishedShift, absences: Iterable[Absence]) -> bool:
    return any(
        one.actor_id == shift.actor_id and one.first_day <= shift.business_date <= one.last_day for one in absences
    )


def prices_of(repair: Repair) -> Prices:
    until = week_of(repair.plan).minute(repair.notice_until)
    return Prices(repair.change_hours, repair.short_notice_hours, until)


def _slots(plan: SchedulePlan, week: Week, coming: Iterable[PublishedShift], since: datetime) -> list[Slot]:
    """The templates' shifts that begin from then on, and published ones that are none of these."""
    patterns = {one.pattern: one.pk for one in templates_of(plan.queue_id)}
    found = [
        Slot(patterns[one.pattern], one.pattern.name, one.business_date, one.start, one.end, one.pattern.zone,
             one.pattern.pauses)
        for one in in_week(list(patterns), week)
        if one.start >= since
    ]  # fmt: skip
    found = list({(one.day, *one.times): one for one in reversed(found)}.values())
    known = {(one.day, *one.times) for one in found}
    for own in coming:
        if own.starts_at >= since and (own.business_date, own.starts_at, own.ends_at) not in known:
            known.add((own.business_date, own.starts_at, own.ends_at))
            found.append(slot_of(own))
    return sorted(found, key=lambda one: (one.times, one.name))


def slot_of(shift: PublishedShift) -> Slot:
    return Slot(
        None, shift.template_name, shift.business_date, shift.starts_at, shift.ends_at, shift.zone, shift.breaks
    )


def _person(
    plan: SchedulePlan,
    actor: Actor,
    early: Sequence[PublishedShift],
    away: frozenset[int],
    taken: list[Block],
    week: Week,
) -> Person:
    """What somebody worked before counts against their limits, and takes its days."""
    person = person_of(plan, actor, taken, week, away)
    worked = {(one.business_date - week.start).days for one in early}
    return replace(
        person,
        busy=(*person.busy, *((week.minute(one.starts_at), week.minute(one.ends_at)) for one in early)),
        days_off=person.days_off | worked,
        max_minutes=max((person.max_minutes or 0) - sum(one.paid for one in early), 0),
        max_days=max((person.max_days or 0) - len(worked), 0),
    )


def _steps(
    plan: SchedulePlan, published: Iterable[Slot], fixed: Iterable[Slot], first: int
) -> tuple[Step, ...]:  # fmt: skip
    """What is to be won back: who is missing against the week as published, where they were needed.

    Steps that were short before stay so; who fills them is no cost and no gain. Before `first` nothing can be done.
    """
    parts = zip(required_steps(plan), scheduled(plan, published), scheduled(plan, fixed), strict=True)
    return tuple(
        PAST if step < first else Step(max(min(need, were) - stay, 0), over=int(were >= need))
        for step, (need, were, stay) in enumerate(parts)
    )


def scheduled(plan: SchedulePlan, slots: Iterable[Slot]) -> list[int]:
    """Who serves in each step of the week with these shifts, and those that began in the week before."""
    stretches = [part for one in slots for part in serving(*one.times, one.pauses)]
    there = coverage(stretches, week_of(plan), STEP)
    return [now + then for now, then in zip(there, carried_over(plan), strict=True)]


def proposed(found: Standing, held: Sequence[Held], now: datetime) -> list[Change]:
    """Every day that changes: absences first, then what makes up for them.

    A shift of an absent person that runs already stays published; it was what they were told.
    """
    missing = [Change(one.actor_id, "absent", slot_of(one), None) for one in found.gone if one.starts_at > now]
    made = []
    for one in changed(found.problem, found.told, held):
        before, after = (None if index is None else found.slots[index] for index in (one.before, one.after))
        kind = "moved" if before and after else "dropped" if before else "added"
        made.append(Change(found.people[one.person].pk, kind, before, after))
    spread_out = iter(_spread(found, [one.after for one in made if one.after], unchanged(found, made)))
    made = [one._replace(after=next(spread_out)) if one.after else one for one in made]
    return [*sorted(missing, key=_order), *sorted(made, key=_order)]


def _order(change: Change) -> tuple[datetime, str]:
    return change.slot.starts_at, str(change.actor_id)


def unchanged(found: Standing, made: Iterable[Change]) -> list[Slot]:
    """Published shifts that somebody comes for and that stay as they are."""
    other = {(one.actor_id, one.day) for one in made}
    return [slot_of(one) for one in found.coming if (one.actor_id, one.business_date) not in other]


def _spread(found: Standing, new: Sequence[Slot], kept: Sequence[Slot]) -> list[Slot]:
    """New shifts with their breaks where fewest are missed, the breaks of everybody else staying where they are."""
    week, there = week_of(found.plan), scheduled(found.plan, kept)
    missing = [need - have for need, have in zip(required_steps(found.plan), there, strict=True)]
    placed = [Placed(week.minute(one.starts_at), week.minute(one.ends_at), one.pauses) for one in new]
    return [one._replace(pauses=mine) for one, mine in zip(new, spread(placed, missing), strict=True)]
