"""The operator's library of scorecards: templates, their numbered versions, and what was offered to whom."""

from django.db import models
from django.db.models import Q

from accounts.models import Client, User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON
from interactions.models.vocabulary import Channel


class ScorecardTemplate(models.Model):
    """A form that clients may start their own scorecard from, through all its versions."""

    data = DataClass(scope="public", export=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=60, unique=True)
    name = TypedChar(max_length=120)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["", *Channel.values]), name="template_channel_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """What a template says from here on. Written once; a change is another version with a note."""

    data = DataClass(scope="public", grants="frozen", export=False, retention="audit", part_of="template")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.ForeignKey(ScorecardTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = TypedJSON()
    content_hash = models.CharField(max_length=64)
    note = TypedChar(max_length=300)
    set_by_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="template_version_counts_from_one"),
            models.CheckConstraint(condition=~Q(note=""), name="template_version_says_what_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"


class TemplateOffer(models.Model):
    """A version offered to a client; taken once the copy inside the client is made."""

    data = DataClass(scope="public", export=False, part_of="version")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="offers")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="template_offers")
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=120)
    copied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-offered_at"]
        constraints = [models.UniqueConstraint(fields=["version", "client"], name="template_is_offered_once")]

    def __str__(self) -> str:
        return f"{self.version} to {self.client}"
