"""A client's tables as text, out of the database and in again, as the owner. What an export and a restore stand on.

Rows come in the order of their primary key and values in one form whatever a server's defaults are, so that equal
content is equal text.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from bpo.data_classes import data_class_of, models_of
from bpo.tenancy.collected import collected_sql, replay, run_migrations
from bpo.tenancy.context import as_owner
from bpo.tenancy.grants import client_grants
from bpo.tenancy.identities import ClientRef, owner_identity
from bpo.tenancy.pending import Names, wanted
from bpo.tenancy.provisioning import execute, one_at_a_time

OWN: Final = frozenset({"django_migrations", "marker_marker"})  # what a schema says of itself comes with the schema
FORMS: Final = (
    "SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1; "
    "SET bytea_output = 'hex'; SET client_encoding = 'UTF8'"
)
TABLES: Final = """
SELECT c.relname,
       array_agg(a.attname::text ORDER BY a.attname),
       (SELECT array_agg(k.attname::text || CASE WHEN k.attcollation <> 0 THEN '*' ELSE '' END ORDER BY i.ord)
        FROM pg_index x CROSS JOIN unnest(x.indkey) WITH ORDINALITY AS i(num, ord)
        JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.num
        WHERE x.indrelid = c.oid AND x.indisprimary)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
GROUP BY c.oid, c.relname ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its columns by name, and those of its key; a star after a name marks text, which sorts by bytes."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@contextmanager
def owner_session(schema: str) -> Iterator[Any]:
    """A connection of its own as the owner, so that the thread's can write elsewhere meanwhile."""
    wrapper: Any = connection.copy()
    wrapper.become(owner_identity(schema))
    wrapper.ensure_connection()
    try:
        wrapper.connection.execute(FORMS)
        yield wrapper.connection
    finally:
        wrapper.close()


@contextmanager
def one_moment(raw: Any) -> Iterator[None]:
    """Everything read in the block is of one moment."""
    raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        raw.execute("ROLLBACK")


def left_out() -> frozenset[str]:
    """Tables that no export holds: what their data class keeps out, and what a schema says of itself."""
    kept_out = {
        model._meta.db_table
        for model in models_of("client")
        if (declared := data_class_of(model)) is not None and not declared.export
    }
    return OWN | kept_out


def tables_of(raw: Any, schema: str) -> list[Table]:
    """Every table of a schema that goes into an export, by the database's own word."""
    rows = raw.execute(TABLES, [schema]).fetchall()
    without = left_out()
    return [Table(name, tuple(columns), tuple(key or columns)) for name, columns, key in rows if name not in without]


def migrations_of(raw: Any, schema: str) -> list[tuple[str, str]]:
    """The migrations a schema has recorded, sorted."""
    query = sql.SQL("SELECT app, name FROM {}").format(sql.Identifier(schema, "django_migrations"))
    return sorted((app, name) for app, name in raw.execute(query).fetchall())


def read(raw: Any, schema: str, table: Table) -> Iterator[bytes]:
    """A table's rows as PostgreSQL's COPY text."""
    order = [
        sql.SQL('{} COLLATE "C"').format(sql.Identifier(name[:-1])) if name.endswith("*") else sql.Identifier(name)
        for name in table.key
    ]
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        sql.Identifier(schema, table.name),
        sql.SQL(", ").join(order),
    )
    with raw.cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            yield bytes(piece)


def write(schema: str, table: str, columns: Iterable[str], pieces: Iterable[bytes]) -> None:
    """Load COPY text into a table, on the thread's connection in its owner transaction."""
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in pieces:
            copy.write(piece)


def newer_than_ours(recorded: Names) -> list[str]:
    """Migrations that this release doesn't know, as app.name."""
    return sorted(f"{app}.{name}" for app, name in recorded - wanted())


def prepare(schema: str, recorded: Names) -> None:
    """Make the current owner schema, fresh from today's tables, one of the version recorded, and empty."""
    with connection.cursor() as cursor:
        cursor.execute(FORMS)
    if recorded != wanted():
        name = sql.Identifier(schema)
        execute([sql.SQL("DROP SCHEMA {} CASCADE").format(name), sql.SQL("CREATE SCHEMA {}").format(name)])
        _migrate_to(recorded)
    _empty(schema)
    execute(["SET CONSTRAINTS ALL DEFERRED"])  # tables come by name; making them has set constraints to immediate


def _migrate_to(recorded: Names) -> None:
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    last = [
        node
        for node in recorded
        if not any(child.key in recorded and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]
    executor.migrate(sorted(last))


def _empty(schema: str) -> None:
    """Rows that migrations put there are in the export too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'", [schema])
        names = [row[0] for row in cursor.fetchall() if row[0] not in OWN]
        if names:
            listed = sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
            cursor.execute(sql.SQL("TRUNCATE {}").format(listed))


def settle(schema: str, role: str) -> None:
    """After the rows: check every reference now, count on from the last numbers, migrate to today, grant."""
    execute(["SET CONSTRAINTS ALL IMMEDIATE"])
    _count_on(schema)
    run_migrations()
    execute(client_grants(schema, role))


def _count_on(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.relname, t.relname, a.attname FROM pg_depend d "
            "JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
            "WHERE s.relnamespace = %s::regnamespace AND d.deptype IN ('a', 'i')",
            [schema],
        )
        for sequence, table, column in cursor.fetchall():
            if table not in OWN:
                cursor.execute(
                    sql.SQL("SELECT setval({}, COALESCE((SELECT max({}) FROM {}), 0) + 1, false)").format(
                        sql.Literal(f'"{schema}"."{sequence}"'), sql.Identifier(column), sql.Identifier(schema, table)
                    )
                )


@contextmanager
def remade(client: ClientRef) -> Iterator[None]:
    """The schema of a closed client made anew, with today's tables, empty and closed, in one transaction."""
    statements, name = collected_sql(), sql.Identifier(client.schema)
    with as_owner(client.schema), transaction.atomic():
        one_at_a_time()
        execute([sql.SQL("DROP SCHEMA {} CASCADE").format(name), sql.SQL("CREATE SCHEMA {}").format(name)])
        replay(statements)
        yield
        execute([sql.SQL("REVOKE USAGE ON SCHEMA {} FROM {}").format(name, sql.Identifier(client.role))])
