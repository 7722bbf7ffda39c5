"""What people would rather have, and the shifts they carried in the weeks before."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Q, QuerySet

from scheduling.domain.fairness import WEEKS, Burden, burden_of
from scheduling.domain.weeks import DAYS
from scheduling.models import Preference, ScheduleVersion
from scheduling.selectors.absences import days_away
from scheduling.selectors.published import current_shifts


def live_preferences(actor_ids: Iterable[UUID], since: date) -> QuerySet[Preference]:
    """Those that hold, of these people, without dates before `since`."""
    found = Preference.objects.filter(actor_id__in=actor_ids, state=Preference.State.LIVE)
    return found.filter(Q(date=None) | Q(date__gte=since)).select_related("stated_by")


def preferences_until(actor_id: UUID, instant: datetime) -> QuerySet[Preference]:
    """Those of one person that held at that instant, whatever became of them since."""
    ended_later = Q(ended_at=None) | Q(ended_at__gt=instant)
    return Preference.objects.filter(ended_later, actor_id=actor_id, stated_at__lte=instant)


def last_published(actor_id: UUID, week_start: date) -> datetime | None:
    """When a week of a queue the person serves, or has a shift of, was last published; None if it never was."""
    theirs = Q(queue__skills__actor_id=actor_id) | Q(shifts__actor_id=actor_id)
    found = ScheduleVersion.objects.filter(theirs, week_start=week_start).order_by()
    at: datetime | None = found.aggregate(at=Max("published_at"))["at"]
    return at


def carried(actor_ids: Collection[UUID], before: date) -> dict[UUID, Burden]:
    """What each carried by the client's published shifts, of all its queues, in the weeks before a Monday.

    A shift somebody was absent from was not carried. Work for other clients is not seen from here.
    """
    first = before - timedelta(days=WEEKS * DAYS)
    away = days_away([first + timedelta(days=number) for number in range(WEEKS * DAYS)])
    shifts = current_shifts().filter(actor_id__in=actor_ids, business_date__gte=first, business_date__lt=before)
    alike = shifts.order_by().values_list("business_date", "starts_at", "ends_at", "zone")  # many share their times
    found = dict.fromkeys(actor_ids, Burden())
    for day, start, end, zone, theirs in alike.annotate(theirs=ArrayAgg("actor_id")):
        burden = burden_of(start, end, zone)
        for actor_id in theirs:
            if day not in away.get(actor_id, ()):
                found[actor_id] = found[actor_id].plus(burden)
    return found
