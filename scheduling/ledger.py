"""The work ledger as a client reaches it: four functions of public, called on the client's own connection."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, transaction

BOOK = "SELECT public.workforce_book(%s, %s, %s, %s, %s, %s)"
HOLD = "SELECT public.workforce_hold(%s)"
RELEASE = "SELECT public.workforce_release(%s)"
BUSY = """
SELECT asked.actor_id, found.starts, found.ends, found.own
FROM unnest(%s::uuid[]) AS asked(actor_id), LATERAL public.workforce_busy(asked.actor_id, %s, %s) AS found
"""


class Busy(Exception):
    """The person is taken then, or would not get their rest."""


class Unknown(Exception):
    """The actor has no employee behind their seat, so the ledger can't book them."""


@dataclass(frozen=True, slots=True)
class Block:
    """Time taken. `own` is this client's; another client's carries nothing but when."""

    start: datetime
    end: datetime
    own: bool


def hold(actor_ids: Iterable[UUID]) -> None:
    """Keep everybody else from writing these people's ledger until the transaction ends, and wait for who does.

    Called before several people are booked or released: all are held in one order, so no two can wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(actor_ids)])


def book(*, actor_id: UUID, start: datetime, end: datetime, business_date: date, zone: str, source: str) -> UUID:
    """Book one block and return its id. Raises Busy or Unknown; the caller's transaction stays usable."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BOOK, [actor_id, start, end, business_date, zone, source])
            [block] = cursor.fetchone() or [None]
    except IntegrityError as error:
        if str(error).startswith("busy"):
            raise Busy from error
        raise
    except DatabaseError as error:
        if "no such person here" in str(error):
            raise Unknown from error
        raise
    return UUID(str(block))


def release(block_id: UUID) -> bool:
    """Give a block of this client's back. False when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [block_id])
        [released] = cursor.fetchone() or [False]
    return bool(released)


def busy(actor_ids: Iterable[UUID], start: datetime, end: datetime) -> dict[UUID, list[Block]]:
    """What is taken of these people in that time, in one statement."""
    found: dict[UUID, list[Block]] = {actor_id: [] for actor_id in actor_ids}
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [list(found), start, end])
        for actor_id, starts, ends, own in cursor.fetchall():
            found[actor_id].append(Block(starts, ends, own))
    return found
