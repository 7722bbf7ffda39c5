"""What planners bring from elsewhere: forecasts of other systems, and callbacks that customers were promised."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Queue


class ExternalInterval(models.Model):
    """What another system expects of a queue in one interval. It is used where a planner takes it."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="external_intervals")
    source = TypedChar(max_length=60)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    volume = models.FloatField()
    aht_seconds = models.FloatField(null=True)
    import_run_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["queue", "source", "starts_at"], name="external_interval_is_known_once"),
            models.CheckConstraint(condition=Q(minutes__range=(5, 1440)), name="external_interval_is_a_day_at_most"),
            models.CheckConstraint(condition=Q(volume__gte=0), name="external_volume_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.source} {self.starts_at:%Y-%m-%d %H:%M}"


class PromisedCallback(models.Model):
    """A call back that a customer timed: the window promised, and how long it is expected to take. Not who."""

    class State(models.TextChoices):
        DUE = "due", _("due")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="callbacks")
    source = TypedChar(max_length=60)
    external_id = TypedChar(max_length=100)
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    handle_seconds = models.PositiveIntegerField(null=True)  # empty: the queue's own handling time then
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    import_run_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["window_start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="callback_is_known_once"),
            models.CheckConstraint(condition=Q(window_end__gt=F("window_start")), name="callback_window_is_a_time"),
            models.CheckConstraint(condition=Q(state__in=["due", "done", "cancelled"]), name="callback_state_is_known"),
        ]
        indexes = [models.Index(fields=["queue", "window_start"], name="callbacks_of_queue")]

    def __str__(self) -> str:
        return f"{self.queue} {self.window_start:%Y-%m-%d %H:%M}"
