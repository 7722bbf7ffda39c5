"""What the board's bench looks at: a week of 500 agents with 2,500 shifts, and one of a single agent. Prints the week."""

import os
import sys
from uuid import UUID

PASSWORD = "bench only, quite long"  # noqa: S105 - opens nothing outside the bench's own database
EMAIL = "planner@bench.test"
STARTS = (0, 5, 6, 7, 8, 9, 11, 13, 14, 16, 22)
DAYS = 5


def fill(agents: int) -> None:
    from django.utils import timezone

    from accounts.models import Client
    from bpo.actors import system
    from bpo.tenancy.context import enter
    from console.people import open_account
    from interactions.models import Actor, Queue, Skill
    from tests.integration.scheduling.build import WEEK, Floor, employ, floor, past

    client = Client.objects.get(key="bench")
    open_account(
        email=EMAIL, name="Planner", password=PASSWORD, role="planner", client=client, client_realm=False,
        by=system("bench"), now=timezone.now(),
    )  # fmt: skip
    names = [f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]} {n:03d}" for n in range(agents)]
    ground = floor(client, employ(*names), starts=STARTS)
    with enter(client.ref()):
        past(ground, offered=600)
        _week(ground.queue_id, list(ground.actors.values()))
        empty = Queue.objects.create(key="empty", name="Empty")
        alone = Actor.objects.create(display_name="Nobody Else", pseudonym="Agent 0")
        Skill.objects.create(actor=alone, queue=empty)
        past(Floor(client, empty.pk), offered=6)
        _week(empty.pk, [alone.pk])
    print(WEEK.isoformat())  # noqa: T201 - its output


def _week(queue_id: UUID, actors: list[UUID]) -> None:
    """A requirement, and five shifts for each of these people, with breaks that differ."""
    from datetime import UTC, datetime, time, timedelta

    from scheduling.domain.requirement import Target
    from scheduling.models import DraftShift, SchedulePlan, ShiftTemplate
    from scheduling.services import make_forecast, make_requirement
    from tests.integration.scheduling.build import BY, NOW, WEEK

    forecast = make_forecast(queue_id=queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW)
    requirement = make_requirement(forecast_id=forecast.pk, target=Target(0.8, 20), by=BY, now=NOW)
    plan = SchedulePlan.objects.create(queue_id=queue_id, week_start=WEEK, zone="UTC", requirement=requirement)
    templates = list(ShiftTemplate.objects.order_by("starts_at"))
    made = []
    for n, actor_id in enumerate(actors):
        template = templates[n % len(templates)] if len(actors) > 1 else templates[5]
        for number in range(DAYS):
            day = WEEK + timedelta(days=(n // 3 + number) % 7 if len(actors) > 1 else number)
            start = datetime.combine(day, time(template.starts_at.hour), UTC)
            late = 15 * (n % 4)
            pauses = [{**one, "after": one["after"] + late} for one in template.pauses]
            pauses.append({"after": 420 + late, "minutes": 15, "name": "break", "paid": True})
            made.append(
                DraftShift(
                    plan=plan,
                    actor_id=actor_id,
                    template=template,
                    template_name=template.name,
                    starts_at=start,
                    ends_at=start + timedelta(hours=9),
                    business_date=day,
                    zone="UTC",
                    pauses=pauses,
                )
            )
    DraftShift.objects.bulk_create(made)


FIRST = ("Agnieszka", "Tomasz", "Priya", "Venkata", "Maricel", "Jerome", "Sneha", "Imran", "Zofia", "Kristine Joy")
LAST = ("Wiśniewska-Kowalczyk", "Szczepański", "Raghunathan", "Satyanarayana", "Santos", "Bautista", "Kulkarni")


def main(agents: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings"
    import django

    django.setup()
    fill(agents)


if __name__ == "__main__":
    main(int(sys.argv[1]))
