"""The demo's time off: every team has room, some days are taken, and the agent who signs in has some."""

from typing import Any

from django.db.models import F, Sum

from accounts.models import Client
from bpo.tenancy.context import enter
from console.demo import time_off
from interactions.models import Team
from scheduling.models import TimeOffAllotment, TimeOffDay, TimeOffRequest
from tests.integration.demo.conftest import NOW


def test_every_client_has_room_that_some_have_taken(seeded: Any) -> None:
    numbers = {one.number for one in seeded.logins if one.role == "agent"}
    for key, work in seeded.work.items():
        with enter(Client.objects.get(key=key).ref()):
            rooms = TimeOffAllotment.objects.all()
            assert set(rooms.values_list("team_id", flat=True)) == set(Team.objects.values_list("pk", flat=True)), key
            held = TimeOffDay.objects.filter(request__absence__withdrawn_at=None)
            used = rooms.aggregate(all=Sum("used_minutes"))["all"]
            assert held.aggregate(all=Sum("minutes"))["all"] == used > 0, key
            assert rooms.filter(used_minutes=F("cap_minutes"), used_minutes__gt=0).exists(), "some day is full"
            mine = {actor_id for person, actor_id in work.agents if person.number in numbers}
            assert not mine or TimeOffRequest.objects.filter(absence__actor_id__in=mine).exists(), key
            before = TimeOffRequest.objects.count()
            assert {one.state for one in TimeOffRequest.objects.select_related("absence")} >= {"approved"}
        time_off.seed(seeded, now=NOW)
        with enter(Client.objects.get(key=key).ref()):
            assert TimeOffRequest.objects.count() == before, "once"
