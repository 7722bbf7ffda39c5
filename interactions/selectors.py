"""Named reads of interactions and cases."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from bpo.permissions import Permission, Principal, Reach, may
from bpo.permissions import reach as reach_of
from interactions.domain.measures import CaseHistory, Spell
from interactions.models import Actor, Case, Interaction, Queue, Recording, Resolution

MOST_CHOICES = 500
MOST_CASES = 50_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None or "" is everything."""

    queue: UUID | None = None
    agent: UUID | None = None
    day: date | None = None
    abandoned: bool | None = None


def within(reach: Reach | None, actor: str = "agent") -> Q:
    """The rows whose person, at the lookup `actor`, a reach holds. None holds all."""
    if reach is None:
        return Q()
    own = Q(**{f"{actor}_id": reach.actor}) if reach.actor else Q(pk__in=[])
    return own | Q(**{f"{actor}__team_id__in": list(reach.teams)})


def reach_of_cases(principal: Principal) -> Reach | None:
    """Whose cases somebody sees: their own where they may not see all interactions."""
    if may(principal, Permission.SEE_INTERACTIONS):
        return reach_of(principal, Permission.SEE_CASES)
    return Reach(frozenset(), principal.actor_id)


def interactions(filters: Filters = Filters(), *, reach: Reach | None = None) -> QuerySet[Interaction]:
    """Interactions, newest first, with what a row of a list shows: one query whatever their number."""
    wanted = {
        "queue_id": filters.queue,
        "agent_id": filters.agent,
        "business_date": filters.day,
        "abandoned": filters.abandoned,
    }
    given: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    return Interaction.objects.select_related("queue", "agent", "reason").filter(within(reach), **given)


def interaction_by_id(interaction_id: UUID, *, reach: Reach | None = None) -> Interaction | None:
    """One interaction with everything its page shows."""
    related = ("queue", "reason", "disposition", "agent", "supervisor", "manager", "customer", "case", "callback_of")
    return Interaction.objects.select_related(*related).filter(within(reach), pk=interaction_id).first()


def recordings(*, reach: Reach | None = None) -> QuerySet[Recording]:
    """Recordings, newest first, with what a row of a list and a page show: one query whatever their number."""
    related = ("interaction__queue", "interaction__reason", "interaction__agent", "file", "redacted_file")
    found = Recording.objects.select_related(*related).filter(within(reach, "interaction__agent"))
    return found.order_by("-interaction__started_at", "-pk")


def cases(*, state: str = "", reach: Reach | None = None) -> QuerySet[Case]:
    """Cases, newest first. A reach narrows to cases with an interaction or a resolution of somebody it holds."""
    found = Case.objects.select_related("customer", "queue", "reason")
    if state:
        found = found.filter(state=state)
    if reach is not None:
        own = Interaction.objects.filter(within(reach), case__isnull=False).values("case_id")
        resolved = Resolution.objects.filter(within(reach, "actor")).values("case_id")
        found = found.filter(Q(pk__in=own) | Q(pk__in=resolved))
    return found


def case_by_id(case_id: UUID, *, reach: Reach | None = None) -> Case | None:
    """One case with its resolutions and interactions, each read once."""
    told = Prefetch("interactions", Interaction.objects.select_related("queue", "agent").order_by("started_at"))
    resolved = Prefetch("resolutions", Resolution.objects.select_related("actor").order_by("number"))
    return cases(reach=reach).prefetch_related(told, resolved).filter(pk=case_id).first()


def histories() -> list[CaseHistory]:
    """The newest cases as spells of being open, for the measures.

    A case keeps its first opening, its latest reopening and its resolutions; a reopening between two others is
    taken to have come at the resolution before it.
    """
    found = Case.objects.order_by("-opened_at")[:MOST_CASES].values_list(
        "pk", "customer_id", "opened_at", "reopened_at", "state"
    )
    resolved: dict[UUID, list[datetime]] = {}
    for case_id, at in Resolution.objects.order_by("case_id", "number").values_list("case_id", "resolved_at"):
        resolved.setdefault(case_id, []).append(at)
    return [
        CaseHistory(pk, customer, _spells(opened, reopened, state, resolved.get(pk, [])))
        for pk, customer, opened, reopened, state in found
    ]


def _spells(opened: datetime, reopened: datetime | None, state: str, ends: list[datetime]) -> tuple[Spell, ...]:
    spells: list[Spell] = []
    start = opened
    for end in ends:
        last = max(end, start)
        spells.append(Spell(start, last))
        start = last
    if spells and reopened is not None:
        start = max(reopened, start) if state == Case.State.OPEN else start
    if state == Case.State.OPEN:
        spells.append(Spell(start))
    return tuple(spells) or (Spell(opened),)


def queues() -> list[Queue]:
    return list(Queue.objects.all()[:MOST_CHOICES])


def agents() -> list[Actor]:
    return list(Actor.objects.all()[:MOST_CHOICES])
