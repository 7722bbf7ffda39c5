"""Asking for planned time off, and cancelling it. What is asked is decided at once, by the room there is."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpo.actors import By
from bpo.audit.services import record
from bpo.ui.moments import short_day
from interactions.models import Actor
from scheduling.domain.time_off import Room, nearest
from scheduling.errors import NotPossible
from scheduling.models import Absence, TimeOffRequest
from scheduling.selectors.time_off import rooms_of
from scheduling.services.allotments import hours, lock, stretch_words, take, today
from scheduling.services.repairing import LONGEST, alone, withdraw_absence
from scheduling.turns import in_turn

AROUND: Final = timedelta(days=60)  # either way, in which other days are looked for
FARTHEST: Final = timedelta(days=366)


def ask_time_off(*, actor_id: UUID, first_day: date, last_day: date, by: By, now: datetime) -> TimeOffRequest:
    """Take time off where every day has room for it. It is an absence from then on.

    Raises Actor.DoesNotExist; InUse; NotPossible for days that can't be asked for, and where a day has no room: it
    names each such day with what is left, and the nearest days that have room. Then nothing is changed.
    """
    _check_days(first_day, last_day, today(now))
    actor = Actor.objects.select_related("team").get(pk=actor_id)
    if actor.team is None:
        raise NotPossible(_("You are in no team, and room is given by teams."), _("Ask your planner."))
    days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    with alone(actor), transaction.atomic():
        with in_turn():
            held = lock(actor.team.pk, days)
        rooms = rooms_of(actor, first_day, last_day + timedelta(days=1), held=held)
        _check_room(actor, rooms, today(now))
        absence = Absence.objects.create(
            actor=actor, first_day=first_day, last_day=last_day, kind=Absence.Kind.TIME_OFF, reported_at=now,
            reported_by_id=by.actor_id,
        )  # fmt: skip
        made = TimeOffRequest.objects.create(absence=absence, team=actor.team)
        take(made, held, {one.day: one.takes for one in rooms if one.takes})
        detail = {
            "actor": str(actor_id), "first_day": first_day.isoformat(), "last_day": last_day.isoformat(),
            "minutes": sum(one.takes for one in rooms),
        }  # fmt: skip
        record(action="time_off.approved", target=made, by=by, now=now, detail=detail)
    return made


def cancel_time_off(
    *, request_id: UUID, by: By, now: datetime, reason: str = "", own: UUID | None = None
) -> TimeOffRequest:  # fmt: skip
    """Cancel time off and give its room back.

    With `own` it has to be that person's, and not to have begun; without, not to be over. Raises
    TimeOffRequest.DoesNotExist; InUse; NotPossible when it is too late or cancelled already.
    """
    known = TimeOffRequest.objects.select_related("absence__actor")
    found = known.get(pk=request_id, **({"absence__actor_id": own} if own else {}))
    if own and found.absence.first_day <= today(now):
        raise NotPossible(_("It has begun."), _("Ask your planner."))
    if found.absence.last_day < today(now):
        raise NotPossible(_("It is over."), _("What was taken stays as it was."))
    withdraw_absence(absence_id=found.absence_id, by=by, now=now, reason=reason)
    return known.get(pk=request_id)


def _check_days(first: date, last: date, this: date) -> None:
    if last < first or (last - first).days >= LONGEST:
        raise NotPossible(
            _("Time off has 1 to %(n)s days.") % {"n": LONGEST}, _("Choose a last day after the first.")
        )  # fmt: skip
    if first <= this:
        raise NotPossible(_("Time off begins tomorrow or later."), _("Tell your planner of today."))
    if last > this + FARTHEST:
        raise NotPossible(_("That is too far ahead."), _("Choose days within a year."))


def _check_room(actor: Actor, rooms: Sequence[Room], this: date) -> None:
    away = [one for one in rooms if one.away]
    if away:
        raise NotPossible(
            _("You are absent already: %(days)s.") % {"days": ", ".join(short_day(one.day) for one in away)},
            _("Choose other days."),
        )
    if not any(one.takes for one in rooms):
        raise NotPossible(_("You have no shift on these days."), _("There is nothing to ask for."))
    full = [one for one in rooms if not one.fits]
    if full:
        said = ", ".join(_full(one) for one in full)
        raise NotPossible(_("No room: %(days)s.") % {"days": said}, _elsewhere(actor, rooms, this))


def _full(one: Room) -> str:
    if one.left is None:
        return _("%(day)s (nothing is allotted)") % {"day": short_day(one.day)}
    asked = {"day": short_day(one.day), "left": hours(one.left), "takes": hours(one.takes)}
    return _("%(day)s (%(left)s left of the %(takes)s it takes)") % asked


def _elsewhere(actor: Actor, rooms: Sequence[Room], this: date) -> str:
    """Where as many days in a row are free."""
    first, length = rooms[0].day, len(rooms)
    start = max(first - AROUND, this + timedelta(days=1))
    end = first + AROUND + timedelta(days=length)
    found = nearest(rooms_of(actor, start, end), first, length)
    if found is None:
        last = short_day(end - timedelta(days=1))
        return ngettext(
            "No day has room up to %(last)s; ask your planner.",
            "No %(n)s days in a row have room up to %(last)s; ask your planner.", length,
        ) % {"n": length, "last": last}  # fmt: skip
    return ngettext("The nearest day with room is %(stretch)s.", "The nearest %(n)s days with room are %(stretch)s.",
                    length) % {"n": length, "stretch": stretch_words(*found)}  # fmt: skip
