"""One side of the people bench as a process: `python -m bench.people_loop fill|product|bare COUNT`."""

import json
import os
import re
import sys
import time
from datetime import date, timedelta
from typing import Any

PASSWORD = "bench only, quite long"  # noqa: S105 - opens nothing outside the bench's own database
PERSON = re.compile(r'href="/people/([0-9a-f-]{36})/"')


def fill(count: int) -> None:
    """People at two sites and two clients, one in five gone, and somebody who signs in."""
    from django.utils import timezone

    from accounts.models import Client
    from bpo.actors import system
    from bpo.ids import uuid7
    from console.people import open_account
    from workforce.models import Assignment, Employee, Employment, Placement, Site

    now, clients = timezone.now(), list(Client.objects.order_by("key"))
    sites = Site.objects.bulk_create([Site(name=f"Site {n}", zone="UTC", country="PH") for n in range(2)])
    teams = [uuid7() for _ in range(20)]
    people = [Employee(number=f"B{n:05d}", name=f"Person {n * 7919 % count:05d}", created_at=now) for n in range(count)]
    Employee.objects.bulk_create(people)
    start, gone = date(2025, 1, 6), now.date() - timedelta(days=20)
    ends = [gone if n % 5 == 4 else None for n in range(count)]
    facts = list(zip(people, ends, strict=True))
    Employment.objects.bulk_create(
        Employment(employee=one, site=sites[n % 2], starts_on=start, ends_on=end) for n, (one, end) in enumerate(facts)
    )
    made = Assignment.objects.bulk_create(
        Assignment(employee=one, client=clients[n % 3 % 2], starts_on=start, ends_on=end)
        for n, (one, end) in enumerate(facts)
    )
    Placement.objects.bulk_create(
        Placement(
            assignment=one, team_id=teams[n % 20], team_name=f"Team {n % 20}", starts_on=start, ends_on=one.ends_on
        )
        for n, one in enumerate(made)
    )
    open_account(
        email="hr@bench.test", name="HR", password=PASSWORD, role="hr", client=None, client_realm=False,
        by=system("bench"), now=now,
    )  # fmt: skip


def loop(side: str, requests: int) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client as Browser

    from accounts.models import Client
    from workforce.models import Site

    if side == "bare":
        settings.MIDDLEWARE = ["bench.baselines.people.known"]
        settings.ROOT_URLCONF = "bench.baselines.people"
    client, site = Client.objects.get(key="one").pk, Site.objects.get(name="Site 0").pk
    path = f"/people/?q=Person&state=employed&client={client}&site={site}"
    browser = Browser(HTTP_HOST="ops.bench.test")
    if side == "product":
        browser.post("/sign-in/", {"email": "hr@bench.test", "password": PASSWORD})
    answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{side}: the view answered {answer.status_code}")
    count = 0

    def counting(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counting):
        browser.get(path)
    started = time.process_time()
    for _ in range(requests):
        browser.get(path)
    taken = (time.process_time() - started) / requests * 1000
    people = PERSON.findall(answer.content.decode())
    return {"ms": taken, "statements": count, "people": people}


def main(side: str, count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings"
    import django
    from django.conf import settings

    django.setup()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if side == "fill":
        fill(count)
    else:
        print(json.dumps(loop(side, count)))  # noqa: T201 - its whole output


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
