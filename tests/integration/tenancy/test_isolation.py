"""As client A's connection, no statement reads, writes or runs anything of client B."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError

from bpo.tenancy.context import (
    ClientUnavailable,
    NoClient,
    as_app,
    as_owner,
    current_client,
    enter,
    on_commit,
    run_in_thread,
)
from interactions.models import Queue


def run(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def two(alpha: Any, beta: Any) -> tuple[Any, Any]:
    """Both clients hold a queue of the same key, told apart by its name."""
    for client in (alpha, beta):
        with enter(client.ref()):
            Queue.objects.create(key="voice", name=f"secret of {client.key}")
    return alpha, beta


ATTACKS = {
    "qualified table": "SELECT name FROM {b}.interactions_queue",
    "set_config of the role": "SELECT set_config('role', '{brole}', false), name FROM {b}.interactions_queue",
    "set_config of the path": "SELECT set_config('search_path', '{b}', false); SELECT name FROM interactions_queue",
    "SET ROLE": "SET ROLE {brole}",
    "SET ROLE owner": "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION": "SET SESSION AUTHORIZATION {brole}",
    "RESET ROLE": "RESET ROLE; SELECT name FROM {b}.interactions_queue",
    "RESET SESSION AUTHORIZATION": "RESET SESSION AUTHORIZATION; SELECT name FROM {b}.interactions_queue",
    "stacked statements": "SELECT 1; COMMIT; SELECT name FROM {b}.interactions_queue",
    "ts_stat": "SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM {b}.interactions_queue')",
    "query_to_xml": "SELECT query_to_xml('SELECT name FROM {b}.interactions_queue', true, false, '')",
    "schema_to_xml": "SELECT table_to_xml('{b}.interactions_queue', true, false, '')",
    "write": "INSERT INTO {b}.interactions_queue (id, key, name, channel) VALUES (gen_random_uuid(), 'x', 'x', 'voice')",
    "truncate": "TRUNCATE {b}.interactions_queue CASCADE",
    "sign-in data": "SELECT email FROM public.accounts_user",
    "sessions": "SELECT session_data FROM public.django_session",
    "clients": "SELECT name FROM public.accounts_client",
    "outbox": "SELECT payload FROM public.outbox_job",
    "ledger": "SELECT during FROM public.workforce_workblock",
    "create function": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "create table in own schema": "CREATE TABLE t (i int)",
    "temporary table": "CREATE TEMP TABLE accounts_client (i int)",
    "server file": "SELECT pg_read_file('/etc/passwd')",
    "copy to program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "passwords": "SELECT rolpassword FROM pg_authid",
}


@pytest.mark.services
@pytest.mark.parametrize("name", ATTACKS)
def test_t30_an_attack_from_client_a_is_refused_and_leaves_it_where_it_was(two: tuple[Any, Any], name: str) -> None:
    alpha, beta = two
    names = {"b": beta.schema_name, "brole": beta.role_name, "owner": _owner()}
    with enter(alpha.ref()):
        with pytest.raises(ProgrammingError):
            run(ATTACKS[name].format(**names))
        assert run("SELECT session_user::text") == [(alpha.role_name,)]
    with enter(alpha.ref()):
        assert [queue.name for queue in Queue.objects.all()] == ["secret of alpha"]


def _owner() -> str:
    from django.conf import settings

    return str(settings.OWNER["USER"])


@pytest.mark.services
def test_t30_the_catalogue_views_show_client_a_nothing_of_b(two: tuple[Any, Any]) -> None:
    alpha, beta = two
    with enter(alpha.ref()):
        for view in ("tables", "columns", "table_privileges", "views"):
            rows = run(f"SELECT table_schema FROM information_schema.{view} WHERE table_schema = '{beta.schema_name}'")
            assert rows == [], view
        assert run(f"SELECT 1 FROM pg_stats WHERE schemaname = '{beta.schema_name}'") == []


@pytest.mark.services
def test_the_same_statement_works_where_it_may(two: tuple[Any, Any]) -> None:
    _, beta = two
    with enter(beta.ref()):
        assert run(f"SELECT name FROM {beta.schema_name}.interactions_queue") == [("secret of beta",)]


@pytest.mark.services
def test_app_is_no_superuser_owns_nothing_and_enters_no_client(two: tuple[Any, Any]) -> None:
    alpha, _ = two
    with as_app():
        [flags] = run(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles "
            "WHERE rolname = current_user"
        )
        assert flags == (False,) * 5
        assert run("SELECT 1 FROM pg_class WHERE relowner = current_user::regrole") == []
        assert run("SELECT 1 FROM pg_auth_members WHERE member = current_user::regrole") == []
        with pytest.raises(ProgrammingError, match="permission denied for schema"):
            run(f"SELECT * FROM {alpha.schema_name}.interactions_queue")
        with pytest.raises(ProgrammingError, match="does not exist"):
            list(Queue.objects.all())


@pytest.mark.services
def test_a_client_role_is_member_of_nothing_and_owns_nothing(alpha: Any) -> None:
    with enter(alpha.ref()):
        assert run("SELECT 1 FROM pg_auth_members WHERE member = current_user::regrole") == []
        assert run("SELECT 1 FROM pg_class WHERE relowner = current_user::regrole") == []


def test_a_polluted_session_is_clean_for_the_next_user_of_the_same_client(two: tuple[Any, Any]) -> None:
    alpha, _ = two
    with enter(alpha.ref()):
        run("SET search_path = pg_catalog")
        run("SET statement_timeout = 0")
    with enter(alpha.ref()):
        assert Queue.objects.count() == 1
        assert run("SHOW statement_timeout") == [("15s",)]


def test_the_identity_cannot_change_inside_a_transaction(two: tuple[Any, Any]) -> None:
    alpha, _ = two
    with transaction.atomic(), pytest.raises(TransactionManagementError, match="Read public facts before"):
        with enter(alpha.ref()):
            pass


def test_entering_a_second_client_inside_the_first_is_refused(two: tuple[Any, Any]) -> None:
    alpha, beta = two
    with enter(alpha.ref()), pytest.raises(RuntimeError, match="leave it before entering"):
        with enter(beta.ref()):
            pass


def test_outside_a_client_there_is_no_current_client(db: None) -> None:
    with pytest.raises(NoClient, match="No client is entered"):
        current_client()


def test_t08_an_exception_in_mid_transaction_ends_as_app_and_leaves_nothing(two: tuple[Any, Any]) -> None:
    alpha, beta = two
    with pytest.raises(ZeroDivisionError), enter(alpha.ref()), transaction.atomic():
        Queue.objects.create(key="half", name="half")
        1 / 0  # noqa: B018 - raised on purpose
    with pytest.raises(NoClient):
        current_client()
    with enter(beta.ref()):
        assert [queue.name for queue in Queue.objects.all()] == ["secret of beta"]
    with enter(alpha.ref()):
        assert not Queue.objects.filter(key="half").exists()


def test_t35_a_thread_without_a_request_starts_as_app(two: tuple[Any, Any]) -> None:
    alpha, _ = two
    seen: list[object] = []

    def body() -> None:
        try:
            seen.append(list(Queue.objects.all()))
        except ProgrammingError as error:
            seen.append(str(error))
        finally:
            connection.close()

    with enter(alpha.ref()):
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
    assert len(seen) == 1
    assert "does not exist" in str(seen[0])


def test_t35_a_thread_given_a_client_works_in_it(two: tuple[Any, Any]) -> None:
    _, beta = two
    seen: list[str] = []
    run_in_thread(beta.ref(), lambda: seen.extend(Queue.objects.values_list("name", flat=True))).join()
    assert seen == ["secret of beta"]


def test_t21_on_commit_runs_in_the_client_that_registered_it(two: tuple[Any, Any]) -> None:
    alpha, _ = two
    seen: list[str] = []
    with enter(alpha.ref()), transaction.atomic():
        on_commit(lambda: seen.append(current_client().key))
    assert seen == ["alpha"]


def test_t35_a_lazy_queryset_evaluated_after_leaving_raises(two: tuple[Any, Any]) -> None:
    alpha, _ = two
    with enter(alpha.ref()):
        lazy = Queue.objects.all()
    with pytest.raises(ProgrammingError, match="does not exist"):
        list(lazy)


@pytest.mark.services
def test_a_suspended_client_refuses_open_sessions_and_new_ones(gamma: Any) -> None:
    from django.utils import timezone

    from accounts.services import resume_client, suspend_client
    from bpo.actors import system

    ref = gamma.ref()
    ready, go, seen = threading.Event(), threading.Event(), []

    def body() -> None:
        try:
            with enter(ref):
                list(Queue.objects.all())
                ready.set()
                go.wait(10)
                list(Queue.objects.all())
        except DatabaseError as error:
            seen.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    ready.wait(10)
    suspend_client(client=gamma, reason="test", by=system("tests"), now=timezone.now())
    go.set()
    thread.join()
    assert len(seen) == 1
    assert "terminating connection" in seen[0]
    with pytest.raises(DatabaseError), enter(ref):
        list(Queue.objects.all())
    with pytest.raises(ClientUnavailable, match="suspended"), enter(gamma.ref()):
        pass
    resume_client(client=gamma, reason="test", by=system("tests"), now=timezone.now())
    with enter(gamma.ref()):
        assert Queue.objects.count() == 0


@pytest.mark.services
def test_a_dropped_client_fails_closed(gamma: Any) -> None:
    from bpo.tenancy.provisioning import drop

    ref = gamma.ref()
    with enter(ref):
        assert Queue.objects.count() == 0

    def forget() -> None:
        gamma.domains.all().delete()
        gamma.delete()

    drop(ref, forget)
    with pytest.raises(DatabaseError), enter(ref):
        list(Queue.objects.all())
    with as_owner():
        assert run(f"SELECT 1 FROM pg_namespace WHERE nspname = '{ref.schema}'") == []
        assert run(f"SELECT 1 FROM pg_roles WHERE rolname = '{ref.role}'") == []
