"""Calls that the clinic makes: patients are reminded of their appointments, whoever answers more often towards evening.

REACH is what a reader of the staffing page should find again in the attempts, within chance.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Client
from bpo.actors import system
from bpo.audit.services import record
from bpo.tenancy.context import enter
from console.demo.plans import ClientPlan
from console.demo.seeds import an_id, stream
from console.demo.world import World
from interactions.models import Customer, Interaction, Queue, Skill

CLIENT, KEY, SOURCE = "alder", "reminders", "dialler"
REACH: Final = {9: 0.22, 10: 0.26, 11: 0.28, 12: 0.34, 13: 0.30, 14: 0.26, 15: 0.30, 16: 0.40, 17: 0.52}
AN_HOUR: Final = 11  # attempts, on a weekday
WEEKS: Final = 8
CALLERS: Final = 8
TALK, AFTER, RINGING = 150, 25, 22  # mean seconds


def seed(world: World, *, now: datetime) -> None:
    """Make the queue, its callers and eight weeks of attempts, once."""
    plan = next(one for one in world.clients if one.key == CLIENT)
    with enter(Client.objects.get(key=CLIENT).ref()), transaction.atomic():
        if Queue.objects.filter(key=KEY).exists():
            return
        queue = Queue.objects.create(
            id=an_id(world.seed, CLIENT, "queue", KEY), key=KEY, name="Reminder calls", channel="voice",
            direction=Queue.Direction.OUT,
        )  # fmt: skip
        callers = _callers(world, queue)
        made = _attempts(world, plan, queue, callers)
        Interaction.objects.bulk_create(made, batch_size=2000)
        record(action="queue.demo_filled", target=queue, by=system("demo"), now=now, detail={"attempts": len(made)})


def _callers(world: World, queue: Queue) -> list[Any]:
    """People of the client who serve its first queue, and now call too."""
    first = world.work[CLIENT].client.queues[0].id
    found = list(Skill.objects.filter(queue_id=first).order_by("actor_id").values_list("actor_id", flat=True)[:CALLERS])
    Skill.objects.bulk_create(
        [
            Skill(id=an_id(world.seed, "skill", str(actor), str(queue.pk)), actor_id=actor, queue=queue)
            for actor in found
        ]
    )
    return found


def _attempts(world: World, plan: ClientPlan, queue: Queue, callers: list[Any]) -> list[Interaction]:
    rng, zone = stream(world.seed, CLIENT, KEY), ZoneInfo(plan.zone)
    customers = list(Customer.objects.order_by("reference").values_list("pk", flat=True)[:900])
    days = [world.today - timedelta(days=back) for back in range(WEEKS * 7, 0, -1)]
    made = []
    for day in (one for one in days if one.weekday() < 5):
        for hour, share in REACH.items():
            for minute in sorted(rng.integers(0, 60, AN_HOUR).tolist()):
                local = datetime.combine(day, time(hour, minute, int(rng.integers(60))), zone)
                reached = bool(rng.random() < share)
                seconds = [int(rng.exponential(mean)) + 5 for mean in (RINGING, TALK, AFTER)]
                who = callers[int(rng.integers(len(callers)))] if callers else None
                made.append(
                    _attempt(world, queue, day, local, seconds, reached)
                    | {"agent_id": who, "customer_id": customers[int(rng.integers(len(customers)))]}
                )
    return [Interaction(**row, external_id=f"R-{number:06}") for number, row in enumerate(made, 1)]


def _attempt(
    world: World, queue: Queue, day: date, local: datetime, seconds: list[int], reached: bool
) -> dict[str, Any]:
    ringing, talk, after = seconds
    took = ringing + (talk + after if reached else 0)
    return {
        "id": an_id(world.seed, CLIENT, KEY, local.isoformat(), str(seconds)),
        "source": SOURCE,
        "direction": Interaction.Direction.OUT,
        "channel": queue.channel,
        "queue": queue,
        "started_at": local,
        "ended_at": local + timedelta(seconds=took),
        "business_date": day,
        "zone": str(local.tzinfo),
        "wait_seconds": ringing,
        "talk_seconds": talk if reached else None,
        "after_call_seconds": after if reached else None,
    }
