"""Where the matrix is walked: a database per process copied from one populated world, and what was written to it."""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client as Browser
from psycopg import sql

from tests import database
from tests.integration.scheduling.build import NOW
from tests.permissions.world import Place, populate, populate_operator

LATER = NOW + timedelta(minutes=5)  # than the world was made; what is in hand is so for half an hour
WORLD = f"{database.TEMPLATE}_world"
HOSTS = {"client": "alpha.bpo.test", "stepped": "alpha.bpo.test", "operator": "ops.bpo.test"}
# Written by who asks, not by what is asked for: when a token was last used, when a session was last seen.
NOT_COUNTED = {"public.django_session", "public.accounts_opensession", "public.accounts_token"}
_numbers = itertools.count(1)


def make_world(template: list[str]) -> dict[str, Any]:
    """The populated database, once a run, and what is in it."""
    home = os.environ["BPO_TESTS_HOME_DATABASE"]
    database.drop_database(home, WORLD)
    how = sql.SQL("FILE_COPY" if os.environ.get("BPO_TESTS_OWN_SERVER") else "WAL_LOG")
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
    database.as_owner(home, copy.format(sql.Identifier(WORLD), sql.Identifier(database.TEMPLATE), how))
    database.as_owner(home, *database.access(WORLD, template))
    database.choose(WORLD)
    with time_machine.travel(NOW, tick=True):
        places = {key: populate(key) for key in ("alpha", "beta")}
        populate_operator(places["alpha"], places["beta"])
    database.choose(home)
    return {key: place.as_dict() for key, place in places.items()}


@dataclass
class Ground:
    """The database in use, and both clients' sides of the world."""

    alpha: Place
    beta: Place
    roles: list[str]
    tables: list[str] = field(default_factory=list)
    _watch: psycopg.Connection[Any] | None = None
    _statement: str = ""
    _tables_of_the_world: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def copy(self, *, still: bool = True) -> Iterator[str]:
        """A fresh copy of the world for the block, by its name; if `still`, the clock stands at its day."""
        name = f"bpo_m_{os.environ.get('PYTEST_XDIST_WORKER', 'w')}_{os.getpid()}_{next(_numbers)}"
        before = str(settings.DATABASES["default"]["NAME"])
        self._unwatch()
        try:
            clock = time_machine.travel(LATER, tick=True) if still else nullcontext()
            with clock, database.cloned(name, self.roles, template=WORLD):
                try:
                    yield name
                finally:
                    self._unwatch()
        finally:
            database.choose(before)

    @contextmanager
    def back_in(self, name: str) -> Iterator[None]:
        """Work in a copy that is there already."""
        if settings.DATABASES["default"]["NAME"] != name:
            self._unwatch()
            database.choose(name)
        with time_machine.travel(LATER, tick=True):
            yield

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def untouched(self) -> dict[str, Any]:
        """The trace of a copy before anything was asked of it: its tables are the world's, so they are read once."""
        if not self._tables_of_the_world:
            self._tables_of_the_world = {name: value for name, value in self.trace().items() if "." in name}
        return {**self._tables_of_the_world, **_beside_tables()}

    def trace(self) -> dict[str, Any]:
        """What is kept anywhere: each table's rows and who wrote them last, files, and mails sent."""
        if self._watch is None:
            parameters = database.owner_parameters(str(settings.DATABASES["default"]["NAME"]))
            self._watch = psycopg.connect(**{key: value for key, value in parameters.items() if value is not None})
            self._watch.execute("SET jit = off")
        if not self._statement:
            self._statement, self.tables = _counting(self._watch)
        row = self._watch.execute(self._statement, prepare=True).fetchone()
        assert row is not None
        return {**dict(zip(self.tables, row, strict=True)), **_beside_tables()}

    def browser(self, host: str, column: str, *, by_token: bool = False) -> Browser:
        """Who a column stands for, on a host: by session, or by token where that is asked for."""
        headers: dict[str, str] = {}
        if column == "survey":
            headers["HTTP_AUTHORIZATION"] = f"Bearer {self.alpha.objects['survey token']['any']}"
        elif by_token or column == "narrow":
            headers["HTTP_AUTHORIZATION"] = f"Bearer {self.alpha.tokens[column]}"
        found = Browser(raise_request_exception=False, HTTP_HOST=HOSTS[host], **headers)
        session = (self.alpha.operator if host == "operator" else self.alpha.sessions).get(column)
        if session and not headers:
            found.cookies["bpo_session"] = session
        return found


def _beside_tables() -> dict[str, int]:
    files = sum(1 for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file())
    return {"files": files, "mails": len(getattr(mail, "outbox", []))}


def _counting(connection: psycopg.Connection[Any]) -> tuple[str, list[str]]:
    """One statement over every table: how many rows, and the sum of the transactions that wrote them."""
    found = connection.execute(
        "SELECT schemaname || '.' || tablename, format('%I.%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname = 'public' OR schemaname LIKE 'c\\_%' ORDER BY 1"
    ).fetchall()
    kept = [(name, quoted) for name, quoted in found if name not in NOT_COUNTED]
    parts = [
        f"(SELECT count(*)::text || ' ' || coalesce(sum(xmin::text::bigint), 0)::text FROM {quoted})"
        for _, quoted in kept
    ]
    return "SELECT " + ", ".join(parts), [name for name, _ in kept]


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, value in after.items() if before.get(name) != value]


def read_ground(note: Path, roles: list[str]) -> Ground:
    kept = json.loads(note.read_text())
    return Ground(Place(**kept["alpha"]), Place(**kept["beta"]), roles)


def forget_world() -> None:
    with suppress(psycopg.Error):
        database.drop_database(os.environ["BPO_TESTS_HOME_DATABASE"], WORLD)
