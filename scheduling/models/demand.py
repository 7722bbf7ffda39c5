"""What is expected and how many people that takes. Each run is written once, so a number keeps its inputs."""

from typing import Final

from django.db import models
from django.db.models import BigIntegerField, F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Queue


def on_the_quarter_hour(name: str) -> models.CheckConstraint:
    """That intervals lie on one grid: every zone's clock is a whole number of quarter hours from UTC.

    Not of the run's own intervals, for whole hours of Kolkata and half hours of Kathmandu begin beside UTC's.
    """
    past = Func(
        F("starts_at"), template="MOD(EXTRACT(EPOCH FROM %(expressions)s)::bigint, 900)", output_field=BigIntegerField()
    )
    return models.CheckConstraint(condition=Exact(past, 0), name=name)


class Forecast(models.Model):
    """One week of one queue as it was expected on a day, by the model named, with the trial that chose it.

    Of calls we make nothing is expected: a PLANNED one holds the attempts of a list, for its requirement alone.
    """

    PLANNED: Final = "planned"

    data = DataClass(scope="client", grants="frozen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="forecasts")
    week_start = models.DateField()
    zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField(default=30)
    method = models.CharField(
        max_length=40, default="weekday"
    )  # of MODELS in scheduling.domain.forecasting, or external, or PLANNED
    source = TypedChar(max_length=60, blank=True, default="")  # whose it is, where it was made elsewhere
    level = models.FloatField()  # the last days over their weekdays' usual
    level_days = models.PositiveSmallIntegerField()
    used = models.JSONField()  # business dates averaged
    left_out = models.JSONField()  # [[date, its total, its weekday's median]]
    trial = models.JSONField(default=dict)  # {first, last, spread, day_spread, models: [{name, wape, day_wape, ...}]}
    days = models.JSONField(default=list)  # [[date, volume, p10, p90]]
    effects = models.JSONField(default=list)  # [[event, date, factor, days it was learned from]]
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
    low = models.FloatField(null=True)  # p10 and p90
    high = models.FloatField(null=True)
    models = models.JSONField(default=dict)  # what each model says

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["forecast", "starts_at"], name="forecast_interval_is_known_once"),
            models.CheckConstraint(condition=Q(volume__gte=0, aht_seconds__gte=0), name="forecast_is_not_negative"),
            on_the_quarter_hour("forecast_interval_is_on_the_grid"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.volume:.1f}"


