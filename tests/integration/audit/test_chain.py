"""The audit chains: written with the change, verified, and broken visibly by each kind of tampering."""

import io
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from bpo.actors import By, system
from bpo.audit.models import Entry, Head
from bpo.audit.services import record
from bpo.audit_writing import FIELDS, check
from bpo.chain import GENESIS, link
from bpo.ids import uuid7
from bpo.outbox.models import Job
from bpo.outbox.slots import tick
from bpo.tenancy.context import as_owner, enter
from console.heads import heads_file, note_heads
from interactions.models import Queue


def write(client: Any, times: int = 1) -> None:
    with enter(client.ref()):
        queue, _ = Queue.objects.get_or_create(key="voice", defaults={"name": "Voice"})
        for number in range(times):
            with transaction.atomic():
                record(
                    action="queue.touched", target=queue, by=system("tests"), now=timezone.now(), detail={"n": number}
                )


def verify(client: Any) -> tuple[int, list[str]]:
    with enter(client.ref()):
        lines, breaks = check(Entry, Head)
    return lines, [found.kind for found in breaks]


def test_a_line_outside_a_transaction_is_refused(alpha: Any) -> None:
    with enter(alpha.ref()):
        queue = Queue.objects.create(key="voice", name="Voice")
        with pytest.raises(RuntimeError, match="belongs to the transaction"):
            record(action="x", target=queue, by=system("tests"), now=timezone.now())


def test_a_change_rolled_back_leaves_no_line_and_no_gap(alpha: Any) -> None:
    write(alpha)
    with enter(alpha.ref()), pytest.raises(ZeroDivisionError), transaction.atomic():
        record(action="x", target=Queue.objects.get(), by=system("tests"), now=timezone.now())
        1 / 0  # noqa: B018 - raised on purpose
    write(alpha)
    assert verify(alpha) == (2, [])


@pytest.mark.services
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE {s}.audit_entry SET detail = '{{\"n\": 9}}' WHERE seq = 2", "changed"),
        ("DELETE FROM {s}.audit_entry WHERE seq = 2", "removed"),
        ("UPDATE {s}.audit_entry SET seq = CASE seq WHEN 2 THEN 1003 ELSE 1002 END WHERE seq IN (2, 3);"
         "UPDATE {s}.audit_entry SET seq = seq - 1000 WHERE seq > 1000", "changed"),
        ("DELETE FROM {s}.audit_entry WHERE seq = 4", "truncated"),
    ],
    ids=["changed", "removed", "swapped", "truncated"],
)  # fmt: skip
def test_tampering_past_the_grants_is_found(alpha: Any, statement: str, kind: str) -> None:
    write(alpha, 4)
    assert verify(alpha) == (4, [])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement.format(s=alpha.schema_name))
    assert kind in verify(alpha)[1]
    with pytest.raises(CommandError, match="don't hold"):
        call_command("verify_audit", "--client", "alpha", stdout=io.StringIO())


def test_fifty_concurrent_writers_keep_one_chain(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on a connection of its own. They queue on the head, so the last waits for all the others."""
    monkeypatch.setattr(settings, "LOCK_TIMEOUT_MS", 60_000)
    write(alpha)
    failed: list[BaseException] = []
    together = threading.Barrier(50)

    def work() -> None:
        try:
            with enter(alpha.ref()):
                connection.ensure_connection()
                together.wait(60)
            write(alpha, 4)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert verify(alpha) == (201, [])


def rewritten(client: Any, statement: str) -> None:
    """What a superuser can do: change the lines, make every hash anew, and the head with them."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement.format(s=client.schema_name))
        cursor.execute(f"SELECT {', '.join(FIELDS)} FROM {client.schema_name}.audit_entry ORDER BY seq")
        before, last = GENESIS, 0
        for row in cursor.fetchall():
            entry = dict(zip(FIELDS, row, strict=True))
            entry["detail"] = json.loads(entry["detail"]) if isinstance(entry["detail"], str) else entry["detail"]
            after = link(before, entry)
            cursor.execute(
                f"UPDATE {client.schema_name}.audit_entry SET prev_hash = %s, hash = %s WHERE seq = %s",
                [before, after, entry["seq"]],
            )
            before, last = after, entry["seq"]
        cursor.execute(f"UPDATE {client.schema_name}.audit_head SET seq = %s, hash = %s", [last, before])


@pytest.mark.services
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {s}.audit_entry SET detail = '{{\"n\": 9}}' WHERE seq = 2",
        "DELETE FROM {s}.audit_entry WHERE seq = 4",
    ],
    ids=["changed", "truncated"],
)
@pytest.mark.parametrize("kept", ["the table", "the file"])
def test_a_chain_made_anew_with_its_head_is_found_by_an_end_kept_elsewhere(
    alpha: Any, statement: str, kept: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    write(alpha, 4)
    assert note_heads(now=timezone.now()) == 2
    call_command("verify_audit", "--client", "alpha", stdout=io.StringIO())
    rewritten(alpha, statement)
    assert verify(alpha)[1] == []  # by itself it holds
    if kept == "the table":
        heads_file().unlink()
    else:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM ops_audit_headcopy")
    out = io.StringIO()
    with pytest.raises(CommandError, match="don't hold"):
        call_command("verify_audit", "--client", "alpha", stdout=out)
    assert "line 4: truncated" in out.getvalue()


def test_a_clients_role_reaches_no_end_kept_elsewhere(alpha: Any) -> None:
    with enter(alpha.ref()), connection.cursor() as cursor:
        for verb in ("SELECT 1 FROM", "DELETE FROM"):
            with pytest.raises(ProgrammingError, match="permission denied for table ops_audit_headcopy"):
                cursor.execute(f"{verb} public.ops_audit_headcopy")


def test_the_tick_keeps_the_ends_once_an_hour(alpha: Any) -> None:
    now = datetime(2026, 3, 1, 10, 20, tzinfo=UTC)
    for minutes in (0, 20, 39):
        tick(now=now + timedelta(minutes=minutes))
    assert Job.objects.filter(kind="console.note_heads").count() == 1
    tick(now=now + timedelta(minutes=40))
    assert Job.objects.filter(kind="console.note_heads", client=None).count() == 2


def test_a_persons_name_is_in_no_line(alpha: Any) -> None:
    with enter(alpha.ref()), transaction.atomic():
        queue = Queue.objects.create(key="voice", name="Voice")
        by = By("person", "Maricel Santos", actor_id=uuid7())
        line = record(action="queue.touched", target=queue, by=by, now=timezone.now())
    assert (line.actor_name, line.actor_id) == ("", by.actor_id)


def test_the_operators_chain_and_every_clients_verify(alpha: Any, beta: Any) -> None:
    write(alpha)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().splitlines() == [
        "operator: 2 lines, unbroken",
        "alpha: 1 lines, unbroken",
        "beta: 0 lines, unbroken",
    ]
