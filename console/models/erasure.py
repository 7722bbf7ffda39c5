"""An erasure the provisioner carries out in a client's schema, and afterwards the memory of it outside that schema."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7


class Erasure(models.Model):
    """One request of a client's, by ids. Once done it is what a restore is asked about: the client's own tombstone
    went with the schema that the restore replaced."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        REMOVING = "removing", _("rows gone, files going")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    data = DataClass(scope="public", export=False, audit=False, retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="erasures")
    request_id = models.UUIDField(unique=True)
    subject_kind = models.CharField(max_length=10, blank=True, default="")
    subject_id = models.UUIDField(null=True, db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    leftover = models.JSONField(default=list, blank=True)  # hashes of bytes to be taken away
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "removing", "done", "refused"]), name="erasure_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["removing", "done"]) | Q(subject_id__isnull=False),
                name="erasure_done_says_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["asked", "removing"]), name="erasures_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"
