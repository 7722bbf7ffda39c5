"""The schedules of the demo: templates, four published weeks, and the week after them ready to be planned.

Everybody works their placement's pattern, as they did in the weeks of history. Booked in the ledger like any other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import Client
from bpo.actors import system
from bpo.audit.services import record
from bpo.notices.models import Notice
from bpo.tenancy.context import enter
from console.demo import preferring
from console.demo.plans import ClientPlan, PersonPlan
from console.demo.shifts import on_day
from console.demo.world import World
from interactions.models import Queue
from scheduling.domain.due import DueTarget
from scheduling.domain.pauses import Placed, spread
from scheduling.domain.requirement import Target
from scheduling.domain.weeks import monday_of
from scheduling.errors import Clash, NotPossible
from scheduling.models import (
    DraftShift,
    PublishedShift,
    Requirement,
    SchedulePlan,
    ScheduleVersion,
    ShiftTemplate,
)
from scheduling.models.template import pauses_of
from scheduling.problem import required_steps, week_of
from scheduling.services import change_shift, make_forecast, make_requirement, publish
from scheduling.services.building import as_json
from scheduling.services.publishing import write_shifts
from scheduling.staffing import may_wait

BY: Final = system("demo")
REST: Final = timedelta(hours=11)
PAUSES: Final[list[dict[str, object]]] = [
    {"after": 120, "minutes": 15, "name": "break", "paid": True},
    {"after": 240, "minutes": 30, "name": "meal", "paid": False},
    {"after": 390, "minutes": 15, "name": "break", "paid": True},
]
PAST, AHEAD = 2, 2  # weeks published before this one, and from this one on
BOOK: Final = """
SELECT asked.place, public.workforce_book(asked.actor, asked.starts, asked.ends, asked.day, %s, %s)
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::date[])
     WITH ORDINALITY AS asked(actor, starts, ends, day, place)
"""


@dataclass(frozen=True, slots=True)
class Work:
    """One shift to be published."""

    number: str  # of the person
    actor_id: UUID
    queue: str
    day: date
    start: datetime
    end: datetime
    pattern: str


def seed(world: World, *, now: datetime) -> None:
    """Fill every client that has no shift template yet."""
    clients = {one.key: one for one in Client.objects.filter(key__in=[plan.key for plan in world.clients])}
    shifts = _rested(world, now)
    for plan in world.clients:
        with enter(clients[plan.key].ref()):
            if not ShiftTemplate.objects.exists():
                with transaction.atomic():
                    preferring.state(world, plan, now)
                    _client(plan, shifts[plan.key], now)
                    _moved(world, plan, now)


def _rested(world: World, now: datetime) -> dict[str, list[Work]]:
    """Everybody's shifts by client, without those that would follow another, of either client, too soon."""
    every = [one for plan in world.clients for one in _shifts(world, plan, now)]
    kept: dict[str, list[Work]] = defaultdict(list)
    free_from: dict[str, datetime] = {}
    for key, one in sorted(every, key=lambda pair: (pair[1].start, pair[1].number)):
        if free_from.get(one.number, one.start) <= one.start:
            kept[key].append(one)
            free_from[one.number] = one.end + REST
    return kept


def _shifts(world: World, plan: ClientPlan, now: datetime) -> Iterable[tuple[str, Work]]:
    agents = world.work[plan.key].agents
    monday = _monday(plan, now)
    served = _queues(plan, agents, monday)
    zone = ZoneInfo(plan.zone)
    for number in range(-7 * PAST, 7 * AHEAD):
        for shift in on_day(plan, agents, monday + timedelta(days=number)):
            person, actor_id = agents[shift.agent]
            if person.number in served:
                start, end = (datetime.fromtimestamp(at, zone) for at in (shift.starts, shift.ends))
                queue = served[person.number]
                yield plan.key, Work(person.number, actor_id, queue, shift.day, start, end, shift.pattern)


