"""A scorecard, its one draft, and its published versions."""

from django.db import models
from django.db.models import F, Q
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
    template = models.ForeignKey("qa.TemplateCopy", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["", *Channel.values]), name="scorecard_channel_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ScorecardDraft(models.Model):
    """What is being written; it scores nothing until it is published into a version. May be incomplete or wrong."""

    data = DataClass(scope="client", part_of="scorecard")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scorecard = models.OneToOneField(Scorecard, on_delete=models.CASCADE, related_name="draft")
    content = TypedJSON()
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(Actor, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)  # goes up with each edit, and numbers it
    asked_at = models.DateTimeField(null=True, blank=True)  # somebody else was asked to publish it as it stands
    asked_by = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None) | Q(asked_at__isnull=False), name="draft_asked_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} draft"


class DraftEdit(models.Model):
    """One edit of a draft, and the step that takes it back. Together they say who wrote the draft."""

    data = DataClass(scope="client", part_of="draft", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(ScorecardDraft, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()  # the draft's version after it
    step = TypedJSON()
    back = TypedJSON()
    takes_back = models.PositiveIntegerField(null=True, blank=True)  # the number of the edit this one undoes
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(Actor, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="draft_edit_is_numbered_once"),
            models.UniqueConstraint(fields=["draft", "takes_back"], name="draft_edit_is_taken_back_once"),
            models.CheckConstraint(
                condition=Q(takes_back=None) | Q(takes_back__lt=F("number")), name="draft_edit_takes_back_an_earlier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft} edit {self.number}"


class ScorecardVersion(models.Model):
    """A scorecard as it scores. Published is frozen: the client's role can't change it.

    `content` is the form of the scoring engine with the words beside it: `title` of a section, `text`, `short`,
    `guidance` and `precedents` of a question, `label` of an option.
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
    written_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")  # its last editor
    reason = TypedChar(max_length=300, blank=True, default="")  # what changed, in words

    class Meta:
        ordering = ["scorecard", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "number"], name="scorecard_version_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scorecard_version_counts_from_one"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="scorecard_mode_is_known"),
            models.CheckConstraint(condition=Q(pass_mark__range=(0, 100)), name="scorecard_pass_mark_is_0_to_100"),
            models.CheckConstraint(
                condition=Q(written_by=None) | Q(published_by__isnull=False) & ~Q(published_by=F("written_by")),
                name="scorecard_version_has_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(written_by=None) | ~Q(reason=""), name="scorecard_version_says_what_changed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} version {self.number}"


class TemplateCopy(models.Model):
    """A version of a template of the operator's library, as it was offered here: a copy that a job makes once.

    `template_id` and `number` name the original in public, which no foreign key may.
    """

    data = DataClass(scope="client", grants="frozen", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template_id = models.UUIDField()
    number = models.PositiveIntegerField()
    key = TypedChar(max_length=60)
    name = TypedChar(max_length=120)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True, default="")
    note = TypedChar(max_length=300, blank=True, default="")
    content = TypedJSON()
    content_hash = models.CharField(max_length=64)
    offered_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template_id", "number"], name="template_is_copied_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="template_copy_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class ScorecardReplay(models.Model):
    """What past evaluations would have scored under one content of a draft: bound to it by its hash."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    data = DataClass(scope="client", part_of="scorecard")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="replays")
    content = TypedJSON()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)  # evaluations there are
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)  # counts, means, and [evaluation, old, outcome, new, outcome] in order
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Actor, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "content_hash"], name="replay_is_made_once_a_content"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="replay_does_no_more_than_there_is"),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="replay_over_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} replay {self.content_hash[:12]}"
