"""What was asked about a person's data, and what stays of one who was erased: an id and hashes, nothing that names."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.files.models import StoredFile
from bpo.ids import uuid7


class SubjectKind(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    PERSON = "person", _("one of our people")


class Ground(models.TextChoices):
    """Why somebody is erased. A choice, for a reason in words could name who it was about."""

    ASKED = "asked", _("They asked for it")
    WITHDRAWN = "withdrawn", _("They took their consent back")
    NOT_NEEDED = "not_needed", _("We no longer need the data")
    UNLAWFUL = "unlawful", _("We should not have had the data")
    ORDERED = "ordered", _("A court or an authority ordered it")


class SubjectRequest(models.Model):
    """An export or an erasure of one person, until it is done. The owner ends an erasure in its transaction."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        ERASE = "erase", _("erasure")

    class State(models.TextChoices):
        ASKED = "asked", _("being carried out")
        DONE = "done", _("done")
        FAILED = "failed", _("not done")

    data = DataClass(scope="client", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject_kind = models.CharField(max_length=10, choices=SubjectKind.choices)
    subject_id = models.UUIDField(db_index=True)
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    counts = models.JSONField(default=list, blank=True)  # [[model, what became of its rows, how many]]
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["export", "erase"]), name="subject_request_kind_is_known"),
            models.CheckConstraint(
                condition=Q(subject_kind__in=["customer", "person"]), name="subject_request_subject_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "done", "failed"]), name="subject_request_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", finished_at=None) | (~Q(state="asked") & Q(finished_at__isnull=False)),
                name="subject_request_ended_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(kind="erase") | ~Q(ground=""), name="subject_erasure_has_a_ground"),
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(state="asked"), name="subject_request_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    def downloadable(self, now: datetime) -> bool:
        return self.file_id is not None and self.expires_at is not None and self.expires_at > now


class Tombstone(models.Model):
    """Somebody was erased here. Written by the owner; the client's role reads it, so that no file brings them back."""

    data = DataClass(scope="client", grants="read", audit=False, retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_kind = models.CharField(max_length=10, choices=SubjectKind.choices)
    subject_id = models.UUIDField(unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


class ErasedKey(models.Model):
    """A keyed hash of what an erased person, or a matter of theirs, is called elsewhere."""

    data = DataClass(scope="client", grants="read", audit=False, retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tombstone = models.ForeignKey(Tombstone, on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.digest[:8]
