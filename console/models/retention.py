"""How long one client's data is kept where its contract says so, and the nightly end of what is past it."""

from django.db import models
from django.db.models import Q

from accounts.models import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.privacy.domain.retention import TERMS


class RetentionTerm(models.Model):
    """Days that a contract says for one kind of data; without a row ours hold."""

    data = DataClass(scope="public", export=False, retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="retention_terms")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in TERMS])
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "kind"], name="retention_term_is_one_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=list(TERMS)), name="retention_term_kind_is_known"),
            models.CheckConstraint(condition=Q(days__range=(1, 3660)), name="retention_term_is_up_to_ten_years"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days} days"


class RetentionRun(models.Model):
    """One client's night: claimed by its day, worked off batch by batch by who holds the owner."""

    data = DataClass(scope="public", export=False, audit=False, retention="operational")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="retention_runs")
    day = models.DateField()
    counts = models.JSONField(default=dict, blank=True)  # {model: rows}
    batches = models.PositiveIntegerField(default=0)
    looked = models.UUIDField(null=True, editable=False)  # the last imported file that was looked at on disk
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["client", "day"], name="retention_run_is_one_a_day")]
        indexes = [models.Index(fields=["id"], condition=Q(finished_at=None), name="retention_runs_waiting")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.day}"
