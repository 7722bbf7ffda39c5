"""Runs of the import framework: what came, how far it got, what was refused and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.files.models import StoredFile
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON


class ImportRun(models.Model):
    """One file through one importer. Counts add up to the rows of the file once it is done."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for you")
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("not imported")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", by_words=True,
        clears=("actor_name", "mapping", "problem", "remedy"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="imports")
    mapping = TypedJSON(default=dict)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    values = models.JSONField(default=dict, blank=True)  # {"created": …} of what rows hold that hold many, else {}
    problem = TypedChar(max_length=500, blank=True, default="")
    remedy = TypedChar(max_length=500, blank=True, default="")
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file_rows=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="import_accounts_for_every_row",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "queued", "running", "done", "failed"]), name="import_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"


class RejectedRow(models.Model):
    """One problem of one row: where, what, and what to do."""

    data = DataClass(
        scope="client", personal=True, audit=False, erasure="delete", retention="operational", by_words=True,
        dated="run__created_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    field = TypedChar(max_length=120)
    problem = TypedChar(max_length=500)
    remedy = TypedChar(max_length=500)

    class Meta:
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["run", "row"], name="rejected_by_row")]

    def __str__(self) -> str:
        return f"{self.row}: {self.field}"
