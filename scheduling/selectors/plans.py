"""Plans, the people they are made of, and the shifts they choose from."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from interactions.models import Actor
from scheduling.models import SchedulePlan, ShiftTemplate


def plan_of(queue_id: UUID, week_start: date) -> SchedulePlan | None:
    return (
        SchedulePlan.objects.filter(queue_id=queue_id, week_start=week_start)
        .select_related("queue", "requirement", "sent_by")
        .first()
    )


def people_of(queue_id: UUID, start: date, end: date) -> QuerySet[Actor]:
    """People with the queue's skill who are here on some day of [start, end)."""
    return (
        Actor.objects.filter(kind=Actor.Kind.PERSON, skills__queue_id=queue_id)
        .filter(Q(starts_on=None) | Q(starts_on__lt=end), Q(ends_on=None) | Q(ends_on__gt=start))
        .select_related("team")
        .order_by("display_name", "id")
    )


def templates_of(queue_id: UUID) -> list[ShiftTemplate]:
    """The queue's own shifts and those of every queue."""
    return list(ShiftTemplate.objects.filter(Q(queue_id=queue_id) | Q(queue=None), active=True))
