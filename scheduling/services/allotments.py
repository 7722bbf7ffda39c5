"""Room for planned time off: set by a planner, taken and given back under locks in the order of day and team.

Who locks allotments does so before any absence, so that nobody waits for somebody who waits for them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.notices.services import tell
from bpo.tenancy.context import current_client
from bpo.ui.moments import short_day
from bpo.ui.numbers import hours as plain_hours
from interactions.models import Team
from scheduling.domain.shifts import business_date
from scheduling.errors import NotPossible
from scheduling.models import TimeOffAllotment, TimeOffDay, TimeOffRequest
from scheduling.turns import in_turn

LONGEST: Final = 366  # days set at once
IN_ORDER: Final = ("day", "team_id")


def set_allotments(
    *, team_id: UUID, first_day: date, last_day: date, weekdays: Collection[int], cap_minutes: int, by: By,
    now: datetime,
) -> int:  # fmt: skip
    """Let a team's people be off for `cap_minutes` paid minutes on each of these weekdays (Monday 0); how many days.

    Raises Team.DoesNotExist; InUse; NotPossible for days that are over, for none or too many of them, and where more
    is taken than that. Then nothing is changed.
    """
    every = [first_day + timedelta(days=ahead) for ahead in range((last_day - first_day).days + 1)]
    days = [one for one in every if one.weekday() in weekdays]
    _check_days(days, len(every), now)
    with transaction.atomic():
        team = Team.objects.get(pk=team_id)
        with in_turn():
            TimeOffAllotment.objects.bulk_create(
                [TimeOffAllotment(team=team, day=day, cap_minutes=cap_minutes) for day in days], ignore_conflicts=True
            )
            held = list(lock(team_id, days).values())
        taken = [one for one in held if one.used_minutes > cap_minutes]
        if taken:
            said = ", ".join(f"{short_day(one.day)} {hours(one.used_minutes)}" for one in taken)
            raise NotPossible(
                _("More is taken already: %(days)s.") % {"days": said},
                _("Nothing was changed. Give those days at least that, or cancel time off first."),
            )
        TimeOffAllotment.objects.filter(pk__in=[one.pk for one in held]).update(cap_minutes=cap_minutes)
        detail = {
            "first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "weekdays": sorted(weekdays),
            "cap_minutes": cap_minutes, "days": len(days),
        }  # fmt: skip
        record(action="time_off.allotted", target=team, by=by, now=now, detail=detail)
    return len(days)


def _check_days(days: Sequence[date], length: int, now: datetime) -> None:
    if length > LONGEST:
        raise NotPossible(_("That is more than %(n)s days.") % {"n": LONGEST}, _("Choose a shorter stretch."))
    if not days:
        raise NotPossible(_("No day is among these."), _("Choose a last day after the first, and other weekdays."))
    if days[0] < today(now):
        raise NotPossible(_("Some of these days are over."), _("Choose a first day from today on."))


def lock(team_id: UUID, days: Collection[date]) -> dict[date, TimeOffAllotment]:
    """A team's allotments of these days, kept for this transaction. Wrap it in `in_turn`."""
    found = TimeOffAllotment.objects.select_for_update().filter(team_id=team_id, day__in=days).order_by(*IN_ORDER)
    return {one.day: one for one in found}


def take(request: TimeOffRequest, held: Mapping[date, TimeOffAllotment], minutes: Mapping[date, int]) -> None:
    """Take these minutes of allotments that are locked."""
    for day, much in minutes.items():
        held[day].used_minutes += much
    TimeOffAllotment.objects.bulk_update([held[day] for day in minutes], ["used_minutes"])
    TimeOffDay.objects.bulk_create(
        TimeOffDay(request=request, allotment=held[day], minutes=much) for day, much in minutes.items()
    )


def held_by(absence_id: UUID) -> list[TimeOffDay]:
    """What an absence took, its allotments locked. None for one that isn't planned time off. Raises InUse."""
    found = TimeOffDay.objects.filter(request__absence_id=absence_id).select_related("allotment")
    with in_turn():
        return list(found.select_for_update(of=("allotment",)).order_by("allotment__day", "allotment__team_id"))


def give_back(absence_id: UUID, days: Sequence[TimeOffDay], *, reason: str, by: By, now: datetime) -> None:
    """Give back what an absence took that was just withdrawn; who didn't do that themselves is told."""
    asked = TimeOffRequest.objects.select_related("absence").filter(absence_id=absence_id).first()
    if asked is None:
        return
    for one in days:
        one.allotment.used_minutes -= one.minutes
    TimeOffAllotment.objects.bulk_update([one.allotment for one in days], ["used_minutes"])
    asked.reason = reason
    asked.save(update_fields=["reason"])
    minutes = sum(one.minutes for one in days)
    record(action="time_off.cancelled", target=asked, by=by, now=now, detail={"minutes": minutes})
    if by.actor_id != asked.absence.actor_id:
        _tell(asked, now)


def _tell(asked: TimeOffRequest, now: datetime) -> None:
    stretch = stretch_words(asked.absence.first_day, asked.absence.last_day)
    text = _("Your time off %(stretch)s is cancelled.") % {"stretch": stretch}
    tell(
        actor_id=asked.absence.actor_id, kind="time_off_cancelled", text=f"{text} {asked.reason}".strip(),
        path="/my-schedule/time-off/", dedupe_key=f"time_off:{asked.pk}", now=now,
    )  # fmt: skip


def today(now: datetime) -> date:
    """The client's business date."""
    return business_date(now, current_client().zone)


def stretch_words(first: date, last: date) -> str:
    """Tue 8 Dec, or Tue 8 Dec – Thu 10 Dec"""
    return short_day(first) if first == last else f"{short_day(first)} – {short_day(last)}"


def hours(minutes: int) -> str:
    return _("%(n)s h") % {"n": plain_hours(minutes)}