class ForecastEdit(models.Model):
    """A planner's change to a queue's forecasts over a stretch of time, with author and reason.

    It lies beside the model's numbers, never in them, and outlasts a new forecast. Taking one back is another row.
    """

    data = DataClass(scope="client", grants="frozen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="forecast_edits")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    factor = models.FloatField(null=True)
    volume = models.FloatField(null=True)  # of each interval
    reason = TypedChar(max_length=200)
    takes_back = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="taken_back_by")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="forecast_edit_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="forecast_edit_gives_its_reason"),
            models.CheckConstraint(
                condition=Q(takes_back=None, factor__isnull=False, factor__range=(0, 20), volume=None)
                | Q(takes_back=None, factor=None, volume__isnull=False, volume__range=(0, 1_000_000))
                | Q(takes_back__isnull=False, factor=None, volume=None),
                name="forecast_edit_says_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["queue", "ends_at"], name="forecast_edits_of_queue")]

    def __str__(self) -> str:
        return f"{self.queue} {self.begins_at:%Y-%m-%d %H:%M}"


_LIST: Final = ("records", "attempts", "reach", "talk_seconds", "unanswered_seconds")
_OUTBOUND: Final = Q(
    *[(f"{name}__isnull", False) for name in _LIST], method="outbound", target_seconds=0, records__gte=0,
    attempts__range=(1, 50), reach__range=(0, 1), talk_seconds__gt=0, unanswered_seconds__gt=0,
    patience_seconds=None, max_asa=None, concurrency=1,
)  # fmt: skip
_NOT_OUTBOUND: Final = ~Q(method="outbound") & Q(*[(name, None) for name in _LIST], reach_by_hour=[], learned_from=[])


class Requirement(models.Model):
    """Agents for a forecast, with the planner's edits on it, under a target."""

    class Method(models.TextChoices):
        ANSWER = "answer", _("answered in time, by Erlang")
        DUE = "due", _("done when it is due")
        OUTBOUND = "outbound", _("calls made, by attempts and reach")

    data = DataClass(scope="client", grants="frozen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="requirements")
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.ANSWER)
    service_level = models.FloatField(null=True)  # empty where nobody waits to be answered: by due time, and outbound
    target_seconds = models.FloatField()  # 0 for calls we make: nothing is awaited
    opens_minute = models.PositiveSmallIntegerField(default=0)  # when work that isn't answered is done, local clock
    closes_minute = models.PositiveSmallIntegerField(default=1440)
    weekends = models.BooleanField(default=True)
    backlog = models.FloatField(default=0)  # items open when the week begins
    # Calls we make: customers to try, attempts at each, the share of attempts that reach somebody, seconds of both.
    records = models.FloatField(null=True)
    attempts = models.PositiveSmallIntegerField(null=True)
    reach = models.FloatField(null=True)
    talk_seconds = models.FloatField(null=True)
    unanswered_seconds = models.FloatField(null=True)
    reach_by_hour = models.JSONField(default=list)  # [[hour of the local day, its own reach]]
    learned_from = models.JSONField(default=list)  # [[hour, attempts, reached, seconds, known, seconds, known]]
    max_occupancy = models.FloatField(null=True)
    shrinkage = models.FloatField(default=0)
    patience_seconds = models.FloatField(null=True)  # empty is Erlang C, else Erlang A
    minimum = models.PositiveSmallIntegerField(default=0)
    concurrency = models.PositiveSmallIntegerField(default=1)
    max_asa = models.FloatField(null=True)
    definition = models.CharField(max_length=40, default="served_of_offered")  # the contract's, of a service level
    short_seconds = models.FloatField(default=0)  # within which an abandon is short, where the definition asks
    parts = models.JSONField(default=list)  # [[name, share]] that shrinkage is the product of
    edits = models.JSONField(default=list)  # ids of the planner's edits that were on the forecast
    engine = models.PositiveSmallIntegerField(default=1)  # the version that computed it
    digest = models.CharField(max_length=64, default="")  # of every input and that version
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["due", "outbound"], service_level=None)
                | Q(method="answer", service_level__isnull=False, service_level__gt=0, service_level__lt=1),
                name="requirement_level_is_a_share",
            ),
            models.CheckConstraint(condition=_OUTBOUND | _NOT_OUTBOUND, name="requirement_outbound_has_its_list"),
            models.CheckConstraint(
                condition=Q(opens_minute__lt=F("closes_minute"), closes_minute__lte=1440),
                name="requirement_hours_are_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(shrinkage__gte=0, shrinkage__lt=1), name="requirement_shrinkage_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        if self.method == self.Method.OUTBOUND:
            return f"{self.forecast} {self.records:.0f} records"
        promised = "all" if self.service_level is None else f"{self.service_level:.0%}"
        return f"{self.forecast} {promised} in {self.target_seconds:.0f} s"

    @property
    def model_name(self) -> str:
        if self.method == self.Method.DUE:
            return str(_("Due time"))
        if self.method == self.Method.OUTBOUND:
            return str(_("Attempts and reach"))
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
    p_wait = models.FloatField(null=True)  # these four are empty where work may wait
    service_level = models.FloatField(null=True)
    asa_seconds = models.FloatField(null=True)
    occupancy = models.FloatField(null=True)
    left = models.FloatField(null=True)  # items open at its end, where work may wait
    late = models.FloatField(null=True)  # and overdue by then
    reach = models.FloatField(null=True)  # share of attempts that reach somebody, of calls we make
    callback_load = models.FloatField(default=0)  # Erlangs of promised callbacks, on top of the calls
    callback_agents = models.PositiveIntegerField(default=0)  # that they take, of `agents`
    decided_by = models.CharField(max_length=12, default="")  # level | wait | occupancy | minimum | due | attempts

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "starts_at"], name="requirement_interval_is_known_once"),
            on_the_quarter_hour("requirement_interval_is_on_the_grid"),
            models.CheckConstraint(
                condition=Q(reach=None) | Q(reach__range=(0, 1)), name="requirement_interval_reach_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.scheduled}"
