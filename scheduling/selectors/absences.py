"""Who is absent in a week, and what was last proposed to make up for it."""

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


def days_away(actor_id: UUID, start: date, end: date) -> set[date]:
    """The days of [start, end) on which somebody is absent."""
    found = set[date]()
    for one in absent_between(start, end).filter(actor_id=actor_id):
        first, last = max(one.first_day, start), min(one.last_day, end - timedelta(days=1))
        found |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return found


def repair_of(plan_id: UUID) -> Repair | None:
    """The last that was asked for, whatever became of it."""
    return Repair.objects.filter(plan_id=plan_id).select_related("of_version", "asked_by", "plan__queue").first()
