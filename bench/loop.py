"""One side of a comparison, as a process: `python -m bench.loop SIDE REQUESTS HOST…` prints milliseconds a request."""

import json
import os
import sys
import time


def main(side: str, requests: int, hosts: list[str]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.baselines.plain" if side == "plain" else "bpo.settings"
    import django
    from django.conf import settings

    django.setup()
    if side != "plain":
        settings.ROOT_URLCONF = "bench.urls"
        settings.MIDDLEWARE = ["bpo.tenancy.middleware.TenancyMiddleware", "bpo.tenancy.middleware.EnterMiddleware"]
        settings.RESET_ON_RETURN = side == "reset"
    from django.test import Client

    browsers = [Client(HTTP_HOST=host) for host in hosts]
    for browser in browsers * 2:
        if browser.get("/").status_code != 200:
            raise SystemExit(f"{side}: the view did not answer")
    started = time.perf_counter()
    for number in range(requests):
        browsers[number % len(browsers)].get("/")
    taken = (time.perf_counter() - started) / requests * 1000
    found: dict[str, object] = {"ms": taken, "requests": requests + 2 * len(browsers)}
    if side != "plain":
        from bpo.tenancy.backend.base import store

        found.update(opened=store.counters.opened, hits=store.counters.hits, evicted=store.counters.evicted)
    print(json.dumps(found))  # noqa: T201 - its whole output


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
