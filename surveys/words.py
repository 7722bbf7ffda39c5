"""What became of one survey, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.notices.models import Mail
from surveys.models import Candidate, Invitation
from surveys.selectors import is_closed

MAIL_WORDS: dict[str, str | Promise] = {
    Mail.State.QUEUED: gettext_lazy("waiting to be sent"),
    Mail.State.SENT: gettext_lazy("sent, no answer yet"),
    Mail.State.REFUSED: gettext_lazy("the mail server refused the address"),
    Mail.State.UNCERTAIN: gettext_lazy("uncertain whether the mail arrived; it is not sent twice"),
    Mail.State.CANCELLED: gettext_lazy("not sent"),
}
CANCEL_WORDS: dict[str, str | Promise] = {
    "reopened": gettext_lazy("closed, because the case was opened again"),
    "revoked": gettext_lazy("closed by hand"),
}


@dataclass(frozen=True, slots=True)
class SurveyState:
    """One line of a panel: words, the score if there is one, and since when."""

    resolution: int
    words: str
    at: datetime
    score: int | None = None
    comment: str = ""


def state_of(candidate: Candidate, now: datetime) -> SurveyState:
    """The survey after one resolution. The candidate comes from `selectors.candidates()`."""
    number = candidate.resolution.number
    if candidate.state == Candidate.State.SKIPPED:
        words = _("not asked: %(reason)s") % {"reason": candidate.get_skip_reason_display()}
        return SurveyState(number, words, candidate.created_at)
    invitation = candidate.invitation
    response = getattr(invitation, "response", None)
    if response is not None:
        return SurveyState(number, _("answered"), response.answered_at, response.score, response.comment)
    return SurveyState(number, str(_unanswered(invitation, now)), _since(invitation))


def _unanswered(invitation: Invitation, now: datetime) -> str | Promise:
    if invitation.cancelled_at is not None:
        return CANCEL_WORDS.get(invitation.cancel_reason, invitation.cancel_reason)
    if is_closed(invitation, now):
        return _("closed without an answer")
    return MAIL_WORDS[invitation.mail.state] if invitation.mail else _("not sent")


def _since(invitation: Invitation) -> datetime:
    sent = invitation.mail.sent_at if invitation.mail else None
    return invitation.cancelled_at or sent or invitation.created_at
