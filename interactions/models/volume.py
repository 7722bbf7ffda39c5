"""What arrived in a queue, interval by interval, where no single interaction need be known."""

from django.db import models
from django.db.models import F, Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from interactions.models.actor import Actor
from interactions.models.vocabulary import Queue


class Interval(models.Model):
    """Counts of one queue in one interval at the grain of its source. Times are UTC; the date is local to `zone`."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="intervals")
    source = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    business_date = models.DateField()
    zone = models.CharField(max_length=64)
    offered = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(null=True, blank=True)
    in_target = models.PositiveIntegerField(null=True, blank=True)  # answered within the queue's seconds
    abandoned = models.PositiveIntegerField(null=True, blank=True)
    handle_seconds = models.PositiveIntegerField(null=True, blank=True)  # of all answered together
    import_run_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["queue", "source", "starts_at"], name="interval_is_known_once"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 1440)), name="interval_is_a_day_at_most"),
            models.CheckConstraint(
                condition=Q(answered=None) | Q(answered__lte=F("offered")), name="interval_answered_of_offered"
            ),
            models.CheckConstraint(
                condition=Q(in_target=None) | Q(in_target__lte=F("answered")), name="interval_in_target_of_answered"
            ),
        ]
        indexes = [models.Index(fields=["queue", "business_date"], name="intervals_by_day")]

    def __str__(self) -> str:
        return f"{self.queue} {self.starts_at:%Y-%m-%d %H:%M}"


class Skill(models.Model):
    """An actor may serve a queue."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="skills")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="skills")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "queue"], name="skill_is_named_once")]

    def __str__(self) -> str:
        return f"{self.actor} {self.queue}"
