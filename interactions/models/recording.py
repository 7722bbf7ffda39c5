"""What was said: the sound of a call, and the words of a call, chat or mail."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.files.models import StoredFile
from bpo.ids import uuid7
from bpo.typed import TypedText
from interactions.models.interaction import Interaction


class Recording(models.Model):
    """The sound of one call. Peaks are made when it is stored, so that a page draws it without the sound."""

    data = DataClass(
        scope="client", personal=True, erasure="delete", retention="recordings", part_of="interaction",
        customer=("interaction",), dated="interaction__started_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interaction = models.OneToOneField(Interaction, on_delete=models.CASCADE, related_name="recording")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="recordings")
    duration_ms = models.PositiveIntegerField()
    # {"per_second": 4, "agent": [0..255, …], "customer": [0..255, …]}; a mono file has "agent" alone
    peaks = models.JSONField()
    redactions = models.JSONField(default=list, blank=True)  # [{"from_ms", "to_ms", "why"}]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(duration_ms__gt=0), name="recording_has_a_length")]

    def __str__(self) -> str:
        return f"{self.interaction} {self.duration_ms} ms"


class Line(models.Model):
    """One turn of a transcript, or one message of a chat or mail. Milliseconds from the interaction's start."""

    class Speaker(models.TextChoices):
        AGENT = "agent", _("agent")
        CUSTOMER = "customer", _("customer")
        SYSTEM = "system", _("system")

    data = DataClass(
        scope="client", personal=True, erasure="delete", retention="recordings", customer=("interaction",),
        dated="interaction__started_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    speaker = models.CharField(max_length=8, choices=Speaker.choices)
    starts_ms = models.PositiveIntegerField()
    ends_ms = models.PositiveIntegerField()
    text = TypedText()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["interaction", "number"], name="line_is_numbered_once"),
            models.CheckConstraint(condition=Q(ends_ms__gte=F("starts_ms")), name="line_ends_after_start"),
            models.CheckConstraint(
                condition=Q(speaker__in=["agent", "customer", "system"]), name="line_speaker_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.speaker}"
