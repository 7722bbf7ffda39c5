"""What somebody would rather have on a day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from interactions.models import Actor
from scheduling.domain.preferences import WEIGHTS, Preferred


class Preference(models.Model):
    """A day off, or a start between two times of `zone`, each week on a weekday (Monday 0) or once on a date.

    One is live for each person and day. What was taken back or replaced stays as a row, so that of a published week
    can be told what was asked for by then.
    """

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        START = "start", _("start between two times")

    class Strength(models.TextChoices):
        LIKE = "like", _("would like it")
        MUCH = "much", _("matters much")

    class State(models.TextChoices):
        LIVE = "live", _("holds")
        BACK = "back", _("taken back")

    data = DataClass(scope="client", personal=True, person=("actor",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="preferences")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    begins_from = models.TimeField(null=True, blank=True)
    begins_until = models.TimeField(null=True, blank=True)  # within, too
    zone = models.CharField(max_length=64)
    strength = models.CharField(max_length=4, choices=Strength.choices)
    state = models.CharField(max_length=4, choices=State.choices, default=State.LIVE)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "weekday"], condition=Q(state="live"), name="preference_is_one_a_weekday"
            ),
            models.UniqueConstraint(
                fields=["actor", "date"], condition=Q(state="live"), name="preference_is_one_a_date"
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, date=None) | Q(weekday=None, date__isnull=False),
                name="preference_is_for_a_weekday_or_a_date",
            ),
            models.CheckConstraint(
                condition=Q(weekday=None) | Q(weekday__range=(0, 6)), name="preference_weekday_is_of_the_week"
            ),
            models.CheckConstraint(
                condition=Q(kind="off", begins_from=None, begins_until=None)
                | Q(kind="start", begins_from__isnull=False, begins_until__isnull=False, begins_until__gte=F("begins_from")),
                name="preference_band_is_for_a_start",
            ),
            models.CheckConstraint(condition=Q(strength__in=["like", "much"]), name="preference_strength_is_known"),
            models.CheckConstraint(
                condition=Q(state="live", ended_at=None)
                | Q(state="back", ended_at__isnull=False, ended_at__gte=F("stated_at")),
                name="preference_ends_when_taken_back",
            ),
            models.CheckConstraint(condition=~Q(zone=""), name="preference_is_in_a_zone"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.actor} {self.date or self.weekday}"

    @property
    def preferred(self) -> Preferred:
        return Preferred(
            self.pk, WEIGHTS[self.strength], self.zone, self.weekday, self.date, self.begins_from, self.begins_until
        )
