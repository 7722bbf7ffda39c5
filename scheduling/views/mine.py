"""An agent's own week, and the card of today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, requires
from bpo.tenancy.context import current_client
from bpo.ui.charts import at
from bpo.ui.numbers import span
from scheduling.domain.preferences import Outcome, for_day, outcome
from scheduling.domain.shifts import Pause
from scheduling.domain.weeks import midnight, monday_of
from scheduling.forms_preference import PreferenceForm
from scheduling.models import PublishedShift
from scheduling.selectors import laid_of, last_published, live_preferences, preferences_until
from scheduling.selectors.agent import Day, days_of, now_and_next
from scheduling.views.asked import monday_asked
from scheduling.views.drawing import Window, pauses
from scheduling.views.words import day_of, preference_what, preference_when, rests, times

NARROW = 0.16  # a break narrower than this share of its bar has no room for its name


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the week's list, drawn on the scale that all seven share."""

    day: Day
    times: list[str]
    was: list[str]
    bars: list[tuple[str, str]]
    ghosts: list[tuple[str, str]]
    midnight: str
    paid: int
    today: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What start was asked for on a day, nothing for a day off, and what became of it."""

    what: str
    outcome: Outcome


@requires(Permission.SEE_OWN_SCHEDULE)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own week as published, changes against the version before marked, and what one would rather have."""
    return page(request)


def page(request: HttpRequest, *, form: PreferenceForm | None = None, status: int = 200) -> HttpResponse:
    principal, now = principal_of(request), timezone.now()
    if principal.actor_id is None:
        raise Http404
    stated_in = zone_of(principal.actor_id, now)
    zone = stated_in
    today = now.astimezone(ZoneInfo(zone)).date()
    start = monday_asked(request.GET.get("week", "")) or monday_of(today)
    days = days_of(principal.actor_id, start)
    shifts = [shift for day in days for shift in day.shifts]
    zone = shifts[0].zone if shifts else zone
    met = _met(principal.actor_id, days, start)
    context = {
        "rows": [(row, met.get(row.day.date)) for row in _rows(days, today)],
        "stated": [
            (one, preference_when(one), preference_what(one))
            for one in live_preferences([principal.actor_id], today).order_by("weekday", "date")
        ],
        "stated_in": stated_in,
        "form": form or PreferenceForm(today=today),
        "any": bool(shifts) or any(day.changed for day in days),
        "start": start,
        "zone": zone,
        "paid": sum(shift.paid for shift in shifts),
        "rest": least_rest(shifts),
        "before": start - timedelta(weeks=1),
        "after": start + timedelta(weeks=1),
        "changed": [_change(day) for day in days if day.changed],
        "reason": next((day.shifts[0].version.reason for day in days if day.changed and day.shifts), ""),
    }
    return render(request, "scheduling/mine.html", context, status=status)


def zone_of(actor_id: Any, now: datetime) -> str:
    """The clock somebody lives by here: that of their next shift, else the client's."""
    return _zone(now_and_next(actor_id, now, count=1))


def _met(actor_id: Any, days: list[Day], start: date) -> dict[date, Said]:
    """By day what became of what one had asked for when the week was last published; nothing before it was."""
    published_at = last_published(actor_id, start)
    if published_at is None:
        return {}
    held = {one.pk: one for one in preferences_until(actor_id, published_at)}
    starts = [shift.starts_at for day in days for shift in day.shifts]
    found = {}
    for day in days:
        said = for_day([one.preferred for one in held.values()], day.date)
        if said is not None:
            what = preference_what(held[said.key]) if said.first else ""
            found[day.date] = Said(what, outcome(said, day.date, starts))
    return found


def card(actor_id: Any, now: datetime) -> dict[str, Any]:
    """What the card of today shows: the shift that runs or the next, the time to what comes next, the shift after."""
    shifts = now_and_next(actor_id, now)
    current = shifts[0] if shifts and shifts[0].starts_at <= now else None
    soon = current or (shifts[0] if shifts and _is_today(shifts[0], now) else None)
    following = [one for one in shifts if one is not soon][:1]
    context: dict[str, Any] = {"shift": soon, "following": None, "zone": _zone(shifts)}
    if soon is not None:
        context |= _bar(soon, now) | _next(soon, now) | {"current": current is not None}
    if following:
        [one] = following
        rest = None if soon is None else one.starts_at - soon.ends_at
        context["following"] = {"shift": one, "times": times(one.starts_at, one.ends_at, one.zone), "rest": rest}
        context["following"] |= _day_name(one, now)
    return context


def _zone(shifts: list[PublishedShift]) -> str:
    return shifts[0].zone if shifts else current_client().zone


def _is_today(shift: PublishedShift, now: datetime) -> bool:
    return shift.business_date == now.astimezone(ZoneInfo(shift.zone)).date()


