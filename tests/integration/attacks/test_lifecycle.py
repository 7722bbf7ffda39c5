"""Attacks on a client's life: jobs and ticks of clients that are not served, and deletion and restore gone wrong."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client
from accounts.services import resume_client, suspend_client
from bpo.actors import system
from bpo.marker.models import Marker
from bpo.outbox import registry, slots
from bpo.outbox.execution import execute
from bpo.outbox.models import Job, Slot
from bpo.outbox.relay import relay_once
from bpo.outbox.services import enqueue
from bpo.tenancy.context import as_owner, current_client, enter, inside_client
from console.exports import write_export
from console.lives import ask
from console.models import Change
from interactions.models import Queue

RAN: list[str] = []


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    registry.load()
    RAN.clear()

    def work(**_: Any) -> None:
        Queue.objects.create(key=f"q{len(RAN)}", name="made by a job")
        RAN.append(current_client().key)

    note = registry.Kind("attack.note", "client", "default", 8, None, work)
    monkeypatch.setitem(registry.KINDS, "attack.note", note)


def add(client: Client) -> UUID:
    with enter(client.ref()), transaction.atomic():
        enqueue(kind="attack.note", dedupe_key=f"attack:{client.key}")
    return Job.objects.get(kind="attack.note", client=client).pk


def public_tables() -> dict[str, int]:
    """Rows of each public table that work of a client could have landed in."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND relname NOT IN ('outbox_job')"
        )
        names = [row[0] for row in cursor.fetchall()]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM public."{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def suspended(client: Client) -> None:
    suspend_client(client=client, reason="test", by=system("tests"), now=timezone.now())


@pytest.mark.services
def test_t19_a_worker_last_used_by_b_runs_as_job_in_a(alpha: Any, beta: Any) -> None:
    before = public_tables()
    assert [execute(add(beta), "attack.note"), execute(add(alpha), "attack.note")] == ["done", "done"]
    assert RAN == ["beta", "alpha"]
    assert not inside_client()
    assert public_tables() == before


@pytest.mark.services
def test_t19_work_of_a_suspended_client_waits_and_is_taken_up_after_it(alpha: Any, gamma: Any) -> None:
    waiting = add(gamma)
    suspended(gamma)
    before = public_tables()
    for _again in range(20):  # far more than its attempts: being suspended uses none up
        assert execute(waiting, "attack.note") == "ready"
    assert RAN == []
    assert relay_once(send=lambda *_: None) == 0
    assert public_tables() == before
    resume_client(client=gamma, reason="test", by=system("tests"), now=timezone.now())
    sent: list[UUID] = []
    relay_once(send=lambda ident, kind: sent.append(ident))
    assert sent == [waiting]
    assert execute(waiting, "attack.note") == "done"
    assert RAN == ["gamma"]


@pytest.mark.services
def test_t19_work_of_a_dropped_client_is_dead_and_touches_nothing(gamma: Any) -> None:
    first = add(gamma)
    with as_owner():
        Client.objects.filter(pk=gamma.pk).update(status="trashed", drops_at=timezone.now())
        Client.objects.filter(pk=gamma.pk).update(status="dropped", drops_at=None)
    before = public_tables()
    assert execute(first, "attack.note") == "dead"
    assert Job.objects.get(pk=first).last_error == "The client is gone."
    assert RAN == []
    assert public_tables() == before


@pytest.mark.services
def test_t19_a_renamed_client_is_found_by_its_id(gamma: Any) -> None:
    first = add(gamma)
    Client.objects.filter(pk=gamma.pk).update(key="delta", name="Delta")
    assert execute(first, "attack.note") == "done"
    assert RAN == ["delta"]