def _monday(plan: ClientPlan, now: datetime) -> date:
    return monday_of(now.astimezone(ZoneInfo(plan.zone)).date())


def _queues(plan: ClientPlan, agents: Iterable[tuple[PersonPlan, UUID]], day: date) -> dict[str, str]:
    """Each person's queue: the one their pattern is named after, else their team's first; the second for some of a
    team where nobody else would serve it."""
    homes: dict[str, tuple[str, ...]] = {}
    for person, _ in agents:
        part = person.assignment_on(plan.key, day)
        placement = part.placement_on(day) if part else None
        if placement is not None:
            named = [queue.key for queue in plan.queues if placement.shift_pattern.startswith(f"{queue.key}-")]
            homes[person.number] = (*named, *plan.team(placement.team).queues)
    first = {queues[0] for queues in homes.values()}
    found = {}
    for number, queues in homes.items():
        spare = [queue for queue in queues if queue not in first]
        found[number] = spare[0] if spare and int(number[1:]) % 3 == 0 else queues[0]
    return found


def _client(plan: ClientPlan, shifts: list[Work], now: datetime) -> None:
    queues = {queue.key: queue for queue in Queue.objects.all()}
    templates = _templates(plan)
    monday = _monday(plan, now)
    for key in dict.fromkeys(one.queue for one in shifts):
        always = plan.queue(key).closes - plan.queue(key).opens == 24 and plan.queue(key).channel == "voice"
        for week in range(-PAST, AHEAD):
            start = monday + timedelta(weeks=week)
            mine = [one for one in shifts if one.queue == key and monday_of(one.day) == start]
            if mine:
                shown = week == 0 or (week > 0 and key == plan.queues[0].key)
                staffed = _requirement(queues[key], start, plan.zone, now, always=always) if shown else None
                _publish(queues[key], start, plan.zone, mine, templates, staffed, now)
    first = queues[plan.queues[0].key]
    always = plan.queues[0].closes - plan.queues[0].opens == 24
    _requirement(first, monday + timedelta(weeks=AHEAD), plan.zone, now, always=always)


def _moved(world: World, plan: ClientPlan, now: datetime) -> None:
    """One shift of this week of whoever signs in as an agent moves, by the services a planner uses."""
    monday = _monday(plan, now)
    numbers = [one.number for one in world.logins if one.role == "agent" and one.client_key == plan.key]
    actors = [actor_id for person, actor_id in world.work[plan.key].agents if person.number in numbers]
    found = DraftShift.objects.filter(actor_id__in=actors, plan__week_start=monday, starts_at__gt=now)
    shift = found.select_related("plan").order_by("-starts_at").first()
    if shift is None:
        return
    for template in ShiftTemplate.objects.all():
        if template.pk == shift.template_id:
            continue
        try:
            with transaction.atomic():
                change_shift(shift_id=shift.pk, template_id=template.pk, version=shift.plan.version, by=BY, now=now)
                shift.plan.refresh_from_db()
                reason = "More calls are expected then"
                publish(plan_id=shift.plan.pk, version=shift.plan.version, reason=reason, by=BY, now=now)
        except (NotPossible, Clash):
            shift.plan.refresh_from_db()
        else:
            return


def _templates(plan: ClientPlan) -> dict[str, ShiftTemplate]:
    made = {
        one.key: ShiftTemplate(
            name=one.name,
            starts_at=time(*divmod(one.start_minute, 60)),
            minutes=one.minutes,
            zone=plan.zone,
            pauses=PAUSES,
            weekdays=[] if plan.weekends else [0, 1, 2, 3, 4],
        )
        for one in plan.patterns
    }
    ShiftTemplate.objects.bulk_create(made.values())
    return made


