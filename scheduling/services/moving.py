"""Moving a draft's shifts and breaks by hand, and taking the last moves back. The rules decide, and say where instead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.ui.moments import clock
from interactions.models import Actor
from scheduling.domain.moving import Movable, moved_break, nearest_start, on_step
from scheduling.domain.pauses import room
from scheduling.domain.rules import Broken, Limits, Standing, broken, standing
from scheduling.domain.shifts import business_date
from scheduling.errors import NotPossible
from scheduling.models import DraftMove, DraftShift, SchedulePlan
from scheduling.problem import week_of
from scheduling.services.building import as_json
from scheduling.services.changing import RuleBroken, able, beside, changed, opened, stretch

KEPT: Final = 20  # moves of a plan that can be taken back


class MoveRefused(RuleBroken):
    """The shift may not be there: `broken` says why, `offer` is the nearest start that is legal, None without one.

    `zone` is the clock the shift's people go by.
    """

    def __init__(self, found: list[Broken], offer: datetime | None, zone: str) -> None:
        super().__init__(found)
        self.offer, self.zone = offer, zone


@dataclass(frozen=True, slots=True)
class Trial:
    """A shift where it might go: what breaks there, how the person's week stands under its limits, the nearest legal start."""

    shift: DraftShift
    broken: list[Broken]
    standing: Standing
    limits: Limits
    offer: datetime | None


def move_shift(
    *, shift_id: UUID, actor_id: UUID, starts_at: datetime, version: int, by: By, now: datetime
) -> DraftShift:
    """Have a shift start at another quarter of an hour of its week, be another person's, or both.

    It keeps its real minutes and its breaks. Raises StalePlan, MoveRefused, NotPossible, DraftShift.DoesNotExist; then
    it is where it was.
    """
    with transaction.atomic():
        shift = DraftShift.objects.select_related("actor").get(pk=shift_id)
        plan = opened(shift.plan_id, version)
        before = _before(plan, shift)
        trial = _tried(plan, shift, able(plan, actor_id), starts_at)
        if (shift.actor_id, shift.starts_at) == (before.actor_id, before.starts_at):
            raise NotPossible(_("It is there already."), _("Choose another time or person."))
        if trial.broken:
            raise MoveRefused(trial.broken, trial.offer, shift.zone)
        _kept(plan, before, shift)
        changed(plan, "plan.shift_moved", shift, by, now, **_told(before, shift))
    return shift


def move_break(*, shift_id: UUID, number: int, after: int, version: int, by: By, now: datetime) -> DraftShift:
    """Have a shift's break, counted from 0, begin `after` minutes from its start.

    It stays between its neighbours. Raises StalePlan, NotPossible, DraftShift.DoesNotExist.
    """
    with transaction.atomic():
        shift = DraftShift.objects.select_related("actor").get(pk=shift_id)
        plan = opened(shift.plan_id, version)
        before = _before(plan, shift)
        if number >= len(shift.breaks):
            raise NotPossible(_("There is no such break."), _("Choose one that is there."))
        try:
            shift.pauses = as_json(moved_break(shift.breaks, number, after, shift.minutes))
        except ValueError as error:
            raise NotPossible(_("The break can’t begin then."), _where(shift, number)) from error
        _kept(plan, before, shift)
        changed(plan, "plan.break_moved", shift, by, now, **{"break": shift.breaks[number].name, "after": str(after)})
    return shift


def undo_move(*, plan_id: UUID, version: int, by: By, now: datetime) -> DraftShift:
    """Put the shift that was moved last back to where it was, if the rules still allow it.

    Raises StalePlan, MoveRefused, NotPossible when no move is left, SchedulePlan.DoesNotExist.
    """
    with transaction.atomic():
        plan = opened(plan_id, version)
        last = plan.moves.select_related("shift__actor", "actor").first()
        if last is None:
            raise NotPossible(_("There is no move to take back."), _("Move the shift instead."))
        shift = last.shift
        left = _before(plan, shift)
        shift.pauses = last.pauses
        trial = _tried(plan, shift, last.actor, last.starts_at)
        if trial.broken:
            raise MoveRefused(trial.broken, None, shift.zone)
        shift.save()
        last.delete()
        changed(plan, "plan.move_undone", shift, by, now, **_told(left, shift))
    return shift


def try_move(shift: DraftShift, actor: Actor, starts_at: datetime) -> Trial:
    """What a move would meet; nothing is changed. Raises NotPossible for a start that no move may have."""
    trial = DraftShift.objects.select_related("actor").get(pk=shift.pk)
    return _tried(shift.plan, trial, able(shift.plan, actor.pk), starts_at)


def _before(plan: SchedulePlan, shift: DraftShift) -> DraftMove:
    return DraftMove(
        plan=plan,
        shift=shift,
        actor=shift.actor,
        starts_at=shift.starts_at,
        pauses=shift.pauses,
        version=plan.version,
    )


def _tried(plan: SchedulePlan, shift: DraftShift, actor: Actor, starts_at: datetime) -> Trial:
    """Lay the shift there, unsaved, and judge it."""
    week, was = week_of(plan), shift.starts_at
    if not on_step(was, starts_at):
        raise NotPossible(_("A shift moves by quarters of an hour."), _("Choose a time on a quarter."))
    if not week.begins <= starts_at < week.ends:
        raise NotPossible(_("A shift stays in its week."), _("Choose a time from Monday to Sunday."))
    shift.actor, shift.starts_at, shift.ends_at = actor, starts_at, starts_at + (shift.ends_at - was)
    shift.business_date = business_date(starts_at, shift.zone)
    near, here = beside(plan, shift), stretch(shift)
    found = broken(here, near.others, near.busy, near.limits)
    movable = Movable(shift.ends_at - starts_at, shift.zone, shift.paid)
    offer = nearest_start(movable, starts_at, week, near.others, near.busy, near.limits) if found else None
    return Trial(shift, found, standing(here, near.others, near.busy), near.limits, offer)


def _kept(plan: SchedulePlan, before: DraftMove, shift: DraftShift) -> None:
    """Save the shift and remember where it was; of the oldest moves, no more than fit."""
    shift.save()
    before.save()
    plan.moves.filter(pk__in=plan.moves.values("pk")[KEPT:]).delete()


def _told(before: DraftMove, shift: DraftShift) -> dict[str, str | None]:
    return {
        "from": before.starts_at.isoformat(),
        "to": shift.starts_at.isoformat(),
        "from_actor": str(before.actor_id) if before.actor_id != shift.actor_id else None,
    }


def _where(shift: DraftShift, number: int) -> str:
    """Between which times a break may begin, on the shift's clock."""
    low, high = room(shift.breaks, number, shift.minutes)
    if low > high:
        return _("There is no other place for it between its neighbours.")
    ends = [clock((shift.starts_at + timedelta(minutes=one)).astimezone(ZoneInfo(shift.zone))) for one in (low, high)]
    return _("It may begin from %(first)s to %(last)s, with work before and after it.") % {
        "first": ends[0],
        "last": ends[1],
    }
