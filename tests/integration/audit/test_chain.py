"""The audit chains: written with the change, verified, and broken visibly by each kind of tampering."""

import io
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry, Head
from bpo.audit.services import record
from bpo.audit_writing import check
from bpo.tenancy.context import as_owner, enter
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


def test_concurrent_writers_keep_one_chain(alpha: Any) -> None:
    write(alpha)

    def work() -> None:
        try:
            write(alpha, 5)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(alpha) == (41, [])


def test_the_operators_chain_and_every_clients_verify(alpha: Any, beta: Any) -> None:
    write(alpha)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().splitlines() == [
        "operator: 2 lines, unbroken",
        "alpha: 1 lines, unbroken",
        "beta: 0 lines, unbroken",
    ]
