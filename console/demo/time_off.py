"""Time off in the demo: room for two of each team on a working day and for one at weekends, and who has taken it.

Every other team has an hour more on Fridays, so that a day can be nearly full.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import Client
from bpo.actors import By, system
from bpo.tenancy.context import enter
from console.demo.world import World
from interactions.models import Actor, Team
from scheduling.domain.weeks import monday_of
from scheduling.errors import NotPossible
from scheduling.models import TimeOffAllotment, TimeOffRequest
from scheduling.services import ask_time_off, cancel_time_off, set_allotments
from scheduling.services.allotments import today

BY: Final = system("demo")
DAY: Final = 480  # minutes
WEEKS: Final = 10
# Of each team's people, in the order of their names: the week from a first one and the weekdays they take, both within.
TAKEN: Final = ((2, 0, 4), (3, 3, 4), (2, 4, 4), (4, 0, 2), (3, 1, 1))


def seed(world: World, *, now: datetime) -> None:
    """Fill every client in which nobody has room yet."""
    numbers = {one.number for one in world.logins if one.role == "agent"}
    for client in Client.objects.filter(key__in=[plan.key for plan in world.clients]):
        agents = {actor_id for person, actor_id in world.work[client.key].agents if person.number in numbers}
        with enter(client.ref()), transaction.atomic():
            if not TimeOffAllotment.objects.exists():
                monday = monday_of(today(now))
                for place, team in enumerate(Team.objects.order_by("name")):
                    _room(team, monday, now, friday=2 * DAY + 60 * (place % 2))
                    _taken(team, monday + timedelta(weeks=place % 3), agents, now)


def _room(team: Team, monday: date, now: datetime, *, friday: int) -> None:
    """From today to the end of the tenth week."""
    last = monday + timedelta(weeks=WEEKS, days=-1)
    for weekdays, minutes in ((range(4), 2 * DAY), ([4], friday), (range(5, 7), DAY)):
        set_allotments(
            team_id=team.pk, first_day=today(now), last_day=last, weekdays=weekdays, cap_minutes=minutes, by=BY, now=now
        )


def _taken(team: Team, monday: date, agents: set[UUID], now: datetime) -> None:
    """The first of them is who signs in as an agent, where one is of this team; the last thinks better of it."""
    people = sorted(Actor.objects.filter(team=team, kind=Actor.Kind.PERSON, ends_on=None), key=lambda one: str(one))
    people.sort(key=lambda one: one.pk not in agents)
    made: TimeOffRequest | None = None
    for person, (weeks, first, last) in zip(people, TAKEN, strict=False):
        start = monday + timedelta(weeks=weeks)
        by = By("person", person.display_name, actor_id=person.pk)
        days = {"first_day": start + timedelta(days=first), "last_day": start + timedelta(days=last)}
        try:
            made = ask_time_off(actor_id=person.pk, **days, by=by, now=now)
        except NotPossible:
            continue
    if made is not None and len(people) >= len(TAKEN):
        cancel_time_off(request_id=made.pk, by=BY, now=now, reason="Your course is on that day")
