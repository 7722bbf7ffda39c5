"""Which migrations a client schema ought to have, which it has, and what was last seen of it."""

import hashlib
import importlib.util
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from bpo.tenancy.context import as_owner
from bpo.tenancy.identities import ClientRef
from bpo.tenancy.models import SchemaState

Names = frozenset[tuple[str, str]]
AT_A_TIME = 50  # schemas a statement reads: each costs locks of the server's one lock table


def wanted() -> Names:
    """Every migration a current client schema has recorded. Read from the folders, which takes no model state."""
    return frozenset(
        (config.label, path.stem)
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for path in _folder(config.label).glob("[0-9]*.py")
    )


def _folder(label: str) -> Path:
    module = MigrationLoader.migrations_module(label)[0]
    found = importlib.util.find_spec(module) if module else None
    return Path(found.origin).parent if found and found.origin else Path(os.devnull)


def digest_of(names: Names) -> str:
    return hashlib.sha256("\n".join(sorted(f"{app}.{name}" for app, name in names)).encode()).hexdigest()[:24]


def recorded_by(clients: Iterable[ClientRef]) -> dict[ClientRef, Names]:
    """What each client's schema has recorded, one statement for up to fifty. A schema that isn't there is left out."""
    clients = list(clients)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s)",
            [[client.schema for client in clients]],
        )
        there = {name for (name,) in cursor.fetchall()}
        present = [client for client in clients if client.schema in there]
        found: dict[ClientRef, Names] = {}
        for start in range(0, len(present), AT_A_TIME):
            found |= _read(cursor, present[start : start + AT_A_TIME])
    return found


def _read(cursor: Any, clients: list[ClientRef]) -> dict[ClientRef, Names]:
    one = sql.SQL("SELECT {}::int, array_agg(app::text), array_agg(name::text) FROM {}")
    parts = [
        one.format(sql.Literal(number), sql.Identifier(client.schema, "django_migrations"))
        for number, client in enumerate(clients)
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(parts))
    ours = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return {
        clients[number]: frozenset(pair for pair in zip(labels or (), names or (), strict=True) if pair[0] in ours)
        for number, labels, names in cursor.fetchall()
    }


def note_current(client_id: UUID, names: Names, grants: str, now: datetime) -> None:
    """Write, in the transaction that made it so, that a schema has these migrations and grants."""
    SchemaState.objects.update_or_create(
        client_id=client_id,
        defaults={
            "migrations": digest_of(names), "recorded": len(names), "grants": grants,
            "problem": "", "failed_at": None, "seen_at": now,
        },
    )  # fmt: skip


def note_seen(client_id: UUID, names: Names, problem: str, now: datetime) -> None:
    """Write what a schema was found to have, and why it could not be brought further."""
    SchemaState.objects.update_or_create(
        client_id=client_id,
        defaults={
            "migrations": digest_of(names), "recorded": len(names),
            "problem": problem[:300], "failed_at": now if problem else None, "seen_at": now,
        },
    )  # fmt: skip
