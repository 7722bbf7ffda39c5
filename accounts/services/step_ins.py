"""Stepping in and out: an operator's look inside a client, with a reason and for minutes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, StepIn, User
from accounts.selectors import is_operator_admin
from bpo.actors import By
from bpo.ops_audit.services import record

MINUTES = (15, 30, 60)


def step_in(*, user: User, client: Client, reason: str, minutes: int, by: By, now: datetime) -> StepIn:
    """Let an operator look inside from now on; what was left of an earlier look ends.

    Raises Refused naming the field: no reason, another length, a client that isn't served, somebody who doesn't run
    the operator.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("reason", _("The reason is empty."), _("Write why, for those who read it later."))
    if minutes not in MINUTES:
        raise Refused("minutes", _("So long is not offered."), _("Choose 15, 30 or 60 minutes."))
    if not client.ref().enterable:
        raise Refused("client", _("The client isn't served now."), _("Resume it first."))
    if not is_operator_admin(user.pk, now=now):
        raise Refused("user", _("Only an operator admin steps in."), _("Ask one."))
    with transaction.atomic():
        for open_one in StepIn.objects.select_for_update().filter(user=user, client=client, ended_at=None):
            _end(open_one, min(now, open_one.until), by, now)
        made = StepIn.objects.create(
            user=user, client=client, reason=reason[:200], begins_at=now, until=now + timedelta(minutes=minutes)
        )
        detail = {"client": client.key, "minutes": minutes, "reason": made.reason}
        record(action="step_in.begun", target=made, by=by, now=now, detail=detail)
    return made


def step_out(*, user: User, client_id: UUID, by: By, now: datetime) -> bool:
    """End the look inside. False when there was none."""
    with transaction.atomic():
        found = StepIn.objects.select_for_update().filter(user=user, client_id=client_id, ended_at=None).first()
        if found is None:
            return False
        _end(found, min(now, found.until), by, now)
    return True


def _end(step: StepIn, at: datetime, by: By, now: datetime) -> None:
    StepIn.objects.filter(pk=step.pk).update(ended_at=at)
    record(action="step_in.ended", target=step, by=by, now=now, detail={"client": step.client.key})
