"""Ready schemas: filled in the background, claimed whole or not at all, never stale and never twice."""

import threading
import uuid
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import Client, Domain
from accounts.services import clients, open_client
from bpo.actors import system
from bpo.data_classes import PRIVILEGES, data_class_of, models_of
from bpo.marker.models import Marker
from bpo.marker.services import WrongMarker, mark, marked_as
from bpo.ops_audit.models import Entry
from bpo.tenancy import pool
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.models import ReadySchema, SchemaState
from bpo.tenancy.pool import keep_filled
from bpo.tenancy.provisioning import execute
from bpo.tenancy.secrets import password_for
from tests.integration.tenancy.test_catalogue import catalogue, granted

STEPS = ("login", "mark", "note_current")


@pytest.fixture
def sized(monkeypatch: pytest.MonkeyPatch) -> Any:
    def change(size: int) -> None:
        monkeypatch.setattr(settings, "POOL_SIZE", size)

    return change


def fill() -> int:
    steps = 0
    while keep_filled():
        steps += 1
    return steps


def opened(key: str = "acme", **more: Any) -> Client:
    return open_client(key=key, name="Acme", zone="UTC", by=system("tests"), now=timezone.now(), **more)


def places() -> tuple[list[Any], ...]:
    """Schemas, roles with their leave to log in, and rows that say who has which."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'c\\_%' ORDER BY 1")
        schemas = cursor.fetchall()
        cursor.execute(  # of this database: tests beside this one make roles too
            "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname LIKE 'bpotests\\_c\\_%'"
            " AND has_database_privilege(oid, current_database(), 'CONNECT') ORDER BY 1"
        )
        roles = cursor.fetchall()
    rows: list[Any] = [model.objects.count() for model in (Client, Domain, Entry, SchemaState)]
    return schemas, roles, rows, list(ReadySchema.objects.order_by("pk").values_list("pk", "digest"))


@pytest.mark.services
def test_the_pool_is_filled_one_a_turn_and_no_further(db: None, sized: Any) -> None:
    sized(2)
    assert [keep_filled(), keep_filled(), keep_filled()] == [True, True, False]
    assert ReadySchema.objects.count() == 2
    sized(1)
    assert fill() == 1
    assert ReadySchema.objects.count() == 1
    sized(0)
    assert fill() == 1
    assert [schema for (schema,) in places()[0]] == sorted(Client.objects.values_list("schema_name", flat=True))


@pytest.mark.services
def test_nobody_can_log_in_to_a_ready_schema(db: None, sized: Any) -> None:
    sized(1)
    fill()
    ready = ReadySchema.objects.get()
    found = settings.DATABASES["default"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [ready.role_name])
        assert cursor.fetchone() == (False,)
    # A server that asks for passwords says no before it looks at that.
    with pytest.raises(psycopg.OperationalError, match=r"not permitted to log in|password authentication failed"):
        psycopg.connect(
            dbname=found["NAME"], host=found["HOST"], port=found["PORT"] or None, user=ready.role_name,
            password=password_for(ready.role_name),
        )  # fmt: skip


@pytest.mark.services
def test_opening_claims_a_ready_schema_whole(alpha: Any, sized: Any) -> None:
    sized(1)
    fill()
    ready = ReadySchema.objects.get()
    client = opened()
    assert (client.schema_name, client.role_name) == (ready.schema_name, ready.role_name)
    assert ReadySchema.objects.count() == 0
    assert catalogue(client.schema_name)["constraints"] == catalogue(alpha.schema_name)["constraints"]
    expected = {model._meta.db_table: set(PRIVILEGES[data_class_of(model).grants]) for model in models_of("client")}  # type: ignore[union-attr]
    assert granted(client.role_name, client.schema_name) == {table: verbs for table, verbs in expected.items() if verbs}
    with enter(client.ref()):
        assert marked_as() == client.pk
    assert SchemaState.objects.filter(client_id=client.pk, problem="").exists()


@pytest.mark.services
def test_an_empty_pool_falls_back_to_the_collected_sql(db: None) -> None:
    client = opened()
    with enter(client.ref()):
        assert marked_as() == client.pk


@pytest.mark.services
def test_a_stale_schema_is_replaced_and_never_claimed(db: None, sized: Any) -> None:
    sized(1)
    fill()
    old = ReadySchema.objects.get().schema_name
    with as_owner():
        ReadySchema.objects.update(digest="made of something else")
    assert opened().schema_name != old
    assert fill() == 2  # one dropped, one made
    new = ReadySchema.objects.get()
    assert new.digest == pool.current_digest()
    assert old not in [schema for (schema,) in places()[0]]
    pool.distrust_all()
    assert opened("later").schema_name != new.schema_name


@pytest.mark.services
def test_two_claimers_never_get_the_same(db: None, sized: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sized(2)
    fill()
    ready = set(ReadySchema.objects.values_list("pk", flat=True))
    gate = threading.Barrier(2)
    got: list[str] = []

    def once_both_have_one(schema: str, client_id: uuid.UUID) -> None:
        gate.wait(10)
        mark(schema, client_id)

    monkeypatch.setattr(pool, "mark", once_both_have_one)

    def claim(number: int) -> None:
        try:
            got.append(opened(f"c{number}").schema_name)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == ready


@pytest.mark.services
@pytest.mark.parametrize("step", [*STEPS, "save", "domain", "record", "also"])
@pytest.mark.parametrize("size", [1, 0])
def test_an_opening_that_fails_at_any_step_leaves_nothing(
    db: None, sized: Any, monkeypatch: pytest.MonkeyPatch, step: str, size: int
) -> None:
    sized(size)
    fill()
    before = places()

    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError(step)

    if step in STEPS:
        module = pool if size or step != "login" else __import__("bpo.tenancy.provisioning", fromlist=["login"])
        monkeypatch.setattr(module, step, fail)
    elif step == "save":
        monkeypatch.setattr(Client, "save", fail)
    elif step == "domain":
        monkeypatch.setattr(Domain.objects, "bulk_create", fail)
    elif step == "record":
        monkeypatch.setattr(clients, "record", fail)
    with pytest.raises(ZeroDivisionError):
        opened(also=fail if step == "also" else lambda client: None)
    assert places() == before


@pytest.mark.services
def test_a_ready_schema_somebody_spoiled_is_put_aside(db: None, sized: Any) -> None:
    sized(1)
    fill()
    spoiled = ReadySchema.objects.get().schema_name
    with as_owner():
        execute([f"DROP TABLE {spoiled}.marker_marker"])
    assert opened().schema_name != spoiled
    assert ReadySchema.objects.get().digest == ""
    fill()
    assert spoiled not in [schema for (schema,) in places()[0]]


@pytest.mark.services
def test_the_app_reads_the_pool_and_a_client_does_not(alpha: Any) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ReadySchema.objects.create(schema_name="c_" + "a" * 12, role_name="x", made_at=timezone.now())
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        SchemaState.objects.update(problem="")
    for model in (ReadySchema, SchemaState):
        with enter(alpha.ref()), pytest.raises(ProgrammingError, match="permission denied"):
            model.objects.count()


@pytest.mark.services
def test_the_marker_is_one_row_that_the_client_can_not_change(alpha: Any) -> None:
    for statement in ("UPDATE marker_marker SET client_id = %s", "INSERT INTO marker_marker VALUES (false, %s, now())"):
        with enter(alpha.ref()), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission"):
            cursor.execute(statement, [uuid.uuid4()])
    with as_owner(alpha.schema_name), pytest.raises(IntegrityError, match="marker_is_one_row"):
        Marker.objects.create(single=False, client_id=alpha.pk, marked_at=timezone.now())
    with as_owner(), pytest.raises(WrongMarker, match="another client's"):
        mark(alpha.schema_name, uuid.uuid4())


@pytest.mark.services
@pytest.mark.parametrize(("schema", "digest"), [("public", "x"), ("c_SHOUTINGABCD", "x"), ("c_short", "x")])
def test_the_database_holds_what_a_ready_schema_is_called(db: None, schema: str, digest: str) -> None:
    with as_owner(), pytest.raises(DatabaseError, match="ready_schema_is_opaque"):
        ReadySchema.objects.create(schema_name=schema, role_name="x", digest=digest, made_at=timezone.now())
