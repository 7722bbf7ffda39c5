"""Attacks on places and on what is run over them: half-made clients, names, commands without a client, migrations."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client
from accounts.services import open_client
from bpo.actors import system
from bpo.tenancy.context import ClientUnavailable, as_owner, enter
from bpo.tenancy.migrating import _owner_parameters
from bpo.tenancy.models import ReadySchema, SchemaState
from bpo.tenancy.pool import keep_filled
from bpo.tenancy.provisioning import execute, suspend
from tests.integration.tenancy.setting_back import five, marked, set_back
from tests.people import sign_in
from tests.processes import ROOT, wait_for


# --- T05 ------------------------------------------------------------------------------------------
@pytest.mark.services
def test_t05_unknown_suspended_and_half_made_clients_set_no_schema(gamma: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "POOL_SIZE", 1)
    keep_filled()
    ready = ReadySchema.objects.get()
    suspend(gamma.ref(), lambda: Client.objects.filter(pk=gamma.pk).update(status=Client.Status.SUSPENDED))
    hosts = {"nobody.bpo.test": 404, f"{ready.schema_name}.bpo.test": 404, "gamma.bpo.test": 503}
    for host, status in hosts.items():
        with CaptureQueriesContext(connection) as captured:
            answer = Browser(HTTP_HOST=host).get("/interactions/")
        assert answer.status_code == status, host
        assert not [one["sql"] for one in captured if "interactions_" in one["sql"]], host
        assert ready.schema_name not in answer.content.decode().replace(host, "")
    gamma.refresh_from_db()
    with pytest.raises(ClientUnavailable), enter(gamma.ref()):
        pass


# --- T32 ------------------------------------------------------------------------------------------
NAMES = (
    "public", "pg_toast", "information_schema", "2", "c_1234567890ab", 'c_abcdef"hijkl', "c_abcdef'hijkl", "C_ABCDEFGHIJKL",
    "c_Abcdefghijkl", "c_" + "a" * 62, "c_аbcdefghijkl", "c_abcdefghijkl\n", "",
)  # fmt: skip


@pytest.mark.services
@pytest.mark.parametrize("name", NAMES)
def test_t32_a_schema_name_is_opaque_or_refused_by_the_database(alpha: Any, name: str) -> None:
    with as_owner(), connection.cursor() as cursor, pytest.raises(DatabaseError) as refused:
        cursor.execute("UPDATE accounts_client SET schema_name = %s WHERE id = %s", [name, alpha.pk])
    assert isinstance(refused.value, IntegrityError) or "too long" in str(refused.value)


@pytest.mark.services
@pytest.mark.parametrize("key", ["public", "2", "ALPHA", "a'b", 'a"b', "a;b", "аlpha", "a" * 64, "pg_x", "ops", ""])
def test_t32_a_key_from_outside_names_no_schema(alpha: Any, beta: Any, key: str) -> None:
    with pytest.raises(Refused):
        open_client(key=key, name="X", zone="UTC", by=system("tests"), now=timezone.now())
    assert Client.objects.count() == 2


@pytest.mark.services
def test_t32_a_name_is_never_taken_twice(alpha: Any, beta: Any) -> None:
    with as_owner(), connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("UPDATE accounts_client SET schema_name = %s WHERE id = %s", [alpha.schema_name, beta.pk])


# --- T33 ------------------------------------------------------------------------------------------
OURS = (
    "bpo.",
    "accounts",
    "workforce",
    "attrition",
    "interactions",
    "scheduling",
    "qa",
    "surveys",
    "reports",
    "console",
)
# Commands that are about every client, the operator or none; each says why it takes no client.
NO_CLIENT = {
    "migrate": "brings every client up to date, each by itself",
    "create_client": "the client is what it makes",
    "restore_client": "the client is what it makes, or the one it is told to put back into",
    "import_people": "people are the operator's",
    "provisioner": "carries out what rows ask for",
    "relay": "hands on what rows ask for",
    "demo_seed": "fills an empty installation",
    "solve_roster": "needs no database",
    "rotate_master_key": "seals anew what is kept in public and at every client, each by itself",
}
EVERY_CLIENT = {"verify_audit", "verify_report"}  # read all clients, and say which; --client narrows
GIVEN = {
    "file": __file__, "email": "x@y.example", "role": "team_lead", "reason": "x", "scopes": "see_csat", "days": 3,
    "kind": "interactions", "key": "x", "name": "X", "to": "/nowhere", "into": "x", "archive": "/nowhere",
}  # fmt: skip


def ours() -> dict[str, Any]:
    names = {name: app for name, app in get_commands().items() if isinstance(app, str) and app.startswith(OURS)}
    return {name: load_command_class(app, name) for name, app in names.items()}


def with_client() -> dict[str, Any]:
    """Commands whose parser knows --client."""
    return {name: command for name, command in ours().items() if takes_client(command)}


def takes_client(command: Any) -> bool:
    return "--client" in command.create_parser("manage.py", "x")._option_string_actions


def arguments(command: Any, client: str | None) -> list[str]:
    """A command line that lacks nothing but, perhaps, its client."""
    found: list[str] = []
    for action in command.create_parser("manage.py", "x")._actions:
        if action.dest == "client":
            found += [] if client is None else ["--client", client]
        elif action.dest == "password_stdin":
            found.append("--password-stdin")
        elif not action.option_strings and action.nargs != 0:
            found.append(str(GIVEN.get(action.dest, __file__)))
        elif action.required:
            found += [action.option_strings[0], str(GIVEN[action.dest])]
    return found


@pytest.mark.services
def test_t33_a_command_takes_a_client_or_says_why_it_takes_none(db: None) -> None:
    assert set(ours()) - set(with_client()) - set(NO_CLIENT) == set()


@pytest.mark.services
def test_t33_without_its_client_a_command_refuses(alpha: Any) -> None:
    for name, command in with_client().items():
        if name in EVERY_CLIENT:
            continue
        with pytest.raises((CommandError, SystemExit)) as refused:
            call_command(name, *arguments(command, None), stdout=io.StringIO(), stderr=io.StringIO())
        assert "client" in str(refused.value), (name, refused.value)


@pytest.mark.services
@pytest.mark.parametrize("client", ["2", "1", "public", "nobody", "ALPHA", "alpha'--", ""])
def test_t33_a_client_is_named_by_its_key_alone(alpha: Any, client: str) -> None:
    for name, command in with_client().items():
        with pytest.raises((CommandError, SystemExit)) as refused:
            call_command(name, *arguments(command, client), stdout=io.StringIO(), stderr=io.StringIO())
        code = getattr(refused.value, "returncode", getattr(refused.value, "code", None))
        assert code in (1, 2), (name, refused.value)
        assert "client" in str(refused.value), (name, refused.value)


@pytest.mark.services
def test_t33_a_failure_at_the_third_of_five_is_told_exactly(beta: Any) -> None:
    clients = five()
    set_back(clients)
    with as_owner(clients[2].schema_name):
        execute(["CREATE TABLE marker_marker (id int)"])
    errors = io.StringIO()
    with pytest.raises(CommandError, match=r"^Not migrated: gamma\. "):
        call_command("migrate", verbosity=0, stdout=io.StringIO(), stderr=errors)
    assert errors.getvalue().count("not migrated") == 1
    assert [marked(client) for client in clients if client.key != "gamma"] == [1] * 4


# --- T40 ------------------------------------------------------------------------------------------
@contextmanager
def runner(*more: str) -> Iterator[subprocess.Popen[str]]:
    """`manage.py migrate` as a process of its own, on the database of the test."""
    found, own = settings.DATABASES["default"], settings.OWNER
    who = f"{quote(own['USER'])}:{quote(own['PASSWORD'] or '')}"
    env = {
        **os.environ, "BPO_MAY_OWN": "1", "SECRET_KEY": settings.SECRET_KEY, "BPO_DB_AUTH": settings.DB_AUTH,
        "BPO_DB_MASTER_KEY": settings.DB_MASTER_KEY, "BPO_ROLE_PREFIX": settings.ROLE_PREFIX, "BPO_VAR": str(settings.VAR),
        "DATABASE_URL": f"postgresql://{who}@/{found['NAME']}?host={quote(str(found['HOST']))}&port={found['PORT']}",
    }  # fmt: skip
    child = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "-v0", *more],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        connection.close()


@contextmanager
def held(client: Any) -> Iterator[None]:
    """Somebody's lock that lets the list of migrations be read and nothing be added to it."""
    with psycopg.connect(**_owner_parameters()) as other:
        other.execute("SET idle_in_transaction_session_timeout = 0")
        other.execute(f"LOCK TABLE {client.schema_name}.django_migrations IN SHARE MODE")
        yield
        other.rollback()


