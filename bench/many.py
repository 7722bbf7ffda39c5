"""`manage.py shell -c "from bench.many import measure; measure([5, 50])"`: opening and migrating so many clients."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import Client
from accounts.services import open_client
from bench.lines import say
from bpo.actors import system
from bpo.tenancy.collected import recorded, replay, run_migrations
from bpo.tenancy.context import as_owner
from bpo.tenancy.identities import ClientRef
from bpo.tenancy.migrating import behind, migrate_clients
from bpo.tenancy.pending import recorded_by, wanted
from bpo.tenancy.pool import keep_filled
from bpo.tenancy.provisioning import execute

LOOKS = 10  # measurements of which the best counts: what else the machine does only ever adds
STANDARD = """
import sys, time, django
django.setup()
from django.core.management import call_command
started = time.perf_counter()
for schema in sys.argv[1:] or [None]:
    call_command("migrate_schemas", schema_name=schema, tenant=True, executor="standard", verbosity=0)
print(time.perf_counter() - started)
"""

# The first client takes a run of the executor, which makes the SQL; each of the others, at most so much of one. With
# fifty that is fourteen times as fast; with five nothing could be ten times.
AFTER_THE_FIRST = 0.05


def measure(sizes: list[int], *, standard: int | None = None) -> None:
    """A line for each figure at each size, on one database that grows.

    `standard` is how many clients the standard executor migrates at most, where its minutes are too many: its time for
    all is then so many times that of those, and the line says of how many.
    """
    first: tuple[int, float] | None = None
    for size in sorted(sizes):
        opening = _opening(size)
        if first is None:
            first = size, opening
        else:
            at = f"opening a client, {first[0]} clients there"
            say(f"opening a client, {size} clients there, by fewer", opening, "s", at, first[1], 1.5)
        _migrating(size, standard or size)


def _opening(size: int) -> float:
    """Opens clients until there are `size`, the last ones under the clock."""
    settings.POOL_SIZE = LOOKS
    seconds: list[float] = []
    while (there := Client.objects.count()) < size:
        if not there % LOOKS:
            while keep_filled():
                pass
        seconds.append(_timed(lambda: _open(f"c{there}")))
    opening = min(seconds[-LOOKS:])
    plain = min(_timed(_plain) for _ in range(3))
    say(f"opening a client, {size} clients there", opening, "s", "plain migration of a schema", plain, 1 / 50)
    return opening


def _open(key: str) -> None:
    open_client(key=key, name=key, zone="UTC", by=system("bench"), now=timezone.now())


def _plain() -> None:
    with as_owner("bench_plain"):
        execute(["CREATE SCHEMA bench_plain"])
        run_migrations()
        execute(["DROP SCHEMA bench_plain CASCADE"])


def _migrating(size: int, most: int) -> None:
    clients = [client.ref() for client in Client.objects.order_by("pk")]
    nothing = max(_timed(lambda: list(migrate_clients(clients))) for _ in range(LOOKS))
    say(f"nothing pending, {size} clients", nothing, "s", "half a second", 0.5, 1.0)
    undo = _set_back(clients, None)
    missing = behind(clients)
    ours = _timed(lambda: _all_went_well(clients))
    _set_back(clients, undo)
    assert behind(clients) == missing  # noqa: S101 - a baseline that has less to do would be no baseline
    some = clients[:most]
    standard = float(_standard([client.schema for client in some] if len(some) < size else [])) * size / len(some)
    assert not behind(some)  # noqa: S101 - as above
    _all_went_well(clients)
    target = 1 / size + AFTER_THE_FIRST
    say(
        f"migrating {size} clients", ours, "s", "django-tenants' standard executor", standard, target,
        migrations=max(missing.values()), baseline_clients=len(some),
    )  # fmt: skip


def _all_went_well(clients: list[ClientRef]) -> None:
    problems = [one.problem for one in migrate_clients(clients) if one.problem]
    if problems:
        raise SystemExit(problems[0])


def _set_back(clients: list[ClientRef], undo: list[str] | None) -> list[str]:
    """Take the newest migration of each app off every client again; returns the SQL that does."""
    for client in clients:
        with as_owner(client.schema):
            if undo is not None:
                replay(undo)
                continue
            with recorded() as made:
                _take_off()
        undo = [text for text in made if "django_migrations" not in text]  # those name rows by this client's ids
        undo += [
            f"DELETE FROM django_migrations WHERE app = '{app}' AND name = '{name}'"  # noqa: S608 - our own names
            for app, name in wanted() - recorded_by([client])[client]
        ]
    return undo or []


def _take_off() -> None:
    """Unapply the newest migration of each client app where no other depends on it."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    free = [node for node in graph.leaf_nodes() if node[0] in labels and not graph.node_map[node].children]
    parents = {node: [one.key for one in graph.node_map[node].parents if one.key[0] == node[0]] for node in free}
    targets = [(found[0] if (found := parents[node]) else (node[0], None)) for node in free if parents[node]]
    executor.migrate([*targets, ("marker", None)])


def _standard(schemas: list[str]) -> str:
    """Seconds of the standard executor over these schemas; without any, over all."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.stock", "BPO_MAY_OWN": "1"}
    done = subprocess.run(
        [sys.executable, "-c", STANDARD, *schemas], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout.splitlines()[-1]


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