@pytest.mark.services
def test_t23_a_tick_over_two_hundred_clients_claims_one_slot_each(
    alpha: Any, gamma: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them raises, one is suspended, one is opened meanwhile: the others get their slot, once."""
    monkeypatch.setattr(slots, "HOURLY", [])
    monkeypatch.setattr(slots, "WEEKLY", [])
    monkeypatch.setattr(slots, "DAILY", [slots.Daily("attack.note", slots.time(0, 0))])
    many = 200
    with as_owner():
        Client.objects.bulk_create(
            Client(
                key=f"many-{n}", name=f"Many {n}", zone="UTC", created_at=timezone.now(),
                schema_name=f"c_{''.join(chr(97 + int(d)) for d in f'{n:012d}')}", role_name=f"bpotests_many_{n}",
            )
            for n in range(many)
        )  # fmt: skip
    suspended(gamma)
    raising, ninth = Client.objects.get(key="many-7"), Client.objects.get(key="many-9")

    def claim(kind: str, client_id: Any, slot: str, real: Any = slots._claim) -> int:
        if client_id == raising.pk:
            raise RuntimeError("this one breaks")
        if client_id == ninth.pk and not Client.objects.filter(key="meanwhile").exists():
            with as_owner():
                Client.objects.create(
                    key="meanwhile", name="Meanwhile", zone="UTC", created_at=timezone.now(),
                    schema_name="c_zzzzzzzzzzzz", role_name="bpotests_meanwhile",
                )  # fmt: skip
        return int(real(kind, client_id, slot))

    monkeypatch.setattr(slots, "_claim", claim)
    now = timezone.now()
    first = slots.tick(now=now)
    second = slots.tick(now=now + timedelta(seconds=30))
    assert first == Client.objects.filter(status="active").count() - 2  # the one that raises, the one made meanwhile
    assert second == 1
    claimed = Slot.objects.filter(name="attack.note")
    assert claimed.count() == claimed.values("client").distinct().count() == first + second
    assert not claimed.filter(client__in=[gamma.pk, raising.pk]).exists()
    assert Job.objects.filter(kind="attack.note").count() == first + second


@pytest.mark.services
@pytest.mark.parametrize("typed", ["", "gamm", "GAMMA", "Gamma", "alpha", "gamma "])
def test_t34_a_client_is_not_deleted_by_a_wrong_confirmation(alpha: Any, gamma: Any, typed: str) -> None:
    with pytest.raises(Refused, match="not the client's key"):
        ask(client=gamma, kind="trash", reason="x", typed=typed, by=system("tests"), now=timezone.now())
    with pytest.raises(CommandError, match="not the client's key"):
        call_command("delete_client", client="gamma", reason="x", confirm=typed)
    assert not Change.objects.exists()
    assert set(Client.objects.values_list("key", "status")) >= {("alpha", "active"), ("gamma", "active")}


@pytest.mark.services
def test_t34_an_export_of_a_is_not_restored_into_b(alpha: Any, gamma: Any, tmp_path: Path) -> None:
    with enter(gamma.ref()):
        Queue.objects.create(key="mine", name="gamma's")
    write_export(alpha, tmp_path / "a.zip", now=timezone.now())
    suspended(gamma)
    with pytest.raises(CommandError, match="another client's; nothing was changed"):
        call_command("restore_client", str(tmp_path / "a.zip"), into="gamma")
    with as_owner(gamma.schema_name):
        assert list(Queue.objects.values_list("name", flat=True)) == ["gamma's"]


@pytest.mark.services
def test_t34_a_schema_marked_as_anothers_is_not_restored_into(alpha: Any, gamma: Any, tmp_path: Path) -> None:
    """The row in public may be wrong, by hand or by a bad backup: what the schema says of itself counts too."""
    write_export(gamma, tmp_path / "g.zip", now=timezone.now())
    suspended(gamma)
    with as_owner(gamma.schema_name):
        Marker.objects.update(client_id=alpha.pk)
        Queue.objects.create(key="theirs", name="alpha's")
    with pytest.raises(CommandError, match="another client's; nothing was changed"):
        call_command("restore_client", str(tmp_path / "g.zip"), into="gamma")
    with as_owner(gamma.schema_name):
        assert list(Queue.objects.values_list("name", flat=True)) == ["alpha's"]
