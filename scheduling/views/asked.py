"""Which queue and week a planner's page is about, and the ways to others."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from bpo.tenancy.context import current_client
from interactions.models import Queue
from interactions.selectors import queues
from scheduling.domain.weeks import Week, monday_of
from scheduling.selectors import next_week, queue_of


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
    return Asked(queue, Week(_monday(values.get("week", "")) or week or next_week(queue.pk, zone, now), zone), queues())


def _monday(text: str) -> date | None:
    if not text:
        return None
    try:
        return monday_of(date.fromisoformat(text))
    except ValueError as error:
        raise Http404 from error
