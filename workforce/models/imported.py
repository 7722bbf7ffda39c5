"""Runs of the people import: the operator's counterpart of a client's import runs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON


class PeopleImport(models.Model):
    """One file of people. `rows` are [number, {header: cell}, problems] of the mapped columns alone: what has no field
    is never kept."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for you")
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("not imported")

    data = DataClass(
        scope="public", personal=True, export=False, erasure="anonymise", retention="operational", by_words=True,
        clears=("name", "rows", "mapping", "left_out", "problem", "remedy", "user_name"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = TypedChar(max_length=255)
    rows = TypedJSON(default=list)
    mapping = TypedJSON(default=dict)
    left_out = TypedJSON(default=list)  # headers that fill no field
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    problem = TypedChar(max_length=500, blank=True, default="")
    remedy = TypedChar(max_length=500, blank=True, default="")
    user_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=120, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file_rows=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="people_import_accounts_for_every_row",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "queued", "running", "done", "failed"]),
                name="people_import_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.created_at:%Y-%m-%d}"


class PeopleProblem(models.Model):
    """One problem of one row: where, what, and what to do."""

    data = DataClass(
        scope="public", personal=True, export=False, audit=False, erasure="delete", retention="operational",
        by_words=True,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(PeopleImport, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    field = TypedChar(max_length=120)
    problem = TypedChar(max_length=500)
    remedy = TypedChar(max_length=500)

    class Meta:
        ordering = ["row", "id"]

    def __str__(self) -> str:
        return f"{self.row}: {self.field}"
