"""The counts behind CSAT: how often each score was given, in all and by group, and where each resolution ended."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncWeek

from bpo.notices.models import Mail
from interactions.models import Interaction
from surveys.models import Candidate, Response

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

    @property
    def before(self) -> "Period | None":
        """The period of the same length right before, of a whole month the month before; None where a side is open."""
        if self.start is None or self.end is None:
            return None
        if (self.start, self.end) == month_of(self.start):
            return Period(*month_of(self.start - timedelta(days=1)))
        return Period(self.start - (self.end - self.start) - timedelta(days=1), self.start - timedelta(days=1))


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of this day."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Funnel:
    """Where each resolution ended: counts by outcome, every candidate in exactly one; and what it was about."""

    by_outcome: Mapping[str, int] = field(default_factory=dict)
    by_reason: Mapping[str | None, int] = field(default_factory=dict)

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
ABOUT: Final = "invitation__candidate__"
EARLY: Final = timedelta(days=90)
FIRST_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one score was given by one combination of groups; None is a group nobody named."""

    groups: Mapping[str, str | None]
    score: int
    n: int


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
    """Resolutions by where they ended and by reason, in one statement."""
    rows = Candidate.objects.filter(period.on("business_date")).order_by()
    counted = rows.annotate(outcome=_outcome(now)).values_list("outcome", "reason__name").annotate(n=Count("pk"))
    by_outcome: Counter[str] = Counter()
    by_reason: Counter[str | None] = Counter()
    for outcome, reason, n in counted:
        by_outcome[outcome] += n
        by_reason[reason] += n
    return Funnel(dict(by_outcome), dict(by_reason))


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


def response_tallies(period: Period) -> list[Tally]:
    """Survey answers by all groups at once, in one statement."""
    rows = Response.objects.filter(period.on(f"{ABOUT}business_date")).order_by()
    names = {
        "reason": f"{ABOUT}reason__name",
        "queue": f"{ABOUT}queue__name",
        "team": f"{ABOUT}team__name",
        "tenure": _tenure(f"{ABOUT}agent__starts_on", f"{ABOUT}business_date", f"{ABOUT}interaction__tenure_band"),
        "shift": f"{ABOUT}interaction__shift",
    }
    return _tallies(rows, names, "score")


def source_tallies(period: Period) -> list[Tally]:
    """Ratings of imported interactions by all groups at once, in one statement."""
    rows = Interaction.objects.filter(period.on("business_date"), source_rating__isnull=False).order_by()
    names = {
        "reason": "reason__name",
        "queue": "queue__name",
        "tenure": _tenure("agent__starts_on", "business_date", "tenure_band"),
        "shift": "shift",
    }
    return _tallies(rows, names, "source_rating")


def response_agents(period: Period) -> dict[Any, Counts]:
    """How often each score was given, by agent."""
    rows = Response.objects.filter(period.on(f"{ABOUT}business_date"), **{f"{ABOUT}agent__isnull": False}).order_by()
    return _by_reason(rows.values_list(f"{ABOUT}agent_id", "score").annotate(n=Count("pk")))


def source_agents(period: Period) -> dict[Any, Counts]:
    """How often each imported rating was given, by agent."""
    rows = Interaction.objects.filter(period.on("business_date"), source_rating__isnull=False, agent__isnull=False)
    return _by_reason(rows.order_by().values_list("agent_id", "source_rating").annotate(n=Count("pk")))


def response_weeks(period: Period) -> dict[date, Counts]:
    """How often each score was given, by the Monday of the week."""
    rows = Response.objects.filter(period.on(f"{ABOUT}business_date")).order_by()
    weekly = rows.annotate(week=TruncWeek(f"{ABOUT}business_date"))
    found: dict[date, Counts] = defaultdict(dict)
    for week, score, n in weekly.values_list("week", "score").annotate(n=Count("pk")):
        found[week][score] = n
    return dict(found)


def response_scores(period: Period) -> Counts:
    """How often each score was given."""
    rows = Response.objects.filter(period.on(f"{ABOUT}business_date")).order_by()
    return dict(rows.values_list("score").annotate(n=Count("pk")))


def _tallies(rows: QuerySet[Any], names: Mapping[str, Any], score: str) -> list[Tally]:
    marked = rows.annotate(**{f"in_{name}": F(path) if isinstance(path, str) else path for name, path in names.items()})
    counted: Iterable[Any] = marked.values_list(*(f"in_{name}" for name in names), score).annotate(n=Count("pk"))
    return [
        Tally({name: group or None for name, group in zip(names, row, strict=False)}, row[-2], row[-1])
        for row in counted
    ]


def _tenure(starts_on: str, day: str, band: str) -> Case:
    """The band the source gave, else the time since the start on that day; None where neither is known."""
    return Case(
        When(Q(**{f"{band}__gt": ""}), then=F(band)),
        When(Q(**{f"{starts_on}__isnull": True}), then=Value(None)),
        When(Q(**{f"{day}__lt": F(starts_on) + EARLY}), then=Value("early")),
        When(Q(**{f"{day}__lt": F(starts_on) + FIRST_YEAR}), then=Value("first_year")),
        default=Value("later"),
        output_field=CharField(null=True),
    )
