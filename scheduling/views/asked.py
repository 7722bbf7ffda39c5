"""Which queue and week a planner's page is about, and the ways to others."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bpo.acting import principal_of
from bpo.permissions import Permission, may
from bpo.tenancy.context import current_client
from interactions.models import Queue
from interactions.selectors import queues
from scheduling.domain.weeks import Week, monday_of
from scheduling.selectors import next_week, queue_of

PLANNED: Final = range(2001, 2100)  # years


@dataclass(frozen=True, slots=True)
class Asked:
    """One queue's week, in the client's zone."""

    queue: Queue
    week: Week
    queues: list[Queue]

    @property
    def query(self) -> str:
        return self.to(self.week.start)

    @property
    def before(self) -> str:
        return self.to(self.week.start - timedelta(weeks=1))

    @property
    def after(self) -> str:
        return self.to(self.week.start + timedelta(weeks=1))

    def to(self, week: date) -> str:
        """The address's query for another week of this queue."""
        return urlencode({"queue": self.queue.key, "week": week.isoformat()})


def asked(request: HttpRequest, now: datetime, *, week: date | None = None) -> Asked | None:
    """What the address asks for: its queue, or the first; its week, else `week`, else the next unpublished one.

    None while the client has no queue; Http404 for a queue that is not there or a week that is none.
    """
    values = request.POST if request.method == "POST" else request.GET
    queue = queue_of(values.get("queue", ""))
    if queue is None:
        if values.get("queue"):
            raise Http404
        return None
    zone = current_client().zone
    return Asked(
        queue, Week(monday_asked(values.get("week", "")) or week or next_week(queue.pk, zone, now), zone), queues()
    )


def day_asked(text: str) -> date | None:
    """The date an address names, None where it names none; Http404 for what is no date, or no plan's."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if found.year not in PLANNED:
        raise Http404
    return found


def monday_asked(text: str) -> date | None:
    """The same, as the Monday of its week."""
    found = day_asked(text)
    return found and monday_of(found)


def no_queue(request: HttpRequest) -> HttpResponse:
    """What a planning page says while the client has no queue, with the way to one for whoever may add it."""
    context = {"may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE)}
    return render(request, "scheduling/no_queue.html", context)
