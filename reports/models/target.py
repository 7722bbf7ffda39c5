"""What was promised, from a day on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from interactions.models import Queue


class Target(models.Model):
    """A promise for one measure, of one queue or of the whole account. A change is another row with a later day.

    `value` is in the measure's own unit, shares 0..1; `amber` says how far beyond it the result is still amber.
    """

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    data = DataClass(
        scope="client", grants="frozen", personal=True, erasure="anonymise", by_words=True, clears=("set_by",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.CharField(max_length=10)
    queue = models.ForeignKey(Queue, null=True, on_delete=models.PROTECT, related_name="targets")
    value = models.DecimalField(max_digits=12, decimal_places=4)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    amber = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    valid_from = models.DateField()
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=["at_least", "at_most"]), name="target_direction_is_known"
            ),
            models.CheckConstraint(condition=Q(amber__gte=0), name="target_amber_is_a_distance"),
        ]
        indexes = [models.Index(fields=["measure", "valid_from"], name="targets_by_measure")]

    def __str__(self) -> str:
        return f"{self.measure} {self.direction} {self.value}"
