"""A report as it was given to the client. Neither the text nor a file of it can be changed by the client's role."""

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q

from bpo.data_classes import DataClass
from bpo.files.models import StoredFile
from bpo.ids import uuid7
from bpo.typed import TypedChar


class ReportVersion(models.Model):
    """One revision of one week's report. `text` is canonical JSON; `sha256` is the hash of its UTF-8 bytes."""

    data = DataClass(scope="client", grants="frozen", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period_start = models.DateField()
    period_end = models.DateField()
    revision = models.PositiveSmallIntegerField()
    reason = TypedChar(max_length=300, blank=True, default="")
    built_at = models.DateTimeField()
    data_to = models.DateTimeField()
    definitions_version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-period_start", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["period_start", "revision"], name="report_revision_is_numbered_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="report_revision_counts_from_one"),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="report_revision_gives_its_reason"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="report_ends_after_start"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="report_hash_is_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.period_start} revision {self.revision}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """The frozen content, read once."""
        found: dict[str, Any] = json.loads(self.text)
        return found


class ReportFile(models.Model):
    """One rendering of a report, made once when it was frozen."""

    data = DataClass(scope="client", grants="frozen", retention="audit", part_of="report")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="report_files")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="report_file_is_one_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=["pdf", "xlsx", "csv"]), name="report_file_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.kind}"
