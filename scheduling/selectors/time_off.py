"""Room for planned time off, and who has taken it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from interactions.models import Actor
from scheduling.domain.time_off import Room, usual_day
from scheduling.domain.weeks import monday_of
from scheduling.models import SchedulePlan, TimeOffAllotment, TimeOffRequest
from scheduling.selectors.absences import days_away
from scheduling.selectors.published import shifts_of


def allotments(start: date, end: date) -> QuerySet[TimeOffAllotment]:
    """Of every team, on the days of [start, end)."""
    return TimeOffAllotment.objects.filter(day__gte=start, day__lt=end)


def rooms_of(
    actor: Actor, start: date, end: date, *, held: Mapping[date, TimeOffAllotment] | None = None
) -> list[Room]:  # fmt: skip
    """Each day of [start, end) as time off of this person, by their team's allotments or by those `held`.

    Somebody in no team has room on no day.
    """
    days = [start + timedelta(days=number) for number in range((end - start).days)]
    if held is None:
        held = {one.day: one for one in allotments(start, end).filter(team__actors=actor)}
    left = {day: one.left for day, one in held.items()}
    takes = _takes(actor.pk, days)
    away = days_away(days, actor_id=actor.pk).get(actor.pk, set())
    return [Room(day, takes[day], left.get(day), day in away) for day in days]


def _takes(actor_id: UUID, days: list[date]) -> dict[date, int]:
    """Paid minutes: of the shift published that day; in a week without any shift of theirs, the plan's usual day."""
    first, last = monday_of(days[0]), monday_of(days[-1]) + timedelta(days=6)
    paid: dict[date, int] = defaultdict(int)
    for shift in shifts_of(actor_id).filter(business_date__range=(first, last)):
        paid[shift.business_date] += shift.paid
    told = {monday_of(day) for day in paid}
    usual = _usual(actor_id, {monday_of(day) for day in days} - told)
    return {day: paid[day] if monday_of(day) in told else usual[monday_of(day)] for day in days}


def _usual(actor_id: UUID, mondays: Iterable[date]) -> dict[date, int]:
    """The usual day of each week, by the plan of a queue they serve; without one, by what a new plan says."""
    wanted = list(mondays)
    new = SchedulePlan()
    found = dict.fromkeys(wanted, usual_day(new.max_minutes, new.max_days))
    plans = SchedulePlan.objects.filter(week_start__in=wanted, queue__skills__actor_id=actor_id)
    for week, minutes, number in plans.order_by("-queue__key").values_list("week_start", "max_minutes", "max_days"):
        found[week] = usual_day(minutes, number)
    return found


def upcoming(today: date) -> QuerySet[TimeOffRequest]:
    """Everybody's time off that isn't over with its `minutes`, what was cancelled of it too, in the order it begins."""
    found = TimeOffRequest.objects.filter(absence__last_day__gte=today).annotate(minutes=Sum("days__minutes"))
    related = found.select_related("absence__actor", "team")
    return related.order_by("absence__first_day", "absence__actor__display_name", "pk")
