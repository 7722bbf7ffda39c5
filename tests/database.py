"""Real databases for tests: a template with one client or with two, cloned for each test that touches data.

Every test works with the real logins on a database of its own and really commits, so what passes here passes in
production; nothing runs as superuser.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache as once
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from bpo.tenancy.backend.base import store
from bpo.tenancy.hosts import cache

TEMPLATE = f"bpo_tests_{os.environ['BPO_TESTS_RUN']}"
ONE_CLIENT = f"{TEMPLATE}_one"  # a clone of it takes two thirds of the time
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
    with psycopg.connect(**_given(database)) as own:
        for statement in statements:
            own.execute(statement)


def _given(database: str) -> dict[str, Any]:
    return {key: value for key, value in owner_parameters(database).items() if value is not None}


@once
def at_home() -> psycopg.Connection[Any]:
    """The owner's connection to the database the suite started from; kept, for a new one costs a third of a clone."""
    return psycopg.connect(**_given(os.environ["BPO_TESTS_HOME_DATABASE"]))


def leave_home() -> None:
    """Drop what is left, and close what `at_home` keeps."""
    drop_left()
    if at_home.cache_info().currsize:
        at_home().close()
        at_home.cache_clear()


def choose(database: str) -> None:
    """Point this process at a database; nothing of the one before stays open or remembered."""
    connections.close_all()
    store.clear()
    cache.clear()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def build_templates() -> list[str]:
    """Make both templates afresh, as a deployment would. Returns the roles they made, alpha's and then beta's."""
    from django.core.management import call_command

    from accounts.models import Client

    home = os.environ["BPO_TESTS_HOME_DATABASE"]
    for name in (TEMPLATE, ONE_CLIENT):
        drop_database(home, name)
    as_owner(home, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(ONE_CLIENT)))
    choose(ONE_CLIENT)
    call_command("migrate", verbosity=0)
    _open("alpha", "Europe/Berlin")
    roles = [f"{PREFIX}_app", *Client.objects.values_list("role_name", flat=True)]
    choose(home)
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(TEMPLATE), sql.Identifier(ONE_CLIENT))
    as_owner(home, copy, *access(TEMPLATE, roles))
    choose(TEMPLATE)
    _open("beta", "Asia/Manila")
    roles += Client.objects.filter(key="beta").values_list("role_name", flat=True)
    choose(home)
    return roles


def _open(key: str, zone: str) -> None:
    from django.utils import timezone

    from accounts.services import open_client
    from bpo.actors import system

    open_client(key=key, name=key.title(), zone=zone, by=system("tests"), now=timezone.now())


def drop_database(home: str, name: str) -> None:
    as_owner(home, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def cloned(name: str, roles: list[str], template: str = TEMPLATE) -> Iterator[None]:
    """A copy of the template for the block, with the privileges a copy loses, and without what it regains."""
    home = os.environ["BPO_TESTS_HOME_DATABASE"]
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
    how = sql.SQL("FILE_COPY" if os.environ.get("BPO_TESTS_OWN_SERVER") else "WAL_LOG")
    at_home().execute(copy.format(sql.Identifier(name), sql.Identifier(template), how))
    for statement in access(name, roles):
        at_home().execute(statement)
    drop_left()
    choose(name)
    try:
        yield
    finally:
        made = roles_of_clients(name) - set(roles)
        choose(home)
        _left.append(name)
        if made:
            drop_left()
        for role in sorted(made):
            at_home().execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


# Clones that are done with. PostgreSQL waits a tenth of a second for a session that is about to end, and a test's own
# is when its database could be dropped at once; at the next clone it is long gone.
_left: list[str] = []


def drop_left() -> None:
    """Drop the clones that are done with."""
    while _left:
        drop_clone(_left.pop())


def drop_clone(name: str) -> None:
    """DROP DATABASE, waiting for sessions that threads of the test are still closing."""
    import time

    for attempt in range(300):
        try:
            at_home().execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            if attempt == 299:
                raise
            time.sleep(0.05)
        else:
            return


def access(name: str, roles: list[str]) -> list[sql.Composed]:
    database, named = sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, roles))
    return [
        sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, named),
    ]


def roles_of_clients(name: str) -> set[str]:
    """Roles with a privilege in a database, as the whole server's catalogue has it: no session there is needed."""
    rows = at_home().execute(
        "SELECT DISTINCT pg_get_userbyid(needed.refobjid) FROM pg_shdepend AS needed JOIN pg_database AS held"
        " ON held.oid IN (needed.dbid, needed.objid) AND (needed.dbid <> 0 OR needed.classid = 'pg_database'::regclass)"
        " WHERE held.datname = %s AND needed.refclassid = 'pg_authid'::regclass AND needed.deptype = 'a'",
        [name],
    )
    return {role for (role,) in rows if role.startswith(f"{PREFIX}_")}


def remembered(path: Path) -> list[str]:
    found: list[str] = json.loads(path.read_text())
    return found
