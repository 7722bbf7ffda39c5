"""Putting a plan into the solver's terms: minutes from the week's beginning, fifteen-minute steps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from interactions.models import Actor
from scheduling.domain.rostering import Option, Person, Problem, Step
from scheduling.domain.shifts import Dated, Pause, coverage, in_week, paid_minutes, serving
from scheduling.domain.weeks import DAYS, Week
from scheduling.ledger import Block, busy
from scheduling.models import SchedulePlan, ScheduleVersion, ShiftTemplate
from scheduling.selectors import current_shifts, days_away, people_of, templates_of
from scheduling.wishes import leanings, priced, wishes_of

STEP = 15  # minutes
Planlike = SchedulePlan | ScheduleVersion  # a queue's week with its zone and requirement


@dataclass(frozen=True, slots=True)
class Planned:
    """The problem, and what its options and people are here."""

    problem: Problem
    shifts: list[Dated]
    people: list[Actor]
    templates: dict[str, ShiftTemplate]


def week_of(plan: Planlike) -> Week:
    return Week(plan.week_start, plan.zone)


def planned(plan: SchedulePlan) -> Planned:
    """Everything the solver needs, read from the client and, as busy time alone, from the work ledger.

    Preferences and fairness are wishes here. A repair has none of them (ADR 44).
    """
    week = week_of(plan)
    templates = {str(one.pk): one for one in templates_of(plan.queue_id)}
    shifts = in_week([one.pattern for one in templates.values()], week)
    people = list(people_of(plan.queue_id, week.start, week.start + timedelta(days=DAYS)))
    taken = elsewhere(plan, [one.pk for one in people])
    away, leaning = away_days(week), leanings([one.pk for one in people], week.start)
    weighed = priced(shifts, week.start)
    found = []
    for actor in people:
        person = person_of(plan, actor, taken[actor.pk], week, away.get(actor.pk, frozenset()))
        found.append(replace(person, wishes=wishes_of(leaning[actor.pk], weighed, person.days_off)))
    problem = Problem(
        steps=tuple(Step(need) for need in still_required(plan)),
        options=tuple(_option(plan, shift, week) for shift in shifts),
        people=tuple(found),
        rest=plan.rest_minutes,
        days=DAYS,
    )
    return Planned(problem, shifts, people, templates)


def elsewhere(plan: Planlike, actor_ids: Iterable[UUID]) -> dict[UUID, list[Block]]:
    """Time of these people that is taken by anything but this plan's own published shifts, a day around the week."""
    week = week_of(plan)
    around = timedelta(days=1)
    mine = set(
        current_shifts()
        .filter(version__queue_id=plan.queue_id, version__week_start=plan.week_start)
        .values_list("actor_id", "starts_at")
    )
    found = busy(actor_ids, week.begins - around, week.ends + around)
    return {
        actor_id: [one for one in blocks if not (one.own and (actor_id, one.start) in mine)]
        for actor_id, blocks in found.items()
    }


def required_steps(plan: Planlike) -> list[int]:
    """Agents to be scheduled in each step of the week; none without a requirement."""
    week = week_of(plan)
    steps = [0] * len(week.steps(STEP))
    if plan.requirement is None:
        return steps
    minutes = plan.requirement.forecast.minutes
    for starts_at, scheduled in plan.requirement.intervals.values_list("starts_at", "scheduled"):
        first = week.minute(starts_at) // STEP
        steps[first : first + minutes // STEP] = [scheduled] * (minutes // STEP)
    return steps


def still_required(plan: Planlike) -> list[int]:
    """What is left to cover once the shifts that began in the week before are counted."""
    return [max(need - there, 0) for need, there in zip(required_steps(plan), carried_over(plan), strict=True)]


def carried_over(plan: Planlike) -> list[int]:
    """Who still serves in each step from shifts of this queue that other weeks published."""
    week = week_of(plan)
    others = (
        current_shifts()
        .filter(version__queue_id=plan.queue_id, starts_at__lt=week.ends, ends_at__gt=week.begins)
        .exclude(version__week_start=plan.week_start)
    )
    return coverage(
        [stretch for one in others for stretch in serving(one.starts_at, one.ends_at, one.breaks)], week, STEP
    )


def _option(plan: SchedulePlan, shift: Dated, week: Week) -> Option:
    pauses = shift.pattern.pauses
    return option_of(plan, week, shift.pattern.key, shift.business_date, (shift.start, shift.end), pauses)


def option_of(
    plan: SchedulePlan, week: Week, key: str, day: date, bounds: tuple[datetime, datetime], pauses: tuple[Pause, ...]
) -> Option:
    """A shift of the queue that somebody may work, on its business date."""
    start, end = bounds
    there = coverage(serving(start, end, pauses), week, STEP)
    return Option(
        key=key,
        day=(day - week.start).days,
        start=week.minute(start),
        end=week.minute(end),
        paid=paid_minutes(int((end - start).total_seconds() // 60), pauses),
        steps=tuple(step for step, count in enumerate(there) if count),
        skill=plan.queue.key,
    )


def away_days(week: Week) -> dict[UUID, frozenset[int]]:
    """Numbers of days on which people are absent, the day before the week and the day after it included."""
    days = [week.start + timedelta(days=number) for number in range(-1, DAYS + 1)]
    return {
        actor_id: frozenset((day - week.start).days for day in found) for actor_id, found in days_away(days).items()
    }


def person_of(plan: SchedulePlan, actor: Actor, taken: list[Block], week: Week, away: frozenset[int]) -> Person:
    """Hours and days worked elsewhere this week count against the limits; nobody works on days they are `away`."""
    within = [one for one in taken if week.begins <= one.start < week.ends]
    minutes = sum(int((one.end - one.start).total_seconds() // 60) for one in within)
    days = len({week.local(one.start).date() for one in within})
    return Person(
        key=str(actor.pk),
        skills=frozenset({plan.queue.key}),
        busy=tuple((week.minute(one.start), week.minute(one.end)) for one in taken),
        days_off=away | {number for number in range(-1, DAYS + 1) if not _is_here(actor, week, number)},
        max_minutes=max(plan.max_minutes - minutes, 0),
        max_days=max(plan.max_days - days, 0),
    )


def _is_here(actor: Actor, week: Week, number: int) -> bool:
    day = week.start + timedelta(days=number)
    begun = actor.starts_on is None or actor.starts_on <= day
    return begun and (actor.ends_on is None or day < actor.ends_on)
