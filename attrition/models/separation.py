"""A separation: somebody leaves the company."""

from django.db import models
from django.db.models import F, Q

from attrition.domain.reasons import KINDS, REASONS
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedText
from workforce.models import Employment


def _reason_fits_kind() -> Q:
    fits = Q()
    for kind in KINDS:
        fits |= Q(kind=kind, reason__in=[key for key, of in REASONS.items() if of == kind])
    return fits


class Separation(models.Model):
    """One HR event that ends one employment. A move between clients is none.

    `last_day` is the last day worked; a deferred trigger holds it to Employment.ends_on, the day after. `closed` is
    what ended with it and when that would have ended otherwise, so that taking it back restores the same.
    """

    data = DataClass(
        scope="public", personal=True, erasure="anonymise", retention="audit", part_of="employment",
        person=("employment",), by_words=True, clears=("note", "recorded_by"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employment = models.OneToOneField(Employment, on_delete=models.PROTECT, related_name="separation")
    last_day = models.DateField()
    notice_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=12)
    reason = models.CharField(max_length=24)
    note = TypedText(max_length=1000, blank=True, default="")
    closed = models.JSONField(default=dict, blank=True)
    recorded_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["last_day"], name="separation_by_last_day")]
        constraints = [
            models.CheckConstraint(condition=_reason_fits_kind(), name="separation_reason_is_of_its_kind"),
            models.CheckConstraint(
                condition=Q(notice_on=None) | Q(notice_on__lte=F("last_day")), name="separation_notice_comes_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employment.employee} {self.last_day}"
