"""A client's week as figures, so that no page ever walks over the clients' schemas."""

from django.db import models

from accounts.models import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7


class WeekRollup(models.Model):
    """The six measures of one client in one of its own weeks, Monday to Sunday in its zone (`console.domain.week`)."""

    data = DataClass(scope="public", export=False, audit=False, retention="operational")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="week_rollups")
    week_start = models.DateField()
    zone = models.CharField(max_length=64)
    measures = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["client_id", "week_start"]
        constraints = [
            models.UniqueConstraint(fields=["client", "week_start"], name="rollup_is_one_per_client_and_week"),
            models.CheckConstraint(condition=models.Q(week_start__week_day=2), name="rollup_week_starts_on_monday"),
        ]
        indexes = [models.Index(fields=["week_start"], name="rollups_by_week")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.week_start}"
