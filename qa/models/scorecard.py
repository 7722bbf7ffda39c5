"""A scorecard, its one draft, and its published versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON
from interactions.models import Actor
from interactions.models.vocabulary import Channel


class Mode(models.TextChoices):
    NESTED = "nested", _("sections, then questions by weight")
    FLAT = "flat", _("questions by weight")
    POINTS = "points", _("points")
    POINTS_X_WEIGHT = "points_x_weight", _("points times section weight")


class Scorecard(models.Model):
    """What interactions of one kind are scored with, through all its versions."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=60, unique=True)
    name = TypedChar(max_length=120)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True, default="")  # "" is any
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["", *Channel.values]), name="scorecard_channel_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ScorecardDraft(models.Model):
    """What is being written; it scores nothing until it is published into a version."""

    data = DataClass(scope="client", part_of="scorecard")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scorecard = models.OneToOneField(Scorecard, on_delete=models.CASCADE, related_name="draft")
    content = TypedJSON()
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(Actor, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.scorecard} draft"


class ScorecardVersion(models.Model):
    """A scorecard as it scores. Published is frozen: the client's role can't change it.

    `content` is the form of the scoring engine with the words beside it: `title` of a section, `text`, `short`,
    `guidance` and `comment` of a question, `label` of an option.
    """

    data = DataClass(scope="client", grants="frozen", retention="audit", part_of="scorecard")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=16, choices=Mode.choices)
    pass_mark = models.DecimalField(max_digits=5, decimal_places=2)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)  # SHA-256 of the content as canonical JSON
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["scorecard", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "number"], name="scorecard_version_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scorecard_version_counts_from_one"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="scorecard_mode_is_known"),
            models.CheckConstraint(condition=Q(pass_mark__range=(0, 100)), name="scorecard_pass_mark_is_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} version {self.number}"
