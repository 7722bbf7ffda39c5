"""Reports of the demo: what each client was promised, and its last four full weeks, frozen by the product itself."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from accounts.models import Client
from bpo.actors import By, system
from bpo.tenancy.context import enter
from console.demo.world import World
from reports.domain.weeks import Week, last_full_week
from reports.models import ReportVersion, Target
from reports.services import build, request_build
from reports.targets import SERVICE_LEVEL, Promise, set_target

WEEKS: Final = 4
LEAST, MOST = Target.Direction.AT_LEAST, Target.Direction.AT_MOST
# Measure, target, direction and amber band, of the account as a whole.
PROMISED: Final = {
    "norvik": (("AB-1", "0.05", MOST, "0.005"), ("CS-1", "0.80", LEAST, "0.02"), ("QA-3", "80", LEAST, "1")),
    "sunda": (("CS-1", "0.82", LEAST, "0.02"), ("QA-3", "80", LEAST, "1"), ("FC-2", "0.72", LEAST, "0.01")),
    "alder": (("AB-1", "0.06", MOST, "0.005"), ("CS-1", "0.85", LEAST, "0.02"), ("HT-1", "420", MOST, "10")),
}


def seed(world: World, *, now: datetime) -> None:
    """Promise and report at each client, oldest week first; a week that has its report is left alone."""
    for key in world.work:
        client = Client.objects.get(key=key).ref()
        newest = last_full_week(now.astimezone(ZoneInfo(client.zone)).date())
        weeks = [newest.back(back) for back in reversed(range(WEEKS))]
        with enter(client):
            _promise(world, key, now)
            known = set(ReportVersion.objects.values_list("period_start", flat=True))
            for week in weeks:
                if week.start not in known and week.start >= world.days[0]:
                    _report(week, _lead(world, key), now)


def _promise(world: World, key: str, now: datetime) -> None:
    if Target.objects.exclude(measure=SERVICE_LEVEL).exists():
        return
    for measure, value, direction, amber in PROMISED[key]:
        promise = Promise(measure, Decimal(value), direction, Decimal(amber))
        set_target(promise=promise, valid_from=world.days[0], by=system("demo"), now=now)


def _lead(world: World, key: str) -> By:
    """Whoever of the client's leads signs in, else the demo itself."""
    leads = [one for one in world.logins if one.client_key == key and one.role == "team_lead"]
    return By("person", leads[0].name) if leads else system("demo")


def _report(week: Week, by: By, now: datetime) -> None:
    """Through the product's own service; the job it adds finds the work done."""
    asked = request_build(week=week, reason="", by=by, now=now)
    build(build_id=asked.pk, now=now)
