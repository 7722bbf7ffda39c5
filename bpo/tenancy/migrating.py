"""Migrations over many clients: SQL made on the first, replayed on the rest, each client in its own transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from bpo.tenancy.collected import recorded, replay, run_migrations
from bpo.tenancy.context import as_owner
from bpo.tenancy.identities import ClientRef

Names = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    client: ClientRef
    applied: int
    problem: str = ""


def wanted() -> Names:
    """Every migration a current client schema has recorded."""
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(node for node in loader.graph.nodes if node[0] in labels)


def recorded_by(clients: Iterable[ClientRef]) -> dict[ClientRef, Names]:
    """What each client's schema has recorded, by one query over all of them."""
    clients = list(clients)
    if not clients:
        return {}
    parts = [
        sql.SQL("SELECT {}::int, app, name FROM {}").format(
            sql.Literal(number), sql.Identifier(client.schema, "django_migrations")
        )
        for number, client in enumerate(clients)
    ]
    found: dict[ClientRef, set[tuple[str, str]]] = {client: set() for client in clients}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        for number, app, name in cursor.fetchall():
            found[clients[number]].add((app, name))
    return {client: frozenset(names) for client, names in found.items()}


def migrate_clients(clients: Iterable[ClientRef]) -> Iterator[Outcome]:
    """Bring each client up to date. A failure stops that client only and is reported; the rest go on.

    Clients with the same recorded set share the SQL made on the first of them.
    """
    target, made = wanted(), dict[Names, list[str]]()
    for client, have in recorded_by(clients).items():
        missing = target - have
        if not missing:
            yield Outcome(client, 0)
            continue
        try:
            made[have] = _apply(client, made.get(have))
        except DatabaseError as error:
            yield Outcome(client, 0, str(error).strip())
        else:
            yield Outcome(client, len(missing))


def _apply(client: ClientRef, statements: list[str] | None) -> list[str]:
    with as_owner(client.schema), transaction.atomic():
        if statements is not None:
            replay(statements)
            return statements
        with recorded() as made:
            run_migrations()
        return made
