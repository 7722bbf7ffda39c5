"""What a reviewer says to somebody at a moment of an interaction."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Interaction
from qa.models.evaluation import Evaluation, EvaluationRevision


class Visibility(models.TextChoices):
    PRIVATE = "private", _("only me")
    TEAM = "team", _("leads and analysts")
    AGENT = "agent", _("the agent")
    CLIENT = "client", _("the agent and the client")


TO_AGENT = (Visibility.AGENT, Visibility.CLIENT)


class NoteBase(models.Model):
    at_ms = models.PositiveIntegerField(null=True)  # from the interaction's start; None is about the whole of it
    question = TypedChar(max_length=60, blank=True, default="")  # a key of the scorecard version
    text = TypedChar(max_length=2000)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.AGENT)

    class Meta:
        abstract = True


class NoteDraft(NoteBase):
    """A note of an evaluation that isn't submitted; it goes into the frozen table with the answers."""

    data = DataClass(scope="client", personal=True, erasure="delete", customer=("evaluation",), person=("evaluation",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # made by the browser, so a resend is known
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="note_drafts")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["at_ms", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_draft_says_something"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="note_draft_visibility_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Note(NoteBase):
    """A note as it was given. Written once; a change is a new note."""

    data = DataClass(
        scope="client", grants="frozen", personal=True, erasure="delete", customer=("interaction",), person=("agent",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.ForeignKey(EvaluationRevision, on_delete=models.PROTECT, related_name="notes")
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="notes")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="notes_about")
    author = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="notes_written")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["at_ms", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="note_visibility_is_known"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