def wait_until_at(client: Any, child: subprocess.Popen[str]) -> None:
    """Until the runner waits for the lock on this client's list."""

    def waits() -> bool:
        assert child.poll() is None, child.stderr.read() if child.stderr else ""
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass",
                [f"{client.schema_name}.django_migrations"],
            )
            return bool(cursor.fetchone()[0])

    wait_for(waits, seconds=60, what=lambda: "the runner never came to the client")


@pytest.mark.services
def test_t40_a_runner_killed_in_the_middle_is_resumed(beta: Any) -> None:
    clients = five()
    set_back(clients)
    with held(clients[2]), runner() as child:
        wait_until_at(clients[2], child)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    assert [marked(client) for client in clients] == [1, 1, 0, 0, 0]
    with runner() as again:
        assert again.wait(120) == 0
    assert [marked(client) for client in clients] == [1] * 5
    assert not SchemaState.objects.exclude(problem="").exists()


@pytest.mark.services
def test_t40_of_two_runners_at_once_one_works(alpha: Any, beta: Any, gamma: Any) -> None:
    set_back([alpha, beta, gamma])
    with runner() as first:
        with held(beta):
            wait_until_at(beta, first)
            with runner("--wait", "0") as second:
                assert second.wait(120) == 3
                assert "Another runner" in (second.stderr.read() if second.stderr else "")
        with runner("--wait", "60") as third:
            assert third.wait(120) == 0
        assert first.wait(120) == 0
    assert [marked(client) for client in (alpha, beta, gamma)] == [1, 1, 1]


@pytest.mark.services
def test_t40_no_client_can_stop_the_runner_with_a_lock_of_its_own(alpha: Any, beta: Any) -> None:
    set_back([beta])
    with enter(alpha.ref()), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(n) FROM generate_series(0, 100) n")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("LOCK TABLE public.tenancy_schemastate")
    call_command("migrate", verbosity=0, wait=0, stdout=io.StringIO())
    assert marked(beta) == 1


@pytest.mark.services
def test_t40_a_client_that_is_behind_serves(alpha: Any, beta: Any) -> None:
    set_back([alpha, beta])
    with as_owner(beta.schema_name):
        execute(["CREATE TABLE marker_marker (id int)"])
    with pytest.raises(CommandError, match="Not migrated: beta"):
        call_command("migrate", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())
    for key in ("alpha", "beta"):
        lead = sign_in(key, "team_lead")
        for path in ("/interactions/", "/cases/", "/csat/", "/imports/"):
            assert lead.get(path).status_code == 200, (key, path)
