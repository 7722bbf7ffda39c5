"""Looking for interactions worth a review, by what is stored about them.

Each signal is a question to stored facts, so that the reason a review gets can be checked: handling time against its
group (`qa.domain.outliers`), a rating, the customer's next interaction, the agent's first day here, and marks of abuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from bpo.permissions import Reach
from bpo.slots import Rated, rated
from interactions.models import Interaction
from interactions.selectors import within
from qa.models import ReviewTask, SavedFilter
from qa.selectors.outliers import odd

LOW: Final = 2  # a rating of 1 or 2 of 5
CALLER_MARKS: Final = 3  # interactions marked abusive that make a customer an abusive caller …
CALLER_DAYS: Final = 28  # … within so many days up to the one that is looked at
AHT: Final = F("talk_seconds") + Coalesce(F("hold_seconds"), 0) + Coalesce(F("after_call_seconds"), 0)
ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "newest": ("-started_at", "-id"),
    "oldest": ("started_at", "id"),
    "longest": (F("aht").desc(nulls_last=True), "-id"),
    "shortest": (F("aht").asc(nulls_last=True), "-id"),
    "agent": ("agent__display_name", "-started_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, within business dates from `start` to and including `end`. None, "" and False ask nothing."""

    start: date
    end: date
    queue: UUID | None = None
    team: UUID | None = None
    agent: UUID | None = None
    channel: str = ""
    aht: str = ""  # "long", "short" or "both"
    low_rating: bool = False
    again_days: int | None = None  # the customer came again within so many days
    new_days: int | None = None  # the agent had worked here fewer days
    abusive: str = ""  # "marked", or "caller": by a customer with three marks in 28 days
    fresh: bool = True  # nobody has queued or scored it

    @property
    def signals(self) -> bool:
        """Whether anything beside the place is asked for."""
        return bool(self.aht or self.low_rating or self.again_days or self.new_days or self.abusive)


def finds(wanted: Wanted, *, order: str = "newest", reach: Reach | None = None) -> QuerySet[Interaction]:
    """Handled interactions that have everything that is wanted, with what a row shows."""
    found = _there(wanted, reach)
    if wanted.aht:
        sides = {"long": (True,), "short": (False,)}.get(wanted.aht, (True, False))
        keys = [one.key for one in odd(wanted.start, wanted.end) if one.long in sides]
        found = found.filter(pk__in=keys)
    if wanted.low_rating:
        found = found.filter(Q(source_rating__lte=LOW) | Q(pk__in=_voted_low(wanted)))
    if wanted.again_days:
        found = found.filter(_again(wanted.again_days))
    if wanted.new_days:
        tenure = ExpressionWrapper(F("business_date") - F("agent__starts_on"), output_field=DurationField())
        found = found.alias(tenure=tenure).filter(tenure__lt=timedelta(days=wanted.new_days))
    if wanted.abusive:
        found = found.filter(abusive=True) if wanted.abusive == "marked" else _by_abusive_callers(found, wanted)
    if wanted.fresh:
        live = ReviewTask.objects.exclude(state="skipped").filter(interaction=OuterRef("pk"))
        found = found.exclude(Exists(live))
    return found.annotate(aht=AHT).order_by(*ORDERS.get(order, ORDERS["newest"]))


def _there(wanted: Wanted, reach: Reach | None) -> QuerySet[Interaction]:
    place: dict[str, Any] = {
        "queue_id": wanted.queue,
        "agent__team_id": wanted.team,
        "agent_id": wanted.agent,
        "channel": wanted.channel or None,
    }
    given = {name: value for name, value in place.items() if value is not None}
    found = Interaction.objects.filter(
        within(reach), agent__isnull=False, abandoned=False, business_date__gte=wanted.start,
        business_date__lte=wanted.end, **given,
    )  # fmt: skip
    return found.select_related("queue", "reason", "agent__team")


def _voted_low(wanted: Wanted) -> list[UUID]:
    asked = Rated(start=wanted.start, end=wanted.end, at_most=LOW)
    return [one for scores in rated.collect(asked) for one in scores]


def _again(days: int) -> Exists:
    """The same customer's next interaction began after this one and at most so many days later."""
    window = timedelta(days=days)
    return Exists(
        Interaction.objects.filter(
            customer=OuterRef("customer"),
            started_at__gt=Coalesce(OuterRef("ended_at"), OuterRef("started_at")),
            started_at__lte=OuterRef("started_at") + window,
        ).exclude(pk=OuterRef("pk"))
    )


def _by_abusive_callers(found: QuerySet[Interaction], wanted: Wanted) -> QuerySet[Interaction]:
    """Of customers with three interactions marked abusive in the 28 days up to and including that one's."""
    span = timedelta(days=CALLER_DAYS)
    marked = Interaction.objects.filter(
        abusive=True, customer__isnull=False, business_date__gt=wanted.start - span, business_date__lte=wanted.end
    )
    often = marked.order_by().values("customer").annotate(n=Count("pk")).filter(n__gte=CALLER_MARKS).values("customer")
    # Few are: whoever has three over the whole time is looked at day by day.
    before = (
        Interaction.objects.filter(
            abusive=True,
            customer=OuterRef("customer"),
            business_date__lte=OuterRef("business_date"),
            business_date__gt=OuterRef("business_date") - span,
        )
        .order_by()
        .values("customer")
        .annotate(n=Count("pk"))
        .filter(n__gte=CALLER_MARKS)
    )
    return found.filter(customer__in=list(often.values_list("customer", flat=True))).filter(Exists(before))


def ratings_of(found: list[Interaction], wanted: Wanted) -> Mapping[UUID, int]:
    """The rating of each, 1..5, where there is one: its own survey's answer before the source's."""
    own = {one.pk: one.source_rating for one in found if one.source_rating}
    asked = Rated(start=wanted.start, end=wanted.end, at_most=5, interactions=frozenset(one.pk for one in found))
    for scores in rated.collect(asked):
        own |= scores
    return own


def in_queue_of(found: list[Interaction]) -> set[UUID]:
    """Those that wait for a review or had one."""
    live = ReviewTask.objects.exclude(state="skipped").filter(interaction_id__in=[one.pk for one in found])
    return {*live.values_list("interaction_id", flat=True)}


def saved_filters(actor: UUID | None) -> list[SavedFilter]:
    """One's own kept searches, by name."""
    return list(SavedFilter.objects.filter(actor_id=actor)) if actor else []
