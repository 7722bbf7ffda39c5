"""One vote per invitation."""

from datetime import datetime

from django.db import transaction

from bpo.actors import By
from bpo.tokens import hash_of
from surveys.domain.metrics import SCALE
from surveys.models import Invitation, Response
from surveys.selectors import is_closed, is_unknown


class UnknownLink(Exception):
    """No invitation of this client has this token, or it was revoked."""


class Closed(Exception):
    """The survey expired or was cancelled before an answer came."""


class AlreadyAnswered(Exception):
    """There is a vote; it stays as it is."""


@transaction.atomic
def record_answer(*, token: str, score: int, comment: str, by: By, now: datetime) -> Response:
    """Write the one vote of an invitation.

    Raises ValueError for a score off the scale, UnknownLink, Closed or AlreadyAnswered; then nothing is written.
    """
    if score not in SCALE:
        raise ValueError(f"score {score} is not on the scale from 1 to 5")
    invitation = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    if invitation is None or is_unknown(invitation):
        raise UnknownLink
    if Response.objects.filter(invitation=invitation).exists():
        raise AlreadyAnswered
    if is_closed(invitation, now):
        raise Closed
    return Response.objects.create(invitation=invitation, score=score, comment=comment, answered_at=now)
