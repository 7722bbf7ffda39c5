"""Reads: one invitation's page, a case's surveys, and the counts behind CSAT."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When

from bpo.notices.models import Mail
from interactions.models import Interaction
from surveys.domain.tokens import token_hash
from surveys.models import Candidate, Invitation, Response, Survey, SurveyVersion

Counts = dict[int, int]


@dataclass(frozen=True, slots=True)
class Period:
    """Business dates, both included; None leaves a side open."""

    start: date | None = None
    end: date | None = None

    def on(self, name: str) -> Q:
        wanted = Q()
        if self.start is not None:
            wanted &= Q(**{f"{name}__gte": self.start})
        if self.end is not None:
            wanted &= Q(**{f"{name}__lte": self.end})
        return wanted


@dataclass(frozen=True, slots=True)
class Funnel:
    """Where each resolution ended: counts by outcome. Every candidate is in exactly one."""

    by_outcome: Mapping[str, int] = field(default_factory=dict)

    def of(self, *outcomes: str) -> int:
        return sum(self.by_outcome.get(outcome, 0) for outcome in outcomes)

    @property
    def resolutions(self) -> int:
        return sum(self.by_outcome.values())

    @property
    def eligible(self) -> int:
        return self.resolutions - self.of(*Candidate.Skip.values)

    @property
    def sent(self) -> int:
        return self.of(*SENT_OUTCOMES)

    @property
    def answered(self) -> int:
        return self.of("answered")


UNSENT_OUTCOMES = ("waiting", "refused", "uncertain", "reopened_before", "not_sent")
SENT_OUTCOMES = ("answered", "reopened_after", "expired", "silent")


def invitation_by(token: str) -> Invitation | None:
    """The invitation a link leads to, with its words and its answer."""
    found = Invitation.objects.select_related("candidate__survey_version", "response")
    invitation = found.filter(token_hash=token_hash(token)).first()
    return None if invitation is None or is_unknown(invitation) else invitation


def is_unknown(invitation: Invitation) -> bool:
    """A revoked link leads nowhere, as one that never was."""
    return invitation.cancel_reason == "revoked"


def is_closed(invitation: Invitation, now: datetime) -> bool:
    return invitation.cancelled_at is not None or invitation.expires_at <= now


def candidates() -> QuerySet[Candidate]:
    """Candidates with all that a panel says of them, newest first."""
    return Candidate.objects.select_related("resolution", "invitation__mail", "invitation__response").order_by("-id")


def responses() -> QuerySet[Response]:
    """Answers with what they were about."""
    candidate = "invitation__candidate"
    about = ("agent", "team", "queue", "reason", "survey_version__survey")
    return Response.objects.select_related(*(f"{candidate}__{name}" for name in about))


def surveys() -> QuerySet[Survey]:
    """Surveys with their versions, newest first: two statements whatever their number."""
    return Survey.objects.prefetch_related(Prefetch("versions", SurveyVersion.objects.order_by("-number")))


def survey_name() -> str:
    """The active survey's name, empty without one."""
    return Survey.objects.filter(active=True).order_by("key").values_list("name", flat=True).first() or ""


def response_counts(period: Period) -> dict[str | None, Counts]:
    """How often each score was given, by reason. None holds those without a reason."""
    about = "invitation__candidate__"
    rows = Response.objects.filter(period.on(f"{about}business_date")).order_by()
    return _by_reason(rows.values_list(f"{about}reason__name", "score").annotate(n=Count("pk")))


def source_counts(period: Period) -> dict[str | None, Counts]:
    """How often each rating came with imported interactions, by reason. No survey answer is among them."""
    rows = Interaction.objects.filter(period.on("business_date"), source_rating__isnull=False).order_by()
    return _by_reason(rows.values_list("reason__name", "source_rating").annotate(n=Count("pk")))


def _by_reason(rows: Any) -> dict[str | None, Counts]:
    found: dict[str | None, Counts] = defaultdict(dict)
    for reason, score, n in rows:
        found[reason][score] = n
    return dict(found)


def funnel(period: Period, now: datetime) -> Funnel:
    """Resolutions by where they ended, in one statement."""
    rows = Candidate.objects.filter(period.on("business_date")).order_by()
    counted = rows.annotate(outcome=_outcome(now)).values_list("outcome").annotate(n=Count("pk"))
    return Funnel(dict(counted))


def _outcome(now: datetime) -> Case:
    """The first that holds. An answer proves that the mail arrived, whatever the server said."""
    mail = "invitation__mail__state"
    cancelled = Q(invitation__cancelled_at__isnull=False)
    reasons = [When(skip_reason=reason, then=Value(reason)) for reason in Candidate.Skip.values]
    return Case(
        *reasons,
        When(invitation__response__isnull=False, then=Value("answered")),
        When(cancelled & Q(**{mail: Mail.State.SENT}), then=Value("reopened_after")),
        When(cancelled, then=Value("reopened_before")),
        When(**{mail: Mail.State.REFUSED}, then=Value("refused")),
        When(**{mail: Mail.State.UNCERTAIN}, then=Value("uncertain")),
        When(**{mail: Mail.State.QUEUED}, then=Value("waiting")),
        When(Q(**{mail: Mail.State.SENT}, invitation__expires_at__lte=now), then=Value("expired")),
        When(**{mail: Mail.State.SENT}, then=Value("silent")),
        default=Value("not_sent"),
    )
