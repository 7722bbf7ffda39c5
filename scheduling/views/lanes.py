"""The board's week as compact rows, which board.js draws, and one day of it in words, which needs no script."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bpo.ui.moments import zone_name
from bpo.ui.numbers import number
from interactions.models import Actor
from scheduling.domain.weeks import DAYS, Week, midnight
from scheduling.ledger import Block
from scheduling.models import SchedulePlan
from scheduling.problem import Planlike, elsewhere, week_of
from scheduling.selectors import days_away, people_of
from scheduling.views.week import AnyShift, Covered
from scheduling.views.words import times

AROUND = 2 * 1440  # minutes beside a week in which a shift of it may still end, or time elsewhere begin
NOBODY = UUID(int=0)  # in addresses, where the script puts an id


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's day or week in words. `place` is theirs among the people of the week."""

    place: int
    name: str
    team: str
    words: SafeString
    off: bool
    paid: str


@dataclass(frozen=True, slots=True)
class Floor:
    """Everybody of a week by name, with their shifts, what is taken of them elsewhere and the days they are absent."""

    people: list[Actor]
    shifts: list[list[AnyShift]]
    taken: list[list[Block]]
    away: list[frozenset[date]]


def floor(plan: Planlike, shifts: Iterable[AnyShift], *, may_plan: bool) -> Floor:
    """Everybody who serves the queue, and whoever has a shift; who is absent is for those who plan."""
    end = plan.week_start + timedelta(days=DAYS)
    people = {one.pk: one for one in people_of(plan.queue_id, plan.week_start, end)}
    mine: dict[UUID, list[AnyShift]] = {actor_id: [] for actor_id in people}
    for one in shifts:
        mine.setdefault(one.actor_id, []).append(one)
    if gone := mine.keys() - people.keys():  # who had the skill when they got their shift
        people |= {one.pk: one for one in Actor.objects.filter(pk__in=gone).select_related("team")}
    found = sorted(people.values(), key=lambda one: (one.display_name, one.pk))
    taken = elsewhere(plan, people)
    away = days_away(week_of(plan).dates) if may_plan else {}
    return Floor(
        people=found,
        shifts=[mine[one.pk] for one in found],
        taken=[taken[one.pk] for one in found],
        away=[frozenset(away.get(one.pk, ())) for one in found],
    )


def lanes(plan: Planlike, on: Floor, week: Week, day: date | None, *, may_plan: bool) -> list[Lane]:
    """Everybody, by when they start that day, or without one in the week; who does not work comes last."""
    first, last = week.begins, week.ends
    if day is not None:
        first, last = midnight(day, week.zone), midnight(day + timedelta(days=1), week.zone)
    giving = may_plan and day is not None and isinstance(plan, SchedulePlan)
    add = add_url(plan, day) if giving and day is not None else ""
    busy, off, absent = _("busy"), _("off"), _("absent")
    days = {day} if day is not None else set[date]()  # a week in words has no day to be absent on
    said = cache(lambda start, end: label(start, end, week, day is None))  # many share their times
    found = []
    for place, actor in enumerate(on.people):
        shown = [one for one in on.shifts[place] if one.starts_at < last and one.ends_at > first]
        begun = [one for one in shown if one.starts_at >= first]
        links = [(shift_url(plan, one.pk), said(one.starts_at, one.ends_at)) for one in shown]
        text = busy if any(one.start < last and one.end > first for one in on.taken[place]) else off
        text = absent if days & on.away[place] else text
        if not links and add:
            links = [(add.replace(str(NOBODY), str(actor.pk)), text)]
        words = _links(links, actor.display_name) if links else conditional_escape(text)
        paid = number(sum(one.paid for one in begun) / 60, 1) if begun else ""
        lane = Lane(place, actor.display_name, str(actor.team or ""), words, not shown, paid)
        found.append((min((one.starts_at for one in begun), default=last), place, lane))
    return [lane for _first, _place, lane in sorted(found, key=lambda row: row[:2])]


def _links(links: list[tuple[str, str]], name: str) -> SafeString:
    """Ways into the side panel, made here and not in the template: there may be some thousand of them."""
    row = '<a href="{}" data-panel data-panel-title="{}">{}</a>'
    return format_html_join(" ", row, ((url, name, text) for url, text in links))


def label(start: datetime, end: datetime, week: Week, dated: bool) -> str:
    """ "06:00–15:00" on the plan's clock, `dated` with its weekday."""
    found = times(start, end, week.zone)
    return f"{date_format(week.local(start), pgettext('date format', 'D'))} {found}" if dated else found


def packed(plan: Planlike, on: Floor, found: Covered, day: date | None) -> dict[str, Any]:
    """What board.js draws from. Times are minutes from the week's beginning, in real time."""
    week = week_of(plan)
    begins = week.begins
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
            [
                str(one.pk),
                one.display_name,
                str(one.team or ""),
                [[_since(begins, block.start), _since(begins, block.end)] for block in taken],
                *([[place for place, one_day in enumerate(week.dates) if one_day in away]] if away else []),
            ]
            for one, taken, away in zip(on.people, on.taken, on.away, strict=True)
        ],
        "shifts": [
            pack(one, begins, place, zones.index(one.zone), names)
            for place, mine in enumerate(on.shifts)
            for one in mine
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


def pack(one: AnyShift, begins: datetime, place: int, zone: int, names: dict[str, int]) -> list[Any]:
    """id, whose by place, start, end, zone by place, breaks (after, minutes, name by place, paid), template."""
    breaks = [
        [pause["after"], pause["minutes"], names.setdefault(pause["name"], len(names)), int(pause["paid"])]
        for pause in one.pauses
    ]
    return [
        str(one.pk),
        place,
        _since(begins, one.starts_at),
        _since(begins, one.ends_at),
        zone,
        breaks,
        one.template_name,
    ]


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
    """The panel of a shift. By its pattern, for resolving one address a shift is slow."""
    name = "scheduling:shift" if isinstance(plan, SchedulePlan) else "scheduling:published_shift"
    return pattern_of(name).replace(str(NOBODY), str(shift_id))


def add_url(plan: Planlike, day: date) -> str:
    """The panel that gives somebody a shift, with nobody's id."""
    return reverse("scheduling:add_shift", args=[plan.pk, NOBODY, day.isoformat()])


@cache
def pattern_of(name: str) -> str:
    """An address with nobody's id in it."""
    return reverse(name, args=[NOBODY])


def _day(week: Week, day: date) -> list[Any]:
    first, last = midnight(day, week.zone), midnight(day + timedelta(days=1), week.zone)
    return [
        day.isoformat(), date_format(day, pgettext("date format", "D j")), week.minute(first), week.minute(last),
        date_format(day, pgettext("date format", "l")),
    ]  # fmt: skip


def _since(begins: datetime, instant: datetime) -> int:
    """Minutes of real time."""
    return (instant - begins) // timedelta(minutes=1)
