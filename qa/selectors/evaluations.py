"""Evaluations as they stand, and what was said in them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from bpo.permissions import Reach
from interactions.selectors import within
from qa.models import Acknowledgement, Evaluation, Note
from qa.models.note import TO_AGENT

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


def evaluations_of_interaction(interaction: UUID) -> list[Evaluation]:
    return list(evaluations().filter(interaction_id=interaction))


def notes_of(evaluation: Evaluation, *, for_agent: bool) -> list[Note]:
    """Notes of the standing revision. An agent's list never holds the private ones or the team's."""
    found = Note.objects.filter(revision_id=evaluation.current_id).select_related("author")
    return list(found.filter(visibility__in=TO_AGENT) if for_agent else found.exclude(visibility="private"))


def acknowledgement_of(evaluation: Evaluation) -> Acknowledgement | None:
    return Acknowledgement.objects.filter(release__revision=evaluation.current_id).first()


def coaching_notes(*, reach: Reach | None = None) -> QuerySet[Note]:
    """Notes of standing evaluations that more people than their author may see, newest first."""
    found = Note.objects.filter(within(reach), revision__standing__isnull=False).exclude(visibility="private")
    related = ("agent__team", "author", "interaction__queue", "revision__standing")
    return found.select_related(*related).order_by("-given_at", "-id")


def unacknowledged(*, reach: Reach | None = None) -> QuerySet[Evaluation]:
    """Released evaluations whose agents haven't said they saw them, oldest first."""
    return (
        evaluations(reach=reach)
        .filter(state="released", current__release__acknowledgement=None)
        .order_by("current__submitted_at", "id")
    )
