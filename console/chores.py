"""What the provisioner does, one chore after the other, for ever. Whatever needs the owner is a chore here.

A chore takes one thing that waits, does it and says whether there was one. It holds no state and expects to be killed:
what it does is a row's end in one transaction, so that the next look starts over.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog
from django.db import DatabaseError, connection

from bpo.tenancy.context import leave_all
from bpo.tenancy.pool import keep_filled
from console import deletions, erasures, exports, lives, person_exports, retention
from console.openings import carry_out, next_asked

log = structlog.get_logger("console.provisioner")
Chore = Callable[[], bool]


def open_asked() -> bool:
    """Open the client that waits longest."""
    opening = next_asked()
    if opening is None:
        return False
    started = time.monotonic()
    opened = carry_out(opening, now=datetime.now(UTC))
    log.info("opening", key=opening.key, opened=opened, seconds=round(time.monotonic() - started, 3))
    return True


def change_asked() -> bool:
    """Carry out the change in a client's life that waits longest."""
    change = lives.next_asked()
    if change is None:
        return False
    started = time.monotonic()
    done = lives.carry_out(change, now=datetime.now(UTC))
    seconds = round(time.monotonic() - started, 3)
    log.info("change", client=change.client.key, kind=change.kind, done=done, seconds=seconds)
    return True


def erase_asked() -> bool:
    """Erase the person whose erasure waits longest."""
    return erasures.carry_out_next(now=datetime.now(UTC))


def end_kept_too_long() -> bool:
    """One batch of a client's data that is past its term."""
    return retention.carry_on(now=datetime.now(UTC))


def drop_due() -> bool:
    """Ask for the deletion whose grace ended first."""
    return deletions.ask_due(now=datetime.now(UTC))


def remove_old_exports() -> bool:
    """Take away exports that can't be downloaded any more."""
    now = datetime.now(UTC)
    people = person_exports.remove_expired(now=now)
    return exports.remove_expired(now=now) or people


# People who wait come first; what is made in advance comes last.
CHORES: Final[tuple[Chore, ...]] = (
    open_asked,
    change_asked,
    erase_asked,
    drop_due,
    remove_old_exports,
    end_kept_too_long,
    keep_filled,
)
REST = 2.0  # seconds a chore that failed sits out, so that a lasting fault fills no log
_resting: dict[str, float] = {}


def look(chores: tuple[Chore, ...] = CHORES) -> bool:
    """Every chore once; True when one had something to do. An error ends that chore's turn, not the others'."""
    worked = [attempt(chore) for chore in chores]  # a list: nobody's turn depends on who came before
    return any(worked)


def attempt(chore: Chore) -> bool:
    """One turn of a chore, which ends as `app` outside any transaction whatever happened in it."""
    if _resting.get(chore.__name__, 0) > time.monotonic():
        return False
    try:
        return chore()
    except DatabaseError as error:
        log.warning("provisioner waits", chore=chore.__name__, error=str(error)[:300])
        leave_all()
        connection.close()  # the server may be gone: the next chore connects afresh
    except Exception:
        log.exception("chore failed", chore=chore.__name__)
    finally:
        leave_all()
    _resting[chore.__name__] = time.monotonic() + REST
    return False
