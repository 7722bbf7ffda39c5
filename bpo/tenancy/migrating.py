"""Migrations over many clients: SQL made on the first, replayed on the rest, each client in its own transaction.

The first is the canary: when it fails, nobody else is touched. After it a failure stops that client only.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
import structlog
from django.conf import settings
from django.contrib.postgres import operations as postgres_operations
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from bpo.marker.services import mark
from bpo.tenancy.collected import recorded, replay, run_migrations
from bpo.tenancy.context import as_owner
from bpo.tenancy.grants import grants_digest
from bpo.tenancy.identities import ClientRef, owner_identity
from bpo.tenancy.models import SchemaState
from bpo.tenancy.pending import Names, digest_of, note_current, note_seen, recorded_by, wanted
from bpo.tenancy.provisioning import grants_of, run_script

log = structlog.get_logger("tenancy.migrating")
LOCK_TIMEOUT: Final = "2s"  # a waiting ALTER TABLE stops every reader behind it: give up early and come again
TRIES: Final = 5
PAUSE: Final = 0.25  # seconds before the second try, twice as long before each further one
MISSING: Final = "The schema is not there, or holds no list of migrations."
# What these do follows from the migration alone, so that the SQL of one client is right for another.
_PLAIN: Final = (operations.__name__, postgres_operations.__name__, "django.db.migrations.operations.")


class Busy(RuntimeError):
    """Another runner is at work."""


@dataclass(frozen=True, slots=True)
class Outcome:
    client: ClientRef
    applied: int
    problem: str = ""
    tried: bool = True  # False behind a canary that failed


@dataclass
class _Run:
    """What a run has learned: the target, and the SQL from each set of recorded migrations to it."""

    target: Names = field(default_factory=wanted)
    made: dict[Names, list[str]] = field(default_factory=dict)
    _loader: MigrationLoader | None = None

    def is_plain(self, missing: Names) -> bool:
        """Whether nothing that is missing moves data, so that it may be replayed."""
        self._loader = self._loader or MigrationLoader(None, ignore_no_migrations=True)
        found = [self._loader.disk_migrations[name] for name in missing]
        return all(one.atomic and all(map(_is_plain, one.operations)) for one in found)


def _is_plain(operation: Any) -> bool:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return all(map(_is_plain, operation.database_operations))
    if isinstance(operation, operations.RunPython):
        return False
    return type(operation).__module__.startswith(_PLAIN)


def behind(clients: Iterable[ClientRef]) -> dict[ClientRef, int]:
    """How many migrations each client lacks that lacks any; all of them where the schema isn't there."""
    target, clients = wanted(), list(clients)
    found = recorded_by(clients)
    missing = {client: len(target - found.get(client, frozenset())) for client in clients}
    return {client: n for client, n in missing.items() if n}


def migrate_clients(clients: Iterable[ClientRef], *, canary: str = "", regrant: bool = False) -> Iterator[Outcome]:
    """Bring each client up to date, the one with the key `canary` first, else the first that lacks something.

    Clients with the same recorded set share the SQL made on the first of them; data migrations run by Django's
    executor on each. `regrant` sets the grants also where nothing is missing.
    """
    clients = sorted(clients, key=lambda client: client.key != canary)
    run, found = _Run(), recorded_by(clients)
    states = {state.client_id: state for state in SchemaState.objects.all()}
    halted = first = False
    for client in clients:
        have = found.get(client)
        if have is not None and run.target <= have and not regrant and _is_noted(states.get(client.id), have):
            yield Outcome(client, 0)
        elif halted:
            yield Outcome(client, 0, tried=False)
        else:
            outcome = _one(run, client, have)
            halted, first = bool(outcome.problem) and not first, True
            yield outcome


def _is_noted(state: SchemaState | None, have: Names) -> bool:
    return (
        state is not None
        and not state.problem
        and state.grants == grants_digest()
        and state.migrations == digest_of(have)
    )


def _one(run: _Run, client: ClientRef, have: Names | None) -> Outcome:
    """One client, with retries while somebody holds a lock it needs. A failure is written where the console sees it."""
    if have is None:
        return _failed(client, frozenset(), MISSING)
    for attempt in range(1, TRIES + 1):
        try:
            _bring(run, client, have)
        except OperationalError as error:
            if attempt == TRIES or not _is_locked(error):
                return _failed(client, have, _said(error))
            log.info("client locked", client=client.key, attempt=attempt)
            time.sleep(PAUSE * 2 ** (attempt - 1))
        except Exception as error:  # a data migration may raise anything
            log.exception("client not migrated", client=client.key)
            return _failed(client, have, _said(error))
        else:
            break
    return Outcome(client, len(run.target - have))


def _bring(run: _Run, client: ClientRef, have: Names) -> None:
    missing = run.target - have
    if missing and not run.is_plain(missing):
        with as_owner(client.schema):
            run_migrations()  # in transactions of its own, as its author expects
        missing = frozenset()
    with as_owner(client.schema), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        if missing:
            _replay(run, have)
        run_script(grants_of(client))
        mark(client.schema, client.id)
        note_current(client.id, have | run.target, grants_digest(), timezone.now())


def _replay(run: _Run, have: Names) -> None:
    if have in run.made:
        replay(run.made[have])
        return
    with recorded() as statements:
        run_migrations()
    run.made[have] = list(statements)


def _failed(client: ClientRef, have: Names, problem: str) -> Outcome:
    with suppress(DatabaseError), as_owner():
        # A data migration may have come half way: what is there now is what counts.
        note_seen(client.id, recorded_by([client]).get(client, have), problem, timezone.now())
    return Outcome(client, 0, problem)


def _is_locked(error: OperationalError) -> bool:
    return isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected)


def _said(error: Exception) -> str:
    """The first line alone: the rest may quote a row."""
    first = str(error).strip().partition("\n")[0]
    return (first or type(error).__name__)[:300]


@contextmanager
def only_runner(*, wait: float = 0) -> Iterator[None]:
    """Hold the right to migrate clients, waiting so many seconds for another runner. Raises Busy.

    The lock lives in a session of its own, so that it spans the clients' transactions and ends with a killed process.
    It is a lock on a table of the owner's, for an advisory lock could be held by any client.
    """
    with psycopg.connect(**_owner_parameters()) as own:
        own.execute("SET idle_in_transaction_session_timeout = 0")
        own.execute(f"SET lock_timeout = {max(1, int(wait * 1000))}")
        try:
            own.execute("LOCK TABLE public.tenancy_schemastate IN SHARE UPDATE EXCLUSIVE MODE")
        except psycopg.errors.LockNotAvailable as error:
            raise Busy("Another runner is migrating clients.") from error
        yield


def _owner_parameters() -> dict[str, Any]:
    place, owner = settings.DATABASES["default"], owner_identity()
    found = {
        "dbname": place["NAME"], "host": place["HOST"], "port": place["PORT"], "user": owner.role,
        "password": (settings.OWNER or {}).get("PASSWORD"),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
