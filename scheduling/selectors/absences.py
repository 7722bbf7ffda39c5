"""Who is absent in a week, and what was last proposed to make up for it."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from scheduling.domain.weeks import DAYS
from scheduling.models import Absence, Repair, SchedulePlan
from scheduling.selectors.published import current_version


def absences_of(plan: SchedulePlan) -> QuerySet[Absence]:
    """Absences that hold, of people of the queue or with a shift of the week as published, on a day of it."""
    end = plan.week_start + timedelta(days=DAYS)
    version = current_version(plan.queue_id, plan.week_start)
    concerned = Q(actor__skills__queue_id=plan.queue_id)
    if version is not None:
        concerned |= Q(actor__published_shifts__version=version)
    found = absent_between(plan.week_start, end).filter(concerned)
    return found.select_related("actor", "reported_by").order_by("first_day", "actor__display_name").distinct()


def absent_between(start: date, end: date) -> QuerySet[Absence]:
    """Absences that hold on some day of [start, end)."""
    return Absence.objects.filter(withdrawn_at=None, first_day__lt=end, last_day__gte=start)


def days_away(days: Sequence[date], **of: object) -> dict[UUID, set[date]]:
    """On which of these days in a row people are absent; `of` narrows the absences that are looked at."""
    found: dict[UUID, set[date]] = {}
    for one in absent_between(days[0], days[-1] + timedelta(days=1)).filter(**of):
        found.setdefault(one.actor_id, set()).update(filter(one.covers, days))
    return found


def repair_of(plan_id: UUID) -> Repair | None:
    """The last that was asked for, whatever became of it."""
    return Repair.objects.filter(plan_id=plan_id).select_related("of_version", "asked_by", "plan__queue").first()