def _requirement(queue: Queue, start: date, zone: str, now: datetime, *, always: bool) -> Requirement:
    target: Target | DueTarget = Target(
        service_level=min(float(queue.service_level_target), 0.99),
        seconds=queue.answer_within_seconds,
        max_occupancy=0.88,
        shrinkage=0.12,
        minimum=1 if always else 0,
        concurrency=2 if queue.channel == "chat" else 1,
    )
    if may_wait(queue):
        target = DueTarget(seconds=max(queue.answer_within_seconds, 3600), max_occupancy=0.88, shrinkage=0.12)
    made = make_forecast(queue_id=queue.pk, week_start=start, zone=zone, by=BY, now=now)
    return make_requirement(forecast_id=made.pk, target=target, by=BY, now=now)


def _publish(
    queue: Queue,
    start: date,
    zone: str,
    shifts: list[Work],
    templates: dict[str, ShiftTemplate],
    staffed: Requirement | None,
    now: datetime,
) -> None:
    """A version, its blocks in one statement, and for weeks not over the draft it came from."""
    told = min(now, datetime.combine(start - timedelta(days=4), time(15), ZoneInfo(zone)))
    version = ScheduleVersion.objects.create(
        queue=queue, week_start=start, zone=zone, number=1, reason="Schedule of the week", requirement=staffed,
        published_at=told, added=len(shifts), dropped=0,
    )  # fmt: skip
    blocks = _booked(version, shifts, zone)
    rows = [
        _row(one, templates[one.pattern], zone, mine)
        for one, mine in zip(shifts, _breaks(version, shifts), strict=True)
    ]
    write_shifts(
        (PublishedShift(version=version, block_id=block, **_without_pauses(row)), pauses_of(row["pauses"]))
        for row, block in zip(rows, blocks, strict=True)
    )
    if start >= monday_of(now.astimezone(ZoneInfo(zone)).date()):
        plan = SchedulePlan.objects.create(
            queue=queue, week_start=start, zone=zone, requirement=staffed, state=SchedulePlan.State.PUBLISHED
        )
        DraftShift.objects.bulk_create(
            DraftShift(plan=plan, template=templates[one.pattern], **row) for one, row in zip(shifts, rows, strict=True)
        )
        _tell(version, {one.actor_id for one in shifts}, told)
    record(action="schedule.published", target=version, by=BY, now=told, detail={"number": 1, "booked": len(shifts)})


def _breaks(version: ScheduleVersion, shifts: list[Work]) -> list[Any]:
    """Everybody's breaks, spread as a built roster spreads them."""
    week, pauses = week_of(version), pauses_of(PAUSES)
    placed = [Placed(week.minute(one.start), week.minute(one.end), pauses) for one in shifts]
    return [as_json(mine) for mine in spread(placed, required_steps(version))]


def _row(one: Work, template: ShiftTemplate, zone: str, pauses: Any) -> dict[str, Any]:
    return {
        "actor_id": one.actor_id,
        "starts_at": one.start,
        "ends_at": one.end,
        "business_date": one.day,
        "zone": zone,
        "template_name": template.name,
        "pauses": pauses,
    }


def _without_pauses(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "pauses"}


def _booked(version: ScheduleVersion, shifts: list[Work], zone: str) -> list[UUID]:
    columns: list[list[Any]] = [
        [one.actor_id for one in shifts],
        [one.start for one in shifts],
        [one.end for one in shifts],
        [one.day for one in shifts],
    ]
    with connection.cursor() as cursor:
        cursor.execute(BOOK, [zone, f"schedule:{version.pk}", *columns])
        return [block for _, block in sorted(cursor.fetchall())]


def _tell(version: ScheduleVersion, actor_ids: set[UUID], told: datetime) -> None:
    week = version.week_start.isoformat()
    Notice.objects.bulk_create(
        Notice(
            actor_id=actor_id,
            kind="shift_published",
            text=f"Your shifts of the week of {week} are published.",
            path=f"/my-schedule/?week={week}",
            dedupe_key=f"schedule:{version.pk}",
            created_at=told,
        )
        for actor_id in actor_ids
    )
