"""Named reads of the console, as app. None of them enters a client."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Client
from bpo.outbox.models import Job
from console.domain.attention import Reason, Work, reasons, stopped
from console.domain.week import WEEKS, Week
from console.models import WeekRollup


@dataclass(frozen=True, slots=True)
class Row:
    """One client on the console: its weeks up to the one shown, oldest first, and why it stands where it does."""

    client: Client
    weeks: tuple[Week, ...]
    reasons: tuple[Reason, ...]
    stale: bool  # the newest week counted is not the one shown
    computed_at: datetime | None = None

    @property
    def week(self) -> Week | None:
        return None if self.stale or not self.weeks else self.weeks[-1]

    @property
    def before(self) -> Week | None:
        return self.weeks[-2] if len(self.weeks) > 1 and not self.stale else None


def newest_week() -> date | None:
    """The newest Monday any client has figures of."""
    found: date | None = WeekRollup.objects.aggregate(newest=Max("week_start"))["newest"]
    return found


SHOWN: dict[str, frozenset[str]] = {
    "open": frozenset({Client.Status.ACTIVE, Client.Status.SUSPENDED}),
    "closed": frozenset({Client.Status.ARCHIVED, Client.Status.TRASHED, Client.Status.DROPPED}),
    "all": frozenset(Client.Status),
}


@dataclass(frozen=True, slots=True)
class Board:
    """The rows of one of SHOWN, and how many clients each of them has."""

    rows: list[Row]
    counts: dict[str, int]


def board(shown: date | None, which: str = "open") -> Board:
    """Clients, the one that needs somebody first. Three statements, whatever the number of clients."""
    kept = _weeks(shown) if shown else {}
    work = waiting_work()
    clients = list(Client.objects.order_by("name"))
    rows = [
        _row(client, kept.get(client.pk, []), work.get(client.pk, Work()), shown)
        for client in clients
        if client.status in SHOWN[which]
    ]
    counts = {name: sum(1 for client in clients if client.status in among) for name, among in SHOWN.items()}
    return Board(sorted(rows, key=_order), counts)


def row_of(key: str, shown: date | None) -> Row | None:
    """One client as the board shows it, or None."""
    client = Client.objects.filter(key=key).first()
    if client is None:
        return None
    kept = _weeks(shown, client_id=client.pk) if shown else {}
    return _row(client, kept.get(client.pk, []), waiting_work().get(client.pk, Work()), shown)


def waiting_work() -> dict[UUID, Work]:
    """Dead and uncertain jobs by client."""
    waits = Job.objects.filter(state__in=[Job.State.DEAD, Job.State.UNCERTAIN], client__isnull=False)
    dead, uncertain = Q(state=Job.State.DEAD), Q(state=Job.State.UNCERTAIN)
    counted = waits.order_by().values("client_id").annotate(
        dead=Count("pk", filter=dead), uncertain=Count("pk", filter=uncertain), kind=Max("kind", filter=dead)
    )  # fmt: skip
    return {one["client_id"]: Work(one["dead"], one["uncertain"], one["kind"] or "") for one in counted}


def _weeks(shown: date, **only: Any) -> dict[UUID, list[WeekRollup]]:
    first = shown - timedelta(weeks=WEEKS - 1)
    kept: dict[UUID, list[WeekRollup]] = defaultdict(list)
    for row in WeekRollup.objects.filter(week_start__range=(first, shown), **only).order_by("week_start"):
        kept[row.client_id].append(row)
    return kept


def _row(client: Client, kept: list[WeekRollup], work: Work, shown: date | None) -> Row:
    weeks = tuple(Week.from_dict(one.week_start, one.measures) for one in kept)
    stale = not weeks or weeks[-1].start != shown
    if client.status == Client.Status.ACTIVE:
        found = reasons(() if stale else weeks, work)
    else:
        found = [stopped(client.status, client.drops_at)]
    return Row(client, weeks, tuple(found), stale, kept[-1].computed_at if kept else None)


def _order(row: Row) -> tuple[int, float, str]:
    first = row.reasons[0]
    return first.level, -first.weight, row.client.name


def client_choices() -> list[tuple[str, str]]:
    """Key and name of every client, for a filter."""
    return list(Client.objects.order_by("name").values_list("key", "name"))


def jobs(*, state: str = "", kind: str = "", client: str = "") -> QuerySet[Job]:
    """Jobs with their client, newest first: dead and uncertain ones, or those of a state, or "all".

    `client` is a key, or "-" for the operator's own.
    """
    found = Job.objects.select_related("client").order_by("-id")
    if state != "all":
        found = found.filter(state__in=[state] if state else [Job.State.DEAD, Job.State.UNCERTAIN])
    if kind:
        found = found.filter(kind=kind)
    if client:
        found = found.filter(client=None) if client == "-" else found.filter(client__key=client)
    return found


@dataclass(frozen=True, slots=True)
class KindHealth:
    """The jobs of one kind: finished within the hour, waiting now, and what waits for a person; ages in seconds."""

    kind: str
    done: int
    waiting: int
    running: int
    dead: int
    uncertain: int
    total: int
    oldest_due: float | None
    last_dead: datetime | None

    @property
    def finished(self) -> int:
        """Done at any time."""
        return self.total - self.waiting - self.running - self.dead - self.uncertain


HEALTH = """
SELECT kind,
       count(*) FILTER (WHERE state = 'done' AND finished_at > %(since)s),
       count(*) FILTER (WHERE state = 'ready'), count(*) FILTER (WHERE state = 'running'),
       count(*) FILTER (WHERE state = 'dead'), count(*) FILTER (WHERE state = 'uncertain'), count(*),
       extract(epoch FROM %(now)s - min(run_at) FILTER (WHERE state = 'ready' AND run_at <= %(now)s)),
       max(finished_at) FILTER (WHERE state = 'dead')
FROM outbox_job GROUP BY kind ORDER BY kind
"""


def health(now: datetime) -> list[KindHealth]:
    """How each kind of job is doing, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, {"now": now, "since": now - timedelta(hours=1)})
        return [
            KindHealth(
                kind, done, ready, running, dead, doubt, total, None if due is None else max(0.0, float(due)), last
            )
            for kind, done, ready, running, dead, doubt, total, due, last in cursor.fetchall()
        ]


def by_state(found: list[KindHealth]) -> dict[str, int]:
    """How many jobs are in each state, zero included."""
    return {
        "ready": sum(one.waiting for one in found),
        "running": sum(one.running for one in found),
        "done": sum(one.finished for one in found),
        "dead": sum(one.dead for one in found),
        "uncertain": sum(one.uncertain for one in found),
    }
