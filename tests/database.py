"""Real databases for tests: one template with two clients, cloned for each test that touches data.

Every test works with the real logins on a database of its own and really commits, so what passes here passes in
production; nothing runs as superuser.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from bpo.tenancy.backend.base import store
from bpo.tenancy.hosts import cache

TEMPLATE = f"bpo_tests_{os.environ['BPO_TESTS_RUN']}"
PREFIX = "bpotests"


def owner_parameters(database: str) -> dict[str, Any]:
    found = settings.DATABASES["default"]
    return {
        "dbname": database,
        "user": settings.OWNER["USER"],
        "password": settings.OWNER["PASSWORD"] or None,
        "host": found["HOST"],
        "port": found["PORT"] or None,
        "autocommit": True,
    }


def as_owner(database: str, *statements: Any) -> None:
    with psycopg.connect(
        **{key: value for key, value in owner_parameters(database).items() if value is not None}
    ) as own:
        for statement in statements:
            own.execute(statement)


def choose(database: str) -> None:
    """Point this process at a database; nothing of the one before stays open or remembered."""
    connections.close_all()
    store.clear()
    cache.clear()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def build_template() -> list[str]:
    """Make the template afresh with two clients, as a deployment would. Returns the roles it made."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Client
    from accounts.services import open_client
    from bpo.actors import system

    home = os.environ["BPO_TESTS_HOME_DATABASE"]
    drop_database(home, TEMPLATE)
    as_owner(home, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    choose(TEMPLATE)
    call_command("migrate", verbosity=0)
    for key, zone in (("alpha", "Europe/Berlin"), ("beta", "Asia/Manila")):
        open_client(key=key, name=key.title(), zone=zone, by=system("tests"), now=timezone.now())
    roles = list(Client.objects.values_list("role_name", flat=True))
    choose(home)
    return [f"{PREFIX}_app", *roles]


def drop_database(home: str, name: str) -> None:
    as_owner(home, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def cloned(name: str, roles: list[str], template: str = TEMPLATE) -> Iterator[None]:
    """A copy of the template for the block, with the privileges a copy loses, and without what it regains."""
    home = os.environ["BPO_TESTS_HOME_DATABASE"]
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
    how = sql.SQL("FILE_COPY" if os.environ.get("BPO_TESTS_OWN_SERVER") else "WAL_LOG")
    as_owner(home, copy.format(sql.Identifier(name), sql.Identifier(template), how))
    as_owner(home, *access(name, roles))
    choose(name)
    try:
        yield
    finally:
        made = roles_of_clients(name) - set(roles)
        choose(home)
        drop_clone(home, name)
        as_owner(home, *[sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)) for role in sorted(made)])


def drop_clone(home: str, name: str) -> None:
    """DROP DATABASE, waiting for sessions that threads of the test are still closing."""
    import time

    for attempt in range(300):
        try:
            as_owner(home, sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            if attempt == 299:
                raise
            time.sleep(0.05)
        else:
            return


def access(name: str, roles: list[str]) -> list[sql.Composed]:
    database = sql.Identifier(name)
    return [
        sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database),
        *[sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)) for role in roles],
    ]


def roles_of_clients(name: str) -> set[str]:
    with psycopg.connect(**{k: v for k, v in owner_parameters(name).items() if v is not None}) as own:
        rows = own.execute(
            "SELECT role_name FROM public.accounts_client UNION SELECT role_name FROM public.tenancy_readyschema"
        ).fetchall()
    return {row[0] for row in rows}


def remembered(path: Path) -> list[str]:
    found: list[str] = json.loads(path.read_text())
    return found
