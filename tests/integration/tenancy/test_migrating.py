"""Many clients migrated: one tries first, a failure stays with its client and is written down, locks are waited for."""

import importlib
import io
import threading
import time
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bpo.tenancy import migrating
from bpo.tenancy.collected import run_migrations
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.migrating import behind, migrate_clients
from bpo.tenancy.models import SchemaState
from bpo.tenancy.pending import recorded_by, wanted
from bpo.tenancy.provisioning import execute
from tests.integration.tenancy.setting_back import marked, set_back
from tests.integration.tenancy.test_catalogue import granted

MOVES = importlib.import_module("tests.integration.tenancy.moving.migrations.0002_moves_data")


def outcomes(clients: list[Any], **more: Any) -> list[tuple[str, int, bool, bool]]:
    found = migrate_clients([client.ref() for client in clients], **more)
    return [(one.client.key, one.applied, not one.problem, one.tried) for one in found]


def block(client: Any) -> None:
    """Something in the way of the marker's table."""
    with as_owner(client.schema_name):
        execute(["CREATE TABLE marker_marker (id int)"])


def test_what_is_wanted_is_what_the_loader_finds(db: None) -> None:
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    assert wanted() == {node for node in graph.nodes if node[0] in labels}


@pytest.mark.services
def test_the_check_is_one_statement_for_fifty_clients(alpha: Any, beta: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert behind([alpha.ref(), beta.ref()] * 25) == {}
    assert len([one for one in captured if "UNION ALL" in one["sql"]]) == 1
    assert len(captured) == 2
    set_back([beta])
    assert behind([alpha.ref(), beta.ref()]) == {beta.ref(): 1}


@pytest.mark.services
def test_sql_made_on_the_first_is_replayed_on_the_rest(
    alpha: Any, beta: Any, gamma: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [alpha, beta, gamma]
    grants = granted(beta.role_name, beta.schema_name)
    set_back(clients)
    runs: list[int] = []
    monkeypatch.setattr(migrating, "run_migrations", lambda: runs.append(1) or run_migrations())
    assert outcomes(clients) == [("alpha", 1, True, True), ("beta", 1, True, True), ("gamma", 1, True, True)]
    assert runs == [1]
    assert granted(beta.role_name, beta.schema_name) == grants
    assert [marked(client) for client in clients] == [1, 1, 1]
    with enter(beta.ref()), connection.cursor() as cursor:
        cursor.execute("SELECT client_id FROM marker_marker")
        assert cursor.fetchone() == (beta.pk,)


@pytest.mark.services
def test_when_the_canary_fails_nobody_else_is_touched(alpha: Any, beta: Any, gamma: Any) -> None:
    set_back([alpha, beta, gamma])
    block(beta)
    assert outcomes([alpha, beta, gamma], canary="beta") == [
        ("beta", 0, False, True), ("alpha", 0, True, False), ("gamma", 0, True, False),
    ]  # fmt: skip
    assert recorded_by([alpha.ref()])[alpha.ref()] == wanted() - {("marker", "0001_initial")}
    assert "already exists" in SchemaState.objects.get(client_id=beta.pk).problem


@pytest.mark.services
def test_one_failure_stops_that_client_only_and_the_command_says_so(alpha: Any, beta: Any, gamma: Any) -> None:
    set_back([alpha, beta, gamma])
    block(beta)
    errors = io.StringIO()
    with pytest.raises(CommandError, match="Not migrated: beta") as refused:
        call_command("migrate", verbosity=0, stderr=errors, stdout=io.StringIO())
    assert refused.value.returncode == 1
    assert 'beta: not migrated: relation "marker_marker" already exists' in errors.getvalue()
    assert [marked(alpha), marked(gamma)] == [1, 1]
    with pytest.raises(SystemExit):
        call_command("migrate", check_unapplied=True, verbosity=0, stdout=io.StringIO())
    with as_owner(beta.schema_name):
        execute(["DROP TABLE marker_marker"])
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    assert marked(beta) == 1
    assert SchemaState.objects.get(client_id=beta.pk).problem == ""


@pytest.mark.services
def test_a_data_migration_runs_on_each_client_by_itself(
    alpha: Any, beta: Any, gamma: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MIGRATION_MODULES", {"marker": MOVES.__package__})
    monkeypatch.setattr(MOVES, "SEEN", [])
    monkeypatch.setattr(MOVES, "FAILS", {beta.pk})
    assert outcomes([alpha, beta, gamma]) == [
        ("alpha", 1, True, True), ("beta", 0, False, True), ("gamma", 1, True, True),
    ]  # fmt: skip
    assert [alpha.pk, gamma.pk] == MOVES.SEEN
    assert SchemaState.objects.get(client_id=beta.pk).problem == "a row nobody thought of"
    MOVES.FAILS.clear()
    assert outcomes([alpha, beta, gamma]) == [
        ("alpha", 0, True, True), ("beta", 1, True, True), ("gamma", 0, True, True),
    ]  # fmt: skip


@pytest.mark.services
def test_a_lock_somebody_holds_is_waited_for_a_little(alpha: Any, beta: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrating, "PAUSE", 0.05)
    set_back([alpha, beta])
    with psycopg.connect(**migrating._owner_parameters()) as other:
        other.execute(f"LOCK TABLE {beta.schema_name}.django_migrations IN SHARE MODE")
        assert outcomes([alpha, beta]) == [("alpha", 1, True, True), ("beta", 0, False, True)]
        assert "lock timeout" in SchemaState.objects.get(client_id=beta.pk).problem
        held = threading.Thread(target=lambda: (time.sleep(0.3), other.rollback()))
        held.start()
        assert outcomes([alpha, beta]) == [("alpha", 0, True, True), ("beta", 1, True, True)]
        held.join()


@pytest.mark.services
def test_a_schema_that_is_gone_is_told_and_stops_nobody(alpha: Any, beta: Any) -> None:
    with as_owner():
        execute([f"DROP SCHEMA {alpha.schema_name} CASCADE"])
    assert outcomes([beta, alpha]) == [("beta", 0, True, True), ("alpha", 0, False, True)]
    assert SchemaState.objects.get(client_id=alpha.pk).problem == migrating.MISSING


@pytest.mark.services
def test_grants_are_set_again_when_public_changed_or_somebody_asks(alpha: Any) -> None:
    with as_owner():
        execute([f"REVOKE ALL ON workforce_my_people FROM {alpha.role_name}"])
    call_command("migrate", verbosity=0, grants=True, stdout=io.StringIO())
    assert granted(alpha.role_name, "public") == {"outbox_job": {"INSERT"}, "workforce_my_people": {"SELECT"}}


def test_public_notes_what_clients_apps_migrate_and_runs_none_of_it(
    alpha: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.migrations.migration.Migration.apply", forbidden)
    with as_owner():
        execute(["DELETE FROM django_migrations WHERE app IN ('qa', 'scheduling')"])
        assert not recorded_in_public() & {("qa", "0001_initial"), ("scheduling", "0001_initial")}
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    with as_owner():
        assert wanted() <= recorded_in_public()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE ANY (%s)",
                [["qa\\_%", "scheduling\\_%"]],
            )
            assert cursor.fetchall() == []


def forbidden(*_: Any, **__: Any) -> None:
    raise AssertionError("a migration ran")


def recorded_in_public() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM public.django_migrations")
        return {(app, name) for app, name in cursor.fetchall()}


def test_an_unknown_canary_is_refused(alpha: Any) -> None:
    with pytest.raises(CommandError, match="there is no client 'nobody'") as refused:
        call_command("migrate", verbosity=0, canary="nobody")
    assert refused.value.returncode == 2
