"""Days that are not like others, as planners know them."""

from django.db import models
from django.db.models import F, Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Queue


class SpecialEvent(models.Model):
    """A holiday or event of one queue over local days, the whole of them or the same hours of each.

    Its days teach nothing of other days. `factor` is what it makes of the volume; empty is learned from earlier days
    of the same name. What was taken off stays as a row, so that a forecast made under it can be read.
    """

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="special_events")
    name = TypedChar(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()
    begins_minute = models.PositiveSmallIntegerField(default=0)  # of the local day
    ends_minute = models.PositiveSmallIntegerField(default=1440)
    factor = models.FloatField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="event_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(begins_minute__lt=F("ends_minute"), ends_minute__lte=1440), name="event_hours_are_of_a_day"
            ),
            models.CheckConstraint(condition=Q(factor=None) | Q(factor__range=(0, 20)), name="event_factor_is_usable"),
            models.CheckConstraint(condition=~Q(name=""), name="event_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_day}"

    @property
    def hours(self) -> str:
        """Its hours on the local clock; empty for the whole day."""
        if (self.begins_minute, self.ends_minute) == (0, 1440):
            return ""
        return f"{self.begins_minute // 60:02d}:{self.begins_minute % 60:02d}–{self.ends_minute // 60:02d}:{self.ends_minute % 60:02d}"
