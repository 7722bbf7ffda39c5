"""The stretch of an interaction that an answer or a note rests on, with the words said in it."""

from django.db import models
from django.db.models import F, Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Interaction
from qa.models.evaluation import Evaluation, EvaluationRevision
from qa.models.note import Note, NoteDraft


class EvidenceBase(models.Model):
    """Milliseconds from the interaction's start, half-open. `quote` is the transcript's words, unchanged."""

    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    question = TypedChar(max_length=60, blank=True, default="")  # a key of the scorecard version; "" is of a note
    quote = TypedChar(max_length=4000, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.start_ms}–{self.end_ms} ms"


class EvidenceDraft(EvidenceBase):
    """Evidence of an evaluation that isn't submitted; it goes into the frozen table with the answers."""

    # The quote is the transcript's, and goes when that goes.
    data = DataClass(
        scope="client", personal=True, erasure="delete", retention="recordings", customer=("evaluation",),
        person=("evaluation",), dated="evaluation__interaction__started_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # made by the browser, so a resend is known
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="evidence_drafts")
    note = models.ForeignKey(NoteDraft, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["start_ms", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="evidence_draft_ends_after_its_start"),
            models.CheckConstraint(
                condition=(Q(note=None) & ~Q(question="")) | Q(note__isnull=False, question=""),
                name="evidence_draft_is_of_an_answer_or_a_note",
            ),
        ]


class Evidence(EvidenceBase):
    """Evidence as it was submitted. Written once."""

    data = DataClass(
        scope="client", grants="frozen", personal=True, erasure="delete", retention="recordings",
        customer=("interaction",), person=("agent",), dated="interaction__started_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.ForeignKey(EvaluationRevision, on_delete=models.PROTECT, related_name="evidence")
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["start_ms", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="evidence_ends_after_its_start"),
            models.CheckConstraint(
                condition=(Q(note=None) & ~Q(question="")) | Q(note__isnull=False, question=""),
                name="evidence_is_of_an_answer_or_a_note",
            ),
        ]
