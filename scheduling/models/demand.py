"""What is expected and how many people that takes. Each run is written once, so a number keeps its inputs."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from interactions.models import Actor, Queue


class Forecast(models.Model):
    """One week of one queue as it was expected on a day, from the days named."""

    data = DataClass(scope="client", grants="frozen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="forecasts")
    week_start = models.DateField()
    zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField(default=30)
    method = models.CharField(max_length=40, default="same_weekday_mean")
    level = models.FloatField()  # the last days over their weekdays' usual
    level_days = models.PositiveSmallIntegerField()
    used = models.JSONField()  # business dates averaged
    left_out = models.JSONField()  # [[date, its total, its weekday's median]]
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__in=[15, 30, 60]), name="forecast_interval_is_known"),
            models.CheckConstraint(condition=Q(week_start__week_day=2), name="forecast_week_starts_on_monday"),
        ]
        indexes = [models.Index(fields=["queue", "week_start", "-id"], name="forecasts_newest")]

    def __str__(self) -> str:
        return f"{self.queue} {self.week_start}"


class ForecastInterval(models.Model):
    """Volume and handling time of one interval, with the days and the number of interactions behind them."""

    data = DataClass(scope="client", grants="frozen", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="intervals")
    starts_at = models.DateTimeField()
    volume = models.FloatField()
    aht_seconds = models.FloatField()
    days = models.JSONField()  # [[date, what arrived in this interval]]
    handled = models.PositiveIntegerField()
    aht_of = models.CharField(max_length=8)  # hour | all

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["forecast", "starts_at"], name="forecast_interval_is_known_once"),
            models.CheckConstraint(condition=Q(volume__gte=0, aht_seconds__gte=0), name="forecast_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.volume:.1f}"


class Requirement(models.Model):
    """Agents for a forecast under a target."""

    data = DataClass(scope="client", grants="frozen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="requirements")
    service_level = models.FloatField()
    target_seconds = models.FloatField()
    max_occupancy = models.FloatField(null=True)
    shrinkage = models.FloatField(default=0)
    patience_seconds = models.FloatField(null=True)  # empty is Erlang C, else Erlang A
    minimum = models.PositiveSmallIntegerField(default=0)
    concurrency = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service_level__gt=0, service_level__lt=1), name="requirement_level_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(shrinkage__gte=0, shrinkage__lt=1), name="requirement_shrinkage_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forecast} {self.service_level:.0%} in {self.target_seconds:.0f} s"

    @property
    def model_name(self) -> str:
        return "Erlang C" if self.patience_seconds is None else "Erlang A"


class RequirementInterval(models.Model):
    """Agents of one interval: who serve, who are to be scheduled, and what the engine says of it."""

    data = DataClass(scope="client", grants="frozen", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="intervals")
    starts_at = models.DateTimeField()
    calls = models.FloatField()
    aht_seconds = models.FloatField()
    agents = models.PositiveIntegerField()
    scheduled = models.PositiveIntegerField()
    p_wait = models.FloatField()
    service_level = models.FloatField()
    asa_seconds = models.FloatField()
    occupancy = models.FloatField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "starts_at"], name="requirement_interval_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.scheduled}"
