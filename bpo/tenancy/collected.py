"""The client schema as SQL, collected once from the migrations and replayed for every client.

Migrations run once, for real, in a scratch schema inside a transaction that is rolled back; each statement that
changed something is kept with its values filled in. Table names are unqualified, so the search path decides
where a replay lands.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import ClientCursor, sql

from bpo.tenancy.context import as_owner

_READS = re.compile(r"^\s*(SELECT|SHOW|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET search_path)\b", re.IGNORECASE)
SCRATCH = "collect_scratch"


def collected_sql() -> list[str]:
    """Statements that make an empty client schema current. Cached in VAR by the migrations' content."""
    cache = settings.VAR / "cache" / f"client-{fingerprint()}.json"
    if cache.exists():
        known: list[str] = json.loads(cache.read_text())
        return known
    statements = _collect()
    cache.parent.mkdir(parents=True, exist_ok=True)
    draft = cache.with_suffix(f".{hashlib.sha256(str(id(statements)).encode()).hexdigest()[:8]}.draft")
    draft.write_text(json.dumps(statements))
    draft.replace(cache)
    return statements


def fingerprint() -> str:
    """Hash of every client app's migration files and of Django's version."""
    digest = hashlib.sha256(django.get_version().encode())
    for name in settings.TENANT_APPS:
        config = next(config for config in apps.get_app_configs() if config.name == name)
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(f"{name}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _collect() -> list[str]:
    with as_owner(SCRATCH), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCRATCH)))
        with recorded() as statements:
            run_migrations()
        transaction.set_rollback(True)
    return statements


def run_migrations() -> list[str]:
    """Bring the schema of the current owner identity up to date with Django's executor; returns what was applied."""
    executor = MigrationExecutor(connection)
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    plan = executor.migration_plan(targets)
    executor.migrate(targets, plan)
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@contextmanager
def recorded() -> Iterator[list[str]]:
    """Keep each changing statement sent on this connection, values filled in."""
    statements: list[str] = []

    def keep(execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(statement, params, many, context)
        text = statement if isinstance(statement, str) else statement.as_string(connection.connection)
        if not _READS.match(text):
            statements.extend(_filled(text, params, many))
        return result

    with connection.execute_wrapper(keep):
        yield statements


def _filled(text: str, params: Any, many: bool) -> list[str]:
    sets = params if many else [params]
    cursor: ClientCursor[Any] = ClientCursor(connection.connection)
    return [text if values is None else cursor.mogrify(text, values) for values in sets]


def replay(statements: list[str]) -> None:
    """Run collected statements on the current owner connection, in its schema."""
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(statement.rstrip().rstrip(";") for statement in statements))
