"""The board's week as compact rows, which board.js draws, and one day of it in words, which needs no script."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import pgettext

from bpo.ui.moments import zone_name
from interactions.models import Actor
from scheduling.domain.weeks import DAYS, Week, midnight
from scheduling.ledger import Block
from scheduling.models import SchedulePlan
from scheduling.problem import Planlike, elsewhere, week_of
from scheduling.selectors import people_of
from scheduling.views.week import AnyShift, Covered
from scheduling.views.words import times

AROUND = 2 * 1440  # minutes beside a week in which a shift of it may still end, or time elsewhere begin
NOBODY = UUID(int=0)  # in addresses, where the script puts an id


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's day or week in words. `place` is theirs among the people of the week."""

    place: int
    actor: Actor
    shifts: list[tuple[str, str]]  # address and times
    busy: bool
    paid: float
    add_url: str


@dataclass(frozen=True, slots=True)
class Floor:
    """Everybody of a week by name, with their shifts and what is taken of them elsewhere."""

    people: list[Actor]
    shifts: list[list[AnyShift]]
    taken: list[list[Block]]


def floor(plan: Planlike, shifts: Iterable[AnyShift]) -> Floor:
    """Everybody who serves the queue, and whoever has a shift."""
    end = plan.week_start + timedelta(days=DAYS)
    people = {one.pk: one for one in people_of(plan.queue_id, plan.week_start, end)}
    mine: dict[UUID, list[AnyShift]] = {actor_id: [] for actor_id in people}
    for one in shifts:
        people.setdefault(one.actor_id, one.actor)
        mine.setdefault(one.actor_id, []).append(one)
    found = sorted(people.values(), key=lambda one: (one.display_name, one.pk))
    taken = elsewhere(plan, people)
    return Floor(found, [mine[one.pk] for one in found], [taken[one.pk] for one in found])


def lanes(plan: Planlike, on: Floor, week: Week, day: date | None) -> list[Lane]:
    """Everybody, by when they start that day, or without one in the week; who does not work comes last."""
    first, last = week.begins, week.ends
    if day is not None:
        first, last = midnight(day, week.zone), midnight(day + timedelta(days=1), week.zone)
    found = []
    for place, actor in enumerate(on.people):
        shown = [one for one in on.shifts[place] if one.starts_at < last and one.ends_at > first]
        begun = [one for one in shown if one.starts_at >= first]
        busy = any(one.start < last and one.end > first for one in on.taken[place])
        add = "" if begun or day is None or not isinstance(plan, SchedulePlan) else add_url(plan, actor.pk, day)
        words = [(shift_url(plan, one.pk), label(one, week, day is None)) for one in shown]
        lane = Lane(place, actor, words, busy, sum(one.paid for one in begun) / 60, add)
        found.append((min((one.starts_at for one in begun), default=last), place, lane))
    return [lane for _, _, lane in sorted(found, key=lambda row: row[:2])]


def label(one: AnyShift, week: Week, dated: bool) -> str:
    """ "06:00–15:00" on the plan's clock, `dated` with its weekday."""
    found = times(one.starts_at, one.ends_at, week.zone)
    return f"{date_format(week.local(one.starts_at), pgettext('date format', 'D'))} {found}" if dated else found


def packed(plan: Planlike, on: Floor, found: Covered, day: date | None) -> dict[str, Any]:
    """What board.js draws from. Times are minutes from the week's beginning, in real time."""
    week = week_of(plan)
    names: dict[str, int] = {}
    zones = [plan.zone, *sorted({one.zone for mine in on.shifts for one in mine} - {plan.zone})]
    draft = isinstance(plan, SchedulePlan)
    return {
        "plan": str(plan.pk),
        "version": plan.version if isinstance(plan, SchedulePlan) else 0,
        "draft": draft,
        "begins": int(week.begins.timestamp() // 60),
        "length": week.minute(week.ends),
        "day": "week" if day is None else day.isoformat(),
        "days": [_day(week, one) for one in week.dates],
        "zones": [{"name": zone_name(one), "offsets": offsets(week, one)} for one in zones],
        "required": found.required,
        "scheduled": found.scheduled,
        "people": [
            [str(one.pk), one.display_name, str(one.team or ""), [_stretch(week, block) for block in taken]]
            for one, taken in zip(on.people, on.taken, strict=True)
        ],
        "shifts": [
            pack(one, week, place, zones.index(one.zone), names) for place, mine in enumerate(on.shifts) for one in mine
        ],
        "breaks": list(names),
        "urls": {
            "shift": shift_url(plan, NOBODY),
            "add": reverse("scheduling:add_shift", args=[plan.pk, NOBODY, "DAY"]) if draft else "",
            "move": reverse("scheduling:move_shift", args=[NOBODY]) if draft else "",
            "break": reverse("scheduling:move_break", args=[NOBODY]) if draft else "",
            "undo": reverse("scheduling:undo_move", args=[plan.pk]) if draft else "",
            "after": reverse("scheduling:after_move", args=[plan.pk]) if draft else "",
        },
    }


def pack(one: AnyShift, week: Week, place: int, zone: int, names: dict[str, int]) -> list[Any]:
    """id, whose by place, start, end, zone by place, breaks (after, minutes, name by place, paid), template."""
    breaks = [
        [pause.after, pause.minutes, names.setdefault(pause.name, len(names)), int(pause.paid)] for pause in one.breaks
    ]
    return [str(one.pk), place, week.minute(one.starts_at), week.minute(one.ends_at), zone, breaks, one.template_name]


def offsets(week: Week, zone: str) -> list[list[int]]:
    """From which minute of the week on the clocks of `zone` are how many minutes ahead of UTC."""
    place, found = ZoneInfo(zone), list[list[int]]()
    for minute in range(-AROUND, week.minute(week.ends) + AROUND, 15):
        local = (week.begins + timedelta(minutes=minute)).astimezone(place)
        ahead = int((local.utcoffset() or timedelta()).total_seconds() // 60)
        if not found or found[-1][1] != ahead:
            found.append([minute, ahead])
    return found


def shift_url(plan: Planlike, shift_id: UUID) -> str:
    name = "scheduling:shift" if isinstance(plan, SchedulePlan) else "scheduling:published_shift"
    return reverse(name, args=[shift_id])


def add_url(plan: SchedulePlan, actor_id: UUID, day: date) -> str:
    return reverse("scheduling:add_shift", args=[plan.pk, actor_id, day.isoformat()])


def _day(week: Week, day: date) -> list[Any]:
    first, last = midnight(day, week.zone), midnight(day + timedelta(days=1), week.zone)
    return [
        day.isoformat(), date_format(day, pgettext("date format", "D j")), week.minute(first), week.minute(last),
        date_format(day, pgettext("date format", "l")),
    ]  # fmt: skip


def _stretch(week: Week, block: Block) -> list[int]:
    return [week.minute(block.start), week.minute(block.end)]
