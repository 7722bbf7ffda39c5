"""What a reviewer says to somebody at a moment of an interaction. Read through qa/selectors/notes.py alone (ADR 34)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Interaction
from qa.models.evaluation import Evaluation, EvaluationRevision

UNDER_NOTE = DataClass(
    scope="client", grants="frozen", personal=True, erasure="delete", part_of="note", customer=("note",),
    person=("note",),
)  # fmt: skip


class Visibility(models.TextChoices):
    PRIVATE = "private", _("only me")
    TEAM = "team", _("leads and analysts")
    AGENT = "agent", _("the agent")
    CLIENT = "client", _("the agent and the client")


TO_AGENT = (Visibility.AGENT, Visibility.CLIENT)
LEVELS = (Visibility.PRIVATE, Visibility.TEAM, Visibility.AGENT, Visibility.CLIENT)  # each includes those before it


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
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # counted up by each change, so that two windows notice

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
    """A note as it was given. Written once: it is widened by a share, taken back by a withdrawal, answered by a reply.

    Nothing leads back to notes from what they refer to: who wants some has to say for whom.
    """

    data = DataClass(
        scope="client", grants="frozen", personal=True, erasure="delete", customer=("interaction",), person=("agent",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # None is a note on an interaction that nobody scored.
    revision = models.ForeignKey(EvaluationRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    shown_from = models.DateTimeField(null=True, blank=True)  # None is shown with the release of its evaluation

    class Meta:
        ordering = ["at_ms", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="note_visibility_is_known"),
            models.CheckConstraint(
                condition=Q(revision__isnull=False) | Q(question="", shown_from__isnull=False),
                name="note_on_an_interaction_stands_alone",
            ),
            models.CheckConstraint(
                condition=Q(shown_from=None) | Q(shown_from__gte=F("given_at")), name="note_is_shown_once_given"
            ),
        ]
        indexes = [
            models.Index(fields=["revision"], name="notes_of_revision"),
            models.Index(fields=["agent", "-given_at"], name="notes_about_agent"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class NoteShare(models.Model):
    """From here on more people see a note. Never fewer: there is no way back down."""

    # Not a person's own words; the note it widens goes, and this with it.
    data = UNDER_NOTE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    was = models.CharField(max_length=8, choices=Visibility.choices)
    to = models.CharField(max_length=8, choices=Visibility.choices)
    shared_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["note", "was"], name="note_is_widened_once_from_a_level"),
            models.UniqueConstraint(fields=["note", "to"], name="note_is_widened_once_to_a_level"),
            models.CheckConstraint(
                condition=Q(was="private", to__in=["team", "agent", "client"])
                | Q(was="team", to__in=["agent", "client"])
                | Q(was="agent", to="client"),
                name="note_is_only_widened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} {self.was} {self.to}"


class NoteWithdrawal(models.Model):
    """Its author took a note back before the agent could see it. The row stays, and nobody is shown it."""

    data = UNDER_NOTE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.note_id} withdrawn"


class NoteReply(models.Model):
    """What the agent, or whoever coaches them, says under a note that the agent sees."""

    data = UNDER_NOTE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    text = TypedChar(max_length=2000)
    replied_at = models.DateTimeField()

    class Meta:
        ordering = ["replied_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]
        indexes = [models.Index(fields=["note", "replied_at"], name="replies_of_note")]

    def __str__(self) -> str:
        return self.text[:40]
