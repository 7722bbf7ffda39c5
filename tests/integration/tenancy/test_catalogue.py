"""What the database says of itself: schemas, grants, functions."""

from typing import Any

import pytest
from django.db import connection

from bpo.data_classes import PRIVILEGES, data_class_of, models_of
from bpo.tenancy.collected import run_migrations
from bpo.tenancy.context import as_app, as_owner
from bpo.tenancy.migrating import migrate_clients, recorded_by, wanted
from bpo.tenancy.provisioning import execute


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def catalogue(schema: str) -> dict[str, list[tuple[Any, ...]]]:
    """Columns, constraints, indexes and sequences of a schema, its name taken out."""
    with as_owner():
        found = {
            "columns": rows(
                "SELECT table_name, column_name, ordinal_position, data_type, is_nullable, column_default, is_identity, "
                f"character_maximum_length FROM information_schema.columns WHERE table_schema = '{schema}' ORDER BY 1, 3"
            ),
            "constraints": rows(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                f"WHERE connamespace = '{schema}'::regnamespace ORDER BY 1, 2"
            ),
            "indexes": rows(
                f"SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = '{schema}' ORDER BY 1, 2"
            ),
            "sequences": rows(f"SELECT sequencename FROM pg_sequences WHERE schemaname = '{schema}' ORDER BY 1"),
            "migrations": rows(f"SELECT app, name FROM {schema}.django_migrations ORDER BY id"),
        }
    return {
        name: [tuple(str(cell).replace(f"{schema}.", "") for cell in row) for row in lines]
        for name, lines in found.items()
    }


@pytest.mark.services
def test_a_migrated_schema_equals_one_made_from_the_collected_sql(alpha: Any) -> None:
    with as_owner("migrated_plainly"):
        execute(["CREATE SCHEMA migrated_plainly"])
        run_migrations()
    assert catalogue("migrated_plainly") == catalogue(alpha.schema_name)


def test_a_new_client_has_nothing_left_to_migrate(alpha: Any, beta: Any) -> None:
    clients = [alpha.ref(), beta.ref()]
    assert set(recorded_by(clients).values()) == {wanted()}
    assert [outcome.applied for outcome in migrate_clients(clients)] == [0, 0]


@pytest.mark.services
def test_no_table_is_in_public_and_in_a_client(alpha: Any) -> None:
    with as_owner():
        both = rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' "
            f"INTERSECT SELECT tablename FROM pg_tables WHERE schemaname = '{alpha.schema_name}'"
        )
    assert both == []


@pytest.mark.services
def test_no_foreign_key_crosses_schemas(db: None) -> None:
    with as_owner():
        crossing = rows(
            "SELECT conname FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid "
            "JOIN pg_class b ON b.oid = c.confrelid WHERE contype = 'f' AND a.relnamespace <> b.relnamespace"
        )
    assert crossing == []


def granted(role: str, schema: str) -> dict[str, set[str]]:
    with as_owner():
        found = rows(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            f"WHERE grantee = '{role}' AND table_schema = '{schema}'"
        )
    held: dict[str, set[str]] = {}
    for table, privilege in found:
        held.setdefault(table, set()).add(privilege)
    return held


@pytest.mark.services
def test_a_clients_grants_are_those_of_the_data_classes(alpha: Any) -> None:
    expected = {model._meta.db_table: set(PRIVILEGES[data_class_of(model).grants]) for model in models_of("client")}  # type: ignore[union-attr]
    assert granted(alpha.role_name, alpha.schema_name) == {table: verbs for table, verbs in expected.items() if verbs}


@pytest.mark.services
def test_in_public_a_client_holds_the_outbox_insert_and_the_people_view_alone(alpha: Any) -> None:
    assert granted(alpha.role_name, "public") == {"outbox_job": {"INSERT"}, "workforce_my_people": {"SELECT"}}


@pytest.mark.services
def test_the_grants_of_app_are_those_of_the_data_classes(db: None) -> None:
    from bpo.tenancy.identities import app_identity

    expected = {model._meta.db_table: set(PRIVILEGES[data_class_of(model).grants]) for model in models_of("public")}  # type: ignore[union-attr]
    held = granted(app_identity().role, "public")
    assert held.pop("django_migrations") == {"SELECT"}
    assert held == expected


@pytest.mark.services
def test_t31_every_definer_function_fixes_its_path_and_is_closed_to_the_public(db: None) -> None:
    with as_owner():
        functions = rows(
            "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc "
            "WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
    assert [name for name, _, _ in functions] == [
        "bpo_client_id",
        "workforce_book",
        "workforce_busy",
        "workforce_hold",
        "workforce_release",
    ]
    for name, config, everybody in functions:
        assert config == ["search_path=pg_catalog, public, pg_temp"], name
        assert everybody is False, name


@pytest.mark.services
def test_a_clone_has_the_same_access_list_as_a_deployment(template: list[str], db: None) -> None:
    with as_app():
        [acl] = rows(
            "SELECT has_database_privilege('public', current_database(), 'CONNECT'), "
            "has_database_privilege('public', current_database(), 'TEMPORARY')"
        )
    assert acl == (False, False)