def _day_name(shift: PublishedShift, now: datetime) -> dict[str, Any]:
    tomorrow = (shift.business_date - now.astimezone(ZoneInfo(shift.zone)).date()).days == 1
    return {"tomorrow": tomorrow, "day": _("Tomorrow") if tomorrow else day_of(shift.starts_at, shift.zone)}


def _bar(shift: PublishedShift, now: datetime) -> dict[str, Any]:
    """The shift as one bar: its breaks, how much has passed, where now is."""
    window = Window(shift.starts_at, shift.ends_at)
    parts = []
    for (left, width, name), one in zip(pauses(window, shift.starts_at, shift.breaks), shift.breaks, strict=False):
        parts.append((left, width, name if one.minutes / shift.minutes > NARROW / 2 else ""))
    running = shift.starts_at <= now < shift.ends_at
    place = ZoneInfo(shift.zone)
    return {
        "parts": parts,
        "passed": at(window.part(now)) if running else "",
        "now_anchor": "start" if window.part(now) < 0.12 else "end" if window.part(now) > 0.88 else "middle",
        "clock": f"{now.astimezone(place):%H:%M}",
        "begins": f"{shift.starts_at.astimezone(place):%H:%M}",
        "finishes": f"{shift.ends_at.astimezone(place):%H:%M}",
    }


def _next(shift: PublishedShift, now: datetime) -> dict[str, Any]:
    """The next thing to happen, how long until then, and what it is."""
    if now < shift.starts_at:
        return _ahead(_("Your shift starts in"), shift.starts_at, now, shift, "")
    for one in shift.breaks:
        begins = shift.starts_at + timedelta(minutes=one.after)
        if begins > now:
            label = _("Next break in") if one.paid else _("Your %(name)s in") % {"name": one.name}
            return _ahead(label, begins, now, shift, _length(one))
        if begins <= now < begins + timedelta(minutes=one.minutes):
            return _ahead(
                _("Back from %(name)s in") % {"name": one.name}, begins + timedelta(minutes=one.minutes), now, shift, ""
            )
    return _ahead(_("Your shift ends in"), shift.ends_at, now, shift, "")


def _ahead(label: str, instant: datetime, now: datetime, shift: PublishedShift, more: str) -> dict[str, Any]:
    local = f"{instant.astimezone(ZoneInfo(shift.zone)):%H:%M}"
    minutes = -(-(instant - now) // timedelta(minutes=1)) * 1
    return {"label": label, "left": span(60 * minutes), "what": f"{local}, {more}" if more else local}


def _length(one: Pause) -> str:
    paid = _("paid") if one.paid else _("unpaid")
    return _("%(n)s min, %(paid)s") % {"n": one.minutes, "paid": paid}


def least_rest(shifts: list[PublishedShift]) -> timedelta | None:
    """The shortest rest between two shifts of the week; None for fewer than two."""
    gaps = [after.starts_at - before.ends_at for before, after in pairwise(shifts)]
    return min(gaps, default=None)


def _rows(days: list[Day], today: date) -> list[Row]:
    """Each day's bars by local hours from its own midnight; the scale holds all seven."""
    spans = [_offset(shift) for day in days for shift in [*day.shifts, *day.before]]
    low = min((start for start, _ in spans), default=0) - 60
    high = max([end for _, end in spans] + [low + 600]) + 60
    return [_row(day, low, high, today) for day in days]


def _row(day: Day, low: int, high: int, today: date) -> Row:
    def place(shift: PublishedShift) -> tuple[str, str]:
        start, end = _offset(shift)
        return at((start - low) / (high - low)), at((end - start) / (high - low))

    ghosts = [shift for shift in day.before if day.changed and not day.rested]
    return Row(
        day,
        [times(one.starts_at, one.ends_at, one.zone) for one in day.shifts],
        [times(one.starts_at, one.ends_at, one.zone) for one in ghosts],
        [place(one) for one in day.shifts],
        [place(one) for one in ghosts],
        at((1440 - low) / (high - low)) if high > 1440 else "",
        sum(one.paid for one in day.shifts),
        day.date == today,
    )


def _offset(shift: PublishedShift) -> tuple[int, int]:
    """Minutes from the business date's midnight."""
    begins = midnight(shift.business_date, shift.zone)
    return tuple(int((one - begins).total_seconds() // 60) for one in (shift.starts_at, shift.ends_at))  # type: ignore[return-value]  # two of them


def _change(day: Day) -> dict[str, Any]:
    was, now = ([_told(one, rested=day.rested) for one in rows] for rows in (day.before, day.shifts))
    return {"date": day.date, "rested": day.rested, "was": ", ".join(was), "now": ", ".join(now)}


def _told(shift: PublishedShift, *, rested: bool) -> str:
    """When a shift is, or where only its breaks changed, when those are."""
    return rests(laid_of(shift).breaks, shift.zone) if rested else times(shift.starts_at, shift.ends_at, shift.zone)
