"""Roles and schemas: opening, suspending, resuming and dropping a client's place in the database.

Everything here runs as the owner, in one transaction each. DDL can't take parameters, so names go through
`psycopg.sql`.
"""

import secrets
import string
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from bpo.tenancy.backend.base import store
from bpo.tenancy.collected import collected_sql, replay
from bpo.tenancy.context import as_owner
from bpo.tenancy.grants import app_grants, client_grants
from bpo.tenancy.hosts import cache
from bpo.tenancy.identities import ClientRef, app_identity
from bpo.tenancy.secrets import password_for, scram_verifier

Statements = Iterable[sql.Composable | str]


def new_names() -> tuple[str, str]:
    """An opaque schema name and its role: other clients can list them, so they say nothing."""
    schema = "c_" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))
    return schema, f"{settings.ROLE_PREFIX}_{schema}"


def execute(statements: Statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def run_script(statements: Iterable[sql.Composable]) -> None:
    """Run many statements in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(";\n").join(statements))


def ensure_app_role() -> None:
    """Create or repair the `app` login: no superuser, owns nothing, knows public alone."""
    role = app_identity().role
    with as_owner(), transaction.atomic():
        if not _role_exists(role):
            execute([sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(role))])
        execute([*login(role), *_database_access(role, "public")])


def grant_app() -> None:
    with as_owner(), transaction.atomic():
        execute(app_grants(app_identity().role))


def one_at_a_time() -> None:
    """Wait for whoever makes or removes a place: both change the access lists of the database and of public tables.

    A table of the owner's and no advisory lock, whose numbers any client could hold.
    """
    execute(
        [
            "SET LOCAL lock_timeout = '30s'",
            "LOCK TABLE public.tenancy_readyschema IN SHARE UPDATE EXCLUSIVE MODE",
            sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(settings.LOCK_TIMEOUT_MS)),
        ]
    )


def provision(schema: str, role: str, write_row: Callable[[], None], *, may_log_in: bool = True) -> None:
    """Role, schema, tables and grants, then `write_row()`, in one transaction: all of it or nothing."""
    statements = collected_sql()
    who, name = sql.Identifier(role), sql.Identifier(schema)
    with as_owner(schema), transaction.atomic():
        one_at_a_time()
        execute(
            [
                sql.SQL("CREATE ROLE {} NOLOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 200").format(who),
                *(login(role) if may_log_in else []),
                *_database_access(role, f"{schema},public"),
                sql.SQL("CREATE SCHEMA {}").format(name),
            ]
        )
        replay(statements)
        run_script(client_grants(schema, role))
        write_row()


def suspend(client: ClientRef, write_row: Callable[[], None]) -> None:
    """No new login, and sessions already open lose the schema at their next statement."""
    _change(client, write_row, "ALTER ROLE {role} NOLOGIN", "REVOKE USAGE ON SCHEMA {schema} FROM {role}")


def hang_up(client: ClientRef) -> None:
    """End every open session of a client's login; after `suspend`, none can come back."""
    who = sql.Identifier(client.role)
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        # Only a member of a role may end its sessions; the owner is one for this transaction alone.
        cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(who))
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE usename = %s AND datname = current_database() AND pid <> pg_backend_pid()",
            [client.role],
        )
        cursor.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(who))
    _forget(client)


def resume(client: ClientRef, write_row: Callable[[], None]) -> None:
    _change(client, write_row, "ALTER ROLE {role} LOGIN", "GRANT USAGE ON SCHEMA {schema} TO {role}")


def drop(client: ClientRef, write_row: Callable[[], None]) -> None:
    """Remove schema and role for good. The caller has asked, exported and waited; this does not."""
    with as_owner(), transaction.atomic():
        one_at_a_time()
        execute([sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(client.schema))])
        execute(removal(client.role))
        write_row()
    _forget(client)


def grants_of(client: ClientRef) -> list[sql.Composed]:
    """A client's grants as its status has them: a closed client's schema stays closed."""
    found = client_grants(client.schema, client.role)
    if not client.enterable:
        names = {"schema": sql.Identifier(client.schema), "role": sql.Identifier(client.role)}
        found.append(sql.SQL("REVOKE USAGE ON SCHEMA {schema} FROM {role}").format(**names))
    return found


def regrant(clients: Iterable[ClientRef]) -> None:
    """Access and grants of every client from today's data classes."""
    for client in clients:
        with as_owner(), transaction.atomic():
            run_script([*_database_access(client.role, f"{client.schema},public"), *grants_of(client)])


def heal(client: ClientRef) -> None:
    """Put password and path of a role back: a client's session can change its own."""
    with as_owner(), transaction.atomic():
        execute([*_password(client.role), *_database_access(client.role, f"{client.schema},public")])
        execute([sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(client.role))])


def _change(client: ClientRef, write_row: Callable[[], None], *templates: str) -> None:
    names = {"role": sql.Identifier(client.role), "schema": sql.Identifier(client.schema)}
    with as_owner(), transaction.atomic():
        execute([sql.SQL(template).format(**names) for template in templates])
        write_row()
    _forget(client)


def _forget(client: ClientRef) -> None:
    store.clear(client.role)
    cache.clear()


def login(role: str) -> list[sql.Composed]:
    """Leave to log in, and the password, or none under peer authentication."""
    return [sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(role)), *_password(role)]


def _password(role: str) -> list[sql.Composed]:
    who = sql.Identifier(role)
    if settings.DB_AUTH == "peer":
        return [sql.SQL("ALTER ROLE {} PASSWORD NULL").format(who)]
    return [sql.SQL("ALTER ROLE {} PASSWORD {}").format(who, sql.Literal(scram_verifier(password_for(role))))]


def renew_passwords(roles: Iterable[str]) -> int:
    """Give roles the passwords of the master key of now, in one transaction as the owner; how many roles.

    What is connected stays connected; who connects with a key before is refused from here on.
    """
    every = list(roles)
    with as_owner(), transaction.atomic():
        execute([statement for role in every for statement in _password(role)])
    return len(every)


def _database_access(role: str, path: str) -> list[sql.Composed]:
    database, who = sql.Identifier(settings.DATABASES["default"]["NAME"]), sql.Identifier(role)
    return [
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, who),
        sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(who, database, _path(path)),
    ]


def _path(path: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(part) for part in path.split(","))


def removal(name: str) -> list[sql.Composed]:
    """A role gone, with all it holds outside a schema of its own."""
    database, role = sql.Identifier(settings.DATABASES["default"]["NAME"]), sql.Identifier(name)
    return [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(database, role),
        sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(role, database),
        sql.SQL("DROP ROLE {}").format(role),
    ]


def _role_exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        found: Any = cursor.fetchone()
    return found is not None
