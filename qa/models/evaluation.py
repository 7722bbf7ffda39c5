"""Scoring one interaction: the answers while they are made, and each submission as it stood."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedJSON
from interactions.models import Actor, Interaction, Queue
from qa.models.scorecard import Scorecard, ScorecardVersion
from qa.models.task import Picked, ReviewTask

# How an answer was given where it wasn't one by one.
BULK = "bulk"  # passed with the rest of its section
OUTCOMES = ("PASS", "FAIL", "UNSCORED")


class EvaluationRevision(models.Model):
    """One submission as it stood: answers, the engine's result, and the facts it is counted by. Written once."""

    class Cause(models.TextChoices):
        SUBMIT = "submit", _("submitted")
        RESUBMIT = "resubmit", _("submitted again")

    data = DataClass(
        scope="client", grants="frozen", personal=True, retention="audit", part_of="evaluation",
        customer=("interaction",), person=("agent",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    evaluation = models.ForeignKey("qa.Evaluation", on_delete=models.PROTECT, related_name="revisions")
    seq = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.SUBMIT)
    scorecard_version = models.ForeignKey(ScorecardVersion, on_delete=models.PROTECT, related_name="revisions")
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="scored")
    evaluator = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="scorings")
    team_id = models.UUIDField(null=True)  # the agent's team when it was submitted
    picked = models.CharField(max_length=10, choices=Picked.choices)
    business_date = models.DateField()  # the interaction's
    answers = TypedJSON()
    sources = models.JSONField(default=dict)  # question: how its answer was given; not named is one by one
    engine = models.CharField(max_length=12)
    raw = models.DecimalField(max_digits=7, decimal_places=2, null=True)  # without auto-fail
    uncapped = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    final = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    outcome = models.CharField(max_length=8)
    triggers = models.JSONField(default=list)  # keys of questions that failed the section or the form
    critical_asked = models.BooleanField()  # a question with a critical error class applied
    critical_error = models.BooleanField()  # and at least one of them was wrong
    sections = models.JSONField(default=list)  # [[key, "87.50" or null, "0.3"], …]
    submitted_at = models.DateTimeField()
    active_seconds = models.PositiveIntegerField(default=0)
    heard_share = models.DecimalField(max_digits=4, decimal_places=3, null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "seq"], name="revision_is_numbered_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="revision_counts_from_one"),
            models.CheckConstraint(condition=Q(picked__in=Picked.values), name="revision_picked_is_known"),
            models.CheckConstraint(
                condition=Q(outcome="UNSCORED", final=None) | Q(outcome__in=["PASS", "FAIL"], final__isnull=False),
                name="revision_outcome_fits_score",
            ),
            models.CheckConstraint(condition=Q(final=None) | Q(final__gte=0), name="revision_score_is_not_negative"),
            models.CheckConstraint(condition=~Q(evaluator=F("agent")), name="revision_evaluator_is_not_agent"),
            models.CheckConstraint(
                condition=Q(critical_error=False) | Q(critical_asked=True), name="revision_error_was_asked_about"
            ),
        ]
        indexes = [
            models.Index(fields=["business_date", "picked"], name="revisions_by_day"),
            models.Index(fields=["agent", "-id"], name="revisions_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} no. {self.seq}"


class Evaluation(models.Model):
    """One person's scoring of one interaction. Answers change until it is submitted; then a revision stands."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being scored")
        SUBMITTED = "submitted", _("submitted")
        RELEASED = "released", _("released")

    # Answers are keys of options and numbers; whatever is said in words is a note.
    data = DataClass(scope="client", personal=True, part_of="task", customer=("interaction",), person=("agent",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(ReviewTask, on_delete=models.PROTECT, related_name="evaluations")
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="evaluations")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="evaluations")
    scorecard_version = models.ForeignKey(ScorecardVersion, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="evaluations")
    evaluator = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="evaluations_made")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    answers = TypedJSON(default=dict)
    sources = models.JSONField(default=dict)  # as in the revision
    markers = models.JSONField(default=list)  # the reviewer's own places in the sound, milliseconds, in order
    seq = models.PositiveIntegerField(default=0)  # the browser's last saved change
    active_seconds = models.PositiveIntegerField(default=0)
    heard_share = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    current = models.OneToOneField(
        EvaluationRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="standing"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "evaluator"], name="evaluation_is_begun_once_a_person"),
            models.UniqueConstraint(
                fields=["interaction", "scorecard"], condition=~Q(state="draft"), name="interaction_is_scored_once"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", current=None)
                | Q(state__in=["submitted", "released"], current__isnull=False),
                name="evaluation_submitted_has_a_revision",
            ),
            models.CheckConstraint(condition=~Q(evaluator=F("agent")), name="evaluation_evaluator_is_not_agent"),
        ]
        indexes = [models.Index(fields=["agent", "state"], name="evaluations_of_agent")]

    def __str__(self) -> str:
        return f"{self.interaction}, {self.state}"
