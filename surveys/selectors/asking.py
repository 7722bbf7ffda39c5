"""Reads of surveys, one invitation's page, a case's surveys and the answers one by one."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from bpo.permissions import Reach
from bpo.tokens import hash_of
from interactions.selectors import within
from surveys.models import Candidate, Invitation, Response, Survey, SurveyVersion
from surveys.selectors.satisfaction import Period


def invitation_by(token: str) -> Invitation | None:
    """The invitation a link leads to, with its words and its answer."""
    found = Invitation.objects.select_related("candidate__survey_version", "response")
    invitation = found.filter(token_hash=hash_of(token)).first()
    return None if invitation is None or is_unknown(invitation) else invitation


def is_unknown(invitation: Invitation) -> bool:
    """A revoked link leads nowhere, as one that never was."""
    return invitation.cancel_reason == "revoked"


def is_closed(invitation: Invitation, now: datetime) -> bool:
    return invitation.cancelled_at is not None or invitation.expires_at <= now


def candidates() -> QuerySet[Candidate]:
    """Candidates with all that a panel says of them, newest first."""
    return Candidate.objects.select_related("resolution", "invitation__mail", "invitation__response").order_by("-id")


def responses(*, reach: Reach | None = None) -> QuerySet[Response]:
    """Answers with what they were about."""
    candidate = "invitation__candidate"
    about = ("agent", "team", "queue", "reason", "survey_version__survey")
    found = Response.objects.filter(within(reach, f"{candidate}__agent"))
    return found.select_related(*(f"{candidate}__{name}" for name in about))


def comments(period: Period, *, reach: Reach | None = None) -> QuerySet[Response]:
    """Answers with words, newest first."""
    days = period.on("invitation__candidate__business_date")
    about = within(reach, "invitation__candidate__agent")
    return (
        Response.objects.filter(days, about).exclude(comment="").select_related("invitation__candidate").order_by("-id")
    )


def scores_of_interactions(
    start: date, end: date, *, at_most: int, only: frozenset[UUID] | None = None
) -> dict[UUID, int]:
    """The score given about each interaction of these business dates, up to `at_most`; of two the lower."""
    about = "invitation__candidate__interaction_id"
    found = Response.objects.filter(
        Period(start, end).on("invitation__candidate__business_date"),
        score__lte=at_most,
        invitation__candidate__interaction__isnull=False,
    )
    if only is not None:
        found = found.filter(invitation__candidate__interaction__in=only)
    return dict(found.order_by("-score").values_list(about, "score"))


def surveys() -> QuerySet[Survey]:
    """Surveys with their versions, newest first: two statements whatever their number."""
    return Survey.objects.prefetch_related(Prefetch("versions", SurveyVersion.objects.order_by("-number")))


def survey_name() -> str:
    """The active survey's name, empty without one."""
    return Survey.objects.filter(active=True).order_by("key").values_list("name", flat=True).first() or ""
