"""The process of bench.answers: makes the rows, asks for the pages, prints the 95th percentile of each in milliseconds."""

import json
import os
import time
from collections.abc import Callable
from typing import Any


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings"
    import django

    django.setup()
    from accounts.models import Client
    from bench.answers import MOST_MS

    client = Client.objects.get(key="bench")
    asked = (_what_if(client), _analysis(client))
    found = {}
    for name, (ask, times) in zip(MOST_MS, asked, strict=True):
        ask(0)
        taken = sorted(_milliseconds(ask, number) for number in range(times))
        found[name] = taken[int(0.95 * times)]
    print(json.dumps(found))  # noqa: T201 - its output


def _milliseconds(ask: Callable[[int], Any], number: int) -> float:
    started = time.perf_counter()
    answer = ask(number)
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code} {answer.content[:400]!r}")
    return taken


def _what_if(client: Any) -> tuple[Callable[[int], Any], int]:
    from bpo.tenancy.context import enter
    from tests.integration.scheduling.build import employ, floor, past, staffed
    from tests.people import sign_in

    ground = floor(client, employ("Ana"))
    with enter(client.ref()):
        past(ground, offered=60)
        staffed(ground)
    browser = sign_in("bench", "planner")
    sent: dict[str, str | int] = {
        "queue": "billing",
        "week": "2026-11-30",
        "seconds": 20,
        "shrinkage": 12,
        "minimum": 0,
        "concurrency": 1,
    }

    def ask(number: int) -> Any:
        return browser.get("/staffing/what-if/", sent | {"service_level": 70 + number % 30, "patience": 60 + number})

    return ask, 100


def _analysis(client: Any) -> tuple[Callable[[int], Any], int]:
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from bpo.tenancy.context import as_owner, enter
    from tests.integration.qa.many import many
    from tests.people import sign_in

    with enter(client.ref()):
        many(5000, agents=120)
    with as_owner(client.schema_name), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    browser = sign_in("bench", "qa_analyst")
    since = timezone.localdate() - timedelta(days=60)
    return lambda _number: browser.get(f"/analysis/?from={since}"), 20


if __name__ == "__main__":
    main()
