"""Waiting for one's turn at a row that somebody else is writing, and giving up with words instead of an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from scheduling.errors import NotPossible
from scheduling.models import SchedulePlan


class InUse(NotPossible):
    """Somebody else has been writing this for longer than the database lets anybody wait. Nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody is publishing or changing this week, or its people’s time, at this moment."),
            _("Nothing of yours was done; look again in a moment."),
        )


@contextmanager
def in_turn() -> Iterator[None]:
    """The block takes locks. Raises InUse where one is held for too long; the transaction is then over."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise InUse from error
        raise


def plan_in_turn(plan_id: UUID) -> SchedulePlan:
    """A plan with its queue, kept for this transaction. Raises InUse, SchedulePlan.DoesNotExist."""
    plans = SchedulePlan.objects.select_for_update(of=("self",)).select_related("queue", "requirement")
    with in_turn():
        return plans.get(pk=plan_id)
