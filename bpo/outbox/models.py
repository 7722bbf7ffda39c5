"""Work that must happen, as rows written in the transaction that caused it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Job(models.Model):
    """One piece of work. A client's role may insert its own (row policy, migration 0002) and read none."""

    class State(models.TextChoices):
        READY = "ready", _("ready")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        DEAD = "dead", _("dead")
        UNCERTAIN = "uncertain", _("uncertain")

    data = DataClass(
        scope="public", export=False, audit=False, erasure="anonymise", retention="operational", by_words=True,
        clears=("last_error",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(settings.TENANT_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    dedupe_key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)  # ids only: never a name, an address or a text
    run_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_error = TypedChar(max_length=1000, blank=True, default="")

    class Meta:
        db_table = "outbox_job"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "dedupe_key"], name="outbox_dedupe_key_is_unique_in_client", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "running", "done", "dead", "uncertain"]), name="outbox_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="outbox_running_means_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["run_at"], condition=Q(state="ready"), name="outbox_due"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="outbox_leases"),
            models.Index(fields=["client", "state"], name="outbox_by_client"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


class Slot(models.Model):
    """A local time at which a job fell due for a client. The unique row is the claim: one winner, once."""

    data = DataClass(scope="public", export=False, audit=False, retention="operational")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(settings.TENANT_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    local_slot = models.CharField(max_length=40)
    claimed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outbox_slot"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name", "local_slot"], name="slot_runs_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.local_slot}"
