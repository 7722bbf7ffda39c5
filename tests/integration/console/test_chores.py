"""The provisioner's turn over its chores: one that fails costs its own turn and nothing else."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bpo.tenancy.context import as_owner
from bpo.tenancy.identities import app_identity
from console.chores import look


def who() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize("error", [DatabaseError("the server went away"), ValueError("a mistake of ours")])
def test_a_chore_that_fails_stops_no_other(db: None, error: Exception) -> None:
    done: list[str] = []

    def failing() -> bool:
        with as_owner(), transaction.atomic():
            raise error

    def leaving_a_transaction_open() -> bool:
        with as_owner():
            transaction.atomic().__enter__()
            raise error

    def working() -> bool:
        done.append(who())
        return len(done) < 2

    assert look((failing, leaving_a_transaction_open, working)) is True
    assert look((failing, working)) is False
    assert done == [app_identity().role] * 2


def test_every_chore_has_its_turn_in_one_look(db: None) -> None:
    turns: list[int] = []

    def chore(number: int, found: bool) -> Any:
        def run() -> bool:
            turns.append(number)
            return found

        return run

    assert look((chore(1, True), chore(2, False), chore(3, True))) is True
    assert turns == [1, 2, 3]
