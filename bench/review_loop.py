"""One side as a process: `python -m bench.review_loop product|bare TASK REQUESTS` prints CPU ms a request, statements."""

import json
import os
import sys
import time
from typing import Any


def main(side: str, task: str, requests: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings" if side == "product" else "bench.baselines.review"
    import django

    django.setup()
    browser, path = _product(task) if side == "product" else _bare(task)
    for _ in range(3):
        answer = browser.get(path)
        if answer.status_code != 200 or b"data-form" not in answer.content:
            raise SystemExit(f"{side}: {answer.status_code} {answer.content[:400]!r}")
    from tests.statements import statements

    count = statements(lambda: browser.get(path))
    started = time.process_time()
    for _ in range(requests):
        browser.get(path)
    taken = (time.process_time() - started) / requests * 1000
    print(json.dumps({"ms": taken, "statements": count, "bytes": len(answer.content)}))  # noqa: T201 - its output


def _product(task: str) -> tuple[Any, str]:
    """Signed in the way a person is, as the one who has the review in hand."""
    from tests.people import sign_in

    browser = sign_in("bench", "team_lead", email="grace@bench.example")
    browser.post(f"/queue/{task}/open/")
    return browser, f"/queue/{task}/"


def _bare(task: str) -> tuple[Any, str]:
    from django.test import Client

    return Client(), f"/bare/{task}/"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
