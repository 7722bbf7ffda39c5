"""What only a cluster's superuser can do, done once: the owner, the lifecycle role and the database.

The owner migrates and provisions (LOGIN CREATEROLE CREATEDB, no superuser). The lifecycle role ends sessions
of suspended clients. Client logins are made later by the product itself, as the owner.
"""

from typing import Any

import psycopg
from psycopg import sql

from bpo.embedded.cluster import DATABASE, LIFECYCLE, OWNER, Cluster

OWNER_MAY = "LOGIN CREATEROLE CREATEDB NOSUPERUSER NOREPLICATION NOBYPASSRLS"
LIFECYCLE_MAY = "LOGIN NOCREATEROLE NOCREATEDB NOSUPERUSER NOREPLICATION NOBYPASSRLS"


def bootstrap(cluster: Cluster) -> None:
    """Make roles, database and connection rights; each step may be repeated after an interruption."""
    done = cluster.folder / "bootstrapped"
    if done.exists():
        return
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        keys = cluster.place.keys
        _role(connection, OWNER, OWNER_MAY, keys["owner"])
        _role(connection, LIFECYCLE, LIFECYCLE_MAY, keys["lifecycle"])
        _run(connection, "GRANT pg_signal_backend TO {}", LIFECYCLE)
        if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
            _run(connection, "CREATE DATABASE {} OWNER {}", DATABASE, OWNER)
        _close_databases(connection)
    done.touch()


def _close_databases(connection: psycopg.Connection[Any]) -> None:
    """Nobody connects anywhere unless granted; the owner keeps `postgres` to copy databases from there."""
    for database in (DATABASE, "postgres", "template1"):
        _run(connection, "REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC", database)
    _run(connection, "GRANT CONNECT ON DATABASE postgres TO {}, {}", OWNER, LIFECYCLE)
    _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", DATABASE, LIFECYCLE)


def _role(connection: psycopg.Connection[Any], name: str, may: str, password: str) -> None:
    found = _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", name)
    verb = "ALTER" if found else "CREATE"
    # Sent as a verifier: the password itself never reaches the server or its log.
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    statement = sql.SQL(f"{verb} ROLE {{}} {may} PASSWORD {{}}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(verifier.decode())))


def _exists(connection: psycopg.Connection[Any], query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None


def _run(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
