"""What was said: the sound of a call, and the words of a call, chat or mail."""

from typing import Any

from django.db import models
from django.db.models import F, Func, JSONField, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.files.models import StoredFile
from bpo.ids import uuid7
from bpo.typed import TypedText
from interactions.models.interaction import Interaction


def _json(function: str, *parts: Any) -> Func:
    return Func(*parts, function=function, output_field=JSONField())


def _good_spans() -> Exact:
    """Every element of `redactions` lies inside the sound: 0 ≤ from < to ≤ length."""
    path = "strict $[*] ? (@.from_ms >= 0 && @.from_ms < @.to_ms && @.to_ms <= $length)"
    length = _json("jsonb_build_object", Value("length"), F("duration_ms"))
    good = _json("jsonb_path_query_array", F("redactions"), Value(path), length)
    return Exact(_count(good), _count(F("redactions")))


def _count(array: Any) -> Func:
    return Func(array, function="jsonb_array_length", output_field=models.IntegerField())


class Recording(models.Model):
    """The sound of one call. Peaks are made when it is stored, so that a page draws it without the sound.

    `redactions` counts its changes in `spans_number`; `redacted_file` is the copy with the spans silenced that was made
    of the change `redacted_number`. While the two numbers differ nobody of the client hears anything (ADR 32).
    """

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
    source_sha256 = models.CharField(max_length=64, default="", db_default="", blank=True)  # of what was sent
    redactions = models.JSONField(default=list, blank=True)  # [{"from_ms", "to_ms", "kind"}], domain.spans
    spans_number = models.PositiveIntegerField(default=0, db_default=0)
    redacted_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="redacted_recordings"
    )
    redacted_number = models.PositiveIntegerField(null=True, blank=True)
    original_gone_at = models.DateTimeField(null=True, blank=True)  # its bytes were destroyed: `file` is the copy
    unwanted = models.TextField(default="", db_default="", blank=True)  # hashes of bytes still to take away

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(duration_ms__gt=0), name="recording_has_a_length"),
            models.CheckConstraint(condition=_good_spans(), name="recording_spans_lie_inside"),
            models.CheckConstraint(
                condition=Q(redacted_file=None, redacted_number=None)
                | Q(redacted_file__isnull=False, redacted_number__isnull=False, redacted_number__lte=F("spans_number")),
                name="recording_copy_is_of_a_change",
            ),
            models.CheckConstraint(
                condition=Q(original_gone_at=None) | Q(redacted_file__isnull=False), name="recording_gone_has_a_copy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interaction} {self.duration_ms} ms"

    @property
    def seconds(self) -> float:
        return self.duration_ms / 1000


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
