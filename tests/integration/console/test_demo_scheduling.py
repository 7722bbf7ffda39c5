"""The demo's schedules: everybody of today has a week, nothing clashes, and a second run changes nothing."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.models import Client
from bpo.actors import system
from bpo.tenancy.context import enter
from console.demo import scheduling
from console.demo.load_client import load_client
from console.demo.load_public import load_people, open_clients
from console.demo.manifest import EFFECTS
from console.demo.world import World, build
from interactions.models import Queue
from scheduling.models import PublishedShift, Requirement, ScheduleVersion
from scheduling.selectors import current_shifts, live_preferences, next_week
from workforce.models import Duty, WorkBlock

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.services
def test_the_demo_has_schedules_that_hold_together(db: None) -> None:
    world, by = build(NOW.date()), system("demo")
    clients = open_clients(world, by=by, now=NOW)
    load_people(world, clients, "a long enough one", by=by, now=NOW)
    for plan in world.clients:
        with enter(clients[plan.key].ref()):
            load_client(world, world.work[plan.key])
    began = time.perf_counter()
    scheduling.seed(world, now=NOW)
    print(f"seeded in {time.perf_counter() - began:.1f} s")  # noqa: T201 - measured, and shown with -s
    blocks = WorkBlock.objects.count()
    assert blocks > 1_000
    duties: dict[object, list[Duty]] = {}
    for duty in Duty.objects.order_by("during"):
        duties.setdefault(duty.employee_id, []).append(duty)
    for mine in duties.values():
        for before, after in pairwise(mine):
            assert after.during.lower - before.during.upper >= timedelta(hours=11)
    shifts = 0
    for plan in world.clients:
        with enter(Client.objects.get(key=plan.key).ref()):
            assert PublishedShift.objects.filter(starts_at__lte=NOW + timedelta(days=7), ends_at__gte=NOW).exists()
            first = Queue.objects.get(key=plan.queues[0].key)
            week = next_week(first.pk, plan.zone, NOW)
            assert Requirement.objects.filter(forecast__queue=first, forecast__week_start=week).exists()
            assert not ScheduleVersion.objects.filter(week_start=week).exists()
            assert set(ScheduleVersion.objects.values_list("number", flat=True)) <= {1, 2}
            shifts += current_shifts().count()
    assert shifts == blocks
    fridays_off(world)
    scheduling.seed(world, now=NOW)
    assert WorkBlock.objects.count() == blocks
    fridays_off(world)


def fridays_off(world: World) -> None:
    """The planted effect, by what a planner's page reads."""
    effect = next(one for one in EFFECTS if one.name == "fridays_off")
    found = []
    for plan in world.clients:
        with enter(Client.objects.get(key=plan.key).ref()):
            agents = [actor_id for _, actor_id in world.work[plan.key].agents]
            found += list(live_preferences(agents, NOW.date()))
    fridays = [one for one in found if one.weekday == 4 and one.kind == "off"]
    assert len(found) > 20
    assert len(fridays) / len(found) == pytest.approx(effect.size, abs=effect.tolerance)
    assert {one.actor_id for one in found} == {one.stated_by_id for one in found}, "each their own"
