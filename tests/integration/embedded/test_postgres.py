"""One server, and what its identities may and may not do."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bpo.embedded import postgres
from bpo.embedded.postgres import Server


@pytest.fixture(scope="module")
def server(server_root: Path) -> Server:
    return postgres.ensure(server_root, fast=True)


def login(server: Server, role: str, database: str = "bpo") -> str:
    return make_conninfo(host=str(server.socket_dir), port=server.port, user=role, dbname=database)


def owner(server: Server) -> psycopg.Connection:
    return psycopg.connect(server.owner_url, autocommit=True)


@pytest.fixture(scope="module")
def roles(server: Server) -> list[str]:
    names = ["bpo_app", "bpo_c_abc", "bpo_other"]
    with owner(server) as connection:
        for name in names:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE bpo TO {}").format(sql.Identifier(name)))
    return names


def test_the_owner_creates_roles_and_databases_but_is_no_superuser(server: Server) -> None:
    with owner(server) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, True, True, False, False)


def test_the_lifecycle_role_may_only_signal_backends(server: Server) -> None:
    with psycopg.connect(server.lifecycle_url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, pg_has_role(current_user, 'pg_signal_backend', 'USAGE')"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, True)


def test_locale_checksums_and_limits_are_as_the_product_needs_them(server: Server) -> None:
    names = ("data_checksums", "max_connections", "max_locks_per_transaction", "listen_addresses", "timezone", "fsync")
    with owner(server) as connection:
        values = [connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in names]
        encoding, order = connection.execute(
            "SELECT pg_encoding_to_char(encoding), 'Z' < 'a' FROM pg_database WHERE datname = 'bpo'"
        ).fetchone()
    assert values == ["on", "200", "256", "", "UTC", "off"]
    assert (encoding, order) == ("UTF8", True)


def test_nobody_connects_to_a_database_without_a_grant(server: Server) -> None:
    with owner(server) as connection:
        connection.execute("CREATE ROLE bpo_c_stranger LOGIN")
    for database in ("bpo", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(login(server, "bpo_c_stranger", database))


def test_nobody_makes_temporary_tables_without_a_grant(server: Server, roles: list[str]) -> None:
    with psycopg.connect(login(server, roles[0])) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TEMPORARY TABLE t (n int)")


def test_the_caller_becomes_app_and_clients_without_a_password(server: Server, roles: list[str]) -> None:
    assert server.auth == "peer"
    for role in roles[:2]:
        with psycopg.connect(login(server, role)) as connection:
            assert connection.execute("SELECT session_user").fetchone() == (role,)


@pytest.mark.parametrize("role", ["postgres", "bpo_owner", "bpo_lifecycle", "bpo_other"])
def test_no_other_role_comes_in_without_a_password(server: Server, roles: list[str], role: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"no password supplied|Peer authentication failed"):
        psycopg.connect(login(server, role))


def test_a_wrong_owner_password_is_refused(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(login(server, "bpo_owner"), password="wrong")


def test_another_account_of_the_machine_becomes_no_client(
    server: Server, roles: list[str], as_nobody: list[str]
) -> None:
    code = f"psycopg.connect({login(server, roles[1])!r})"
    # The socket's folder is closed to others; where it is passed, the map refuses.
    done = subprocess.run([*as_nobody, code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr or "Peer authentication failed" in done.stderr


@pytest.fixture
def as_nobody() -> list[str]:
    """Python that gives up to `nobody` before it runs its argument; an ordinary user is refused the change."""
    drop = "import os, sys, psycopg; os.setgroups([]); os.setgid(65534); os.setuid(65534); exec(sys.argv[1])"
    ordinary = "import sys, psycopg; print('Permission denied', file=sys.stderr); sys.exit(1)"
    return [sys.executable, "-c", drop if os.geteuid() == 0 else ordinary]


def test_the_owner_copies_a_database_and_drops_the_copy(server: Server) -> None:
    maintenance = server.owner_url.replace("/bpo?", "/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bpo_copy TEMPLATE bpo")
        connection.execute("DROP DATABASE bpo_copy")


def test_the_owner_adds_the_trusted_extension_for_exclusion_constraints(server: Server) -> None:
    with owner(server) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def test_passwords_are_in_no_log_and_no_repr(server: Server, server_root: Path) -> None:
    secret = psycopg.conninfo.conninfo_to_dict(server.owner_url)["password"]
    assert secret not in repr(server)
    assert secret not in (server.data.parent / "server.log").read_text()
    assert (server_root / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_the_url_also_works_through_a_url_reader_for_django(server: Server) -> None:
    import dj_database_url

    options = dj_database_url.parse(server.owner_url)
    assert options["OPTIONS"]["host"] == str(server.socket_dir)
    assert (options["USER"], options["NAME"], options["PORT"]) == ("bpo_owner", "bpo", 5432)
