"""Evaluations as they stand."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from bpo.permissions import Reach
from interactions.selectors import within
from qa.models import Acknowledgement, Evaluation, ScorecardVersion

SHOWN = ("agent__team", "evaluator", "interaction__queue", "interaction__reason", "scorecard", "current")


def evaluations(*, reach: Reach | None = None) -> QuerySet[Evaluation]:
    """Submitted and released evaluations, newest first, with what a row shows."""
    return (
        Evaluation.objects.exclude(state="draft")
        .filter(within(reach))
        .select_related(*SHOWN)
        .annotate(seen=Exists(Acknowledgement.objects.filter(release__revision=OuterRef("current"))))
        .order_by("-current__submitted_at", "-id")
    )


def evaluation_by_id(evaluation_id: UUID, *, reach: Reach | None = None) -> Evaluation | None:
    """One submitted evaluation with its scorecard version and release."""
    related = ("current__scorecard_version", "current__release__acknowledgement")
    return evaluations(reach=reach).select_related(*SHOWN, *related).filter(pk=evaluation_id).first()


def evaluations_of_agent(agent: UUID) -> QuerySet[Evaluation]:
    """What an agent may see: their own, released."""
    return evaluations().filter(agent_id=agent, state="released")


def evaluations_for_client() -> QuerySet[Evaluation]:
    """What a client may see: all that are released, with what its page shows."""
    related = ("current__scorecard_version", "current__release")
    return evaluations().filter(state="released").select_related(*SHOWN, *related).order_by("-current__id")


def versions() -> QuerySet[ScorecardVersion]:
    """Published scorecards with what they are versions of."""
    return ScorecardVersion.objects.select_related("scorecard")


def evaluations_of_interaction(interaction: UUID) -> list[Evaluation]:
    return list(evaluations().filter(interaction_id=interaction))


def acknowledgement_of(evaluation: Evaluation) -> Acknowledgement | None:
    return Acknowledgement.objects.filter(release__revision=evaluation.current_id).first()


def unacknowledged(*, reach: Reach | None = None) -> QuerySet[Evaluation]:
    """Released evaluations whose agents haven't said they saw them, oldest first."""
    return (
        evaluations(reach=reach)
        .filter(state="released", current__release__acknowledgement=None)
        .order_by("current__submitted_at", "id")
    )
