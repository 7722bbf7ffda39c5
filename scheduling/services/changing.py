"""A planner's changes to a draft. Each is checked against the rules before it is kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Actor
from scheduling.domain.rules import Broken, Elsewhere, Limits, Stretch, broken
from scheduling.domain.shifts import dated
from scheduling.domain.weeks import DAYS
from scheduling.errors import NotPossible
from scheduling.models import DraftShift, SchedulePlan, ShiftTemplate
from scheduling.problem import elsewhere, week_of
from scheduling.selectors import days_away, people_of, templates_of
from scheduling.services.building import as_json
from scheduling.services.publishing import check_open, locked


class RuleBroken(NotPossible):
    """The change breaks a rule; `broken` says which and by how much."""

    def __init__(self, found: list[Broken]) -> None:
        self.broken = found
        super().__init__(_("The rules don't allow it."), _("Choose another shift."))


def add_shift(
    *, plan_id: UUID, actor_id: UUID, template_id: UUID, day: date, version: int, by: By, now: datetime
) -> DraftShift:
    """Give somebody a shift on a business date. Raises StalePlan, RuleBroken, NotPossible."""
    with transaction.atomic():
        plan = opened(plan_id, version)
        shift = laid(DraftShift(plan=plan, actor=able(plan, actor_id)), _template(plan, template_id), day)
        _check(plan, shift)
        shift.save()
        changed(plan, "plan.shift_added", shift, by, now)
    return shift


def change_shift(*, shift_id: UUID, template_id: UUID, version: int, by: By, now: datetime) -> DraftShift:
    """Put another shift in the place of one. Raises StalePlan, RuleBroken, NotPossible, DraftShift.DoesNotExist."""
    with transaction.atomic():
        shift = DraftShift.objects.select_related("actor").get(pk=shift_id)
        plan = opened(shift.plan_id, version)
        laid(shift, _template(plan, template_id), shift.business_date)
        _check(plan, shift)
        shift.save()
        shift.moves.all().delete()  # where it was before is no way back from here
        changed(plan, "plan.shift_changed", shift, by, now)
    return shift


def remove_shift(*, shift_id: UUID, version: int, by: By, now: datetime) -> SchedulePlan:
    """Take a shift out of the draft. Raises StalePlan, NotPossible, DraftShift.DoesNotExist."""
    with transaction.atomic():
        shift = DraftShift.objects.get(pk=shift_id)
        plan = opened(shift.plan_id, version)
        changed(plan, "plan.shift_removed", shift, by, now)
        shift.delete()
    return plan


def opened(plan_id: UUID, version: int) -> SchedulePlan:
    """The plan, locked and as the caller saw it. Raises StalePlan, and NotPossible while it is built or in review."""
    plan = locked(plan_id, version)
    check_open(plan)
    return plan


def able(plan: SchedulePlan, actor_id: UUID) -> Actor:
    """Somebody with the queue's skill that week. Raises NotPossible."""
    found = people_of(plan.queue_id, plan.week_start, plan.week_start + timedelta(days=DAYS)).filter(pk=actor_id)
    actor = found.first()
    if actor is None:
        raise NotPossible(_("This person does not have the queue's skill."), _("Choose somebody who has."))
    return actor


def _template(plan: SchedulePlan, template_id: UUID) -> ShiftTemplate:
    for one in templates_of(plan.queue_id):
        if one.pk == template_id:
            return one
    raise NotPossible(_("There is no such shift for this queue."), _("Choose one of the list."))


def laid(shift: DraftShift, template: ShiftTemplate, day: date) -> DraftShift:
    """The shift with the template's times on that day; nothing is saved."""
    found = dated(template.pattern, day)
    shift.template, shift.template_name, shift.zone = template, template.name, template.zone
    shift.starts_at, shift.ends_at, shift.business_date = found.start, found.end, day
    shift.pauses = as_json(template.pattern.pauses)
    return shift


def _check(plan: SchedulePlan, shift: DraftShift) -> None:
    found = broken_by(plan, shift)
    if found:
        raise RuleBroken(found)


def broken_by(plan: SchedulePlan, shift: DraftShift) -> list[Broken]:
    """The rules a shift of the plan breaks where it is, saved or not."""
    found = beside(plan, shift)
    return broken(stretch(shift), found.others, found.busy, found.limits)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a shift is judged beside: the same person's other shifts of the plan, their time elsewhere, their limits."""

    others: list[Stretch]
    busy: list[Elsewhere]
    limits: Limits


def beside(plan: SchedulePlan, shift: DraftShift) -> Beside:
    """Read it, for the person the shift names."""
    others = [stretch(one) for one in plan.shifts.filter(actor_id=shift.actor_id).exclude(pk=shift.pk)]
    taken = [Elsewhere(one.start, one.end, one.own) for one in elsewhere(plan, [shift.actor_id])[shift.actor_id]]
    actor = shift.actor
    away = days_away(week_of(plan).dates, actor_id=actor.pk).get(actor.pk, set())
    limits = Limits(
        plan.rest_minutes, plan.max_minutes, plan.max_days, actor.starts_on, actor.ends_on, frozenset(away)
    )  # fmt: skip
    return Beside(others, taken, limits)


def stretch(shift: DraftShift) -> Stretch:
    return Stretch(shift.starts_at, shift.ends_at, shift.business_date, shift.paid)


def changed(plan: SchedulePlan, action: str, shift: DraftShift, by: By, now: datetime, **more: str | None) -> None:
    """Count the plan on, back to a draft, and write the change to the log."""
    plan.version += 1
    plan.state = plan.State.DRAFT
    plan.save(update_fields=["version", "state"])
    detail = {"plan": str(plan.pk), "actor": str(shift.actor_id), "day": shift.business_date.isoformat()}
    record(action=action, target=shift, by=by, now=now, detail=detail | {"template": shift.template_name} | more)
