"""Which shifts a week would need, as a search found them."""

from django.db import models
from django.db.models import F, IntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor
from scheduling.models.demand import Requirement


class ShiftDesign(models.Model):
    """One search for shifts that cover a requirement: what was asked, the best so far, and how good that is.

    Nothing is left to cover by hand: `problem` holds the agents by step and the kinds of shift, `shifts` the best found.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SOLVING = "solving", _("being designed")
        OPTIMAL = "optimal", _("proven best")
        FEASIBLE = "feasible", _("done in time")
        CANCELLED = "cancelled", _("stopped")
        FAILED = "failed", _("failed")

    RUNNING = ("queued", "solving")
    FOUND = ("optimal", "feasible", "cancelled")

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="designs")
    problem = models.JSONField()  # see scheduling.domain.designing.kept
    # Paid hours that an hour with somebody missing counts as, 0 where nobody may be: as the problem says it, which lists
    # don't load.
    missing = models.GeneratedField(
        expression=Coalesce(Cast(KT("problem__short"), IntegerField()) / Cast(KT("problem__step"), IntegerField()), 0),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    seconds = models.PositiveSmallIntegerField(default=30)  # the solver's time
    seed = models.PositiveIntegerField(default=1)  # of the search's chance
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    objective = models.PositiveIntegerField(
        null=True
    )  # paid minutes of the best so far, and what those missing count as
    bound = models.PositiveIntegerField(null=True)  # no design has less
    shifts = models.JSONField(null=True)  # the best so far, written while it is looked for
    stop_asked = models.BooleanField(default=False)  # the best so far is enough
    runs = models.PositiveSmallIntegerField(default=0)  # how often a worker began; more than once after a crash
    failure = TypedChar(max_length=300, blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement"], condition=Q(state__in=["queued", "solving"]), name="design_runs_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(seconds__range=(1, 120)), name="design_takes_two_minutes"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "solving", "optimal", "feasible", "cancelled", "failed"]),
                name="design_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(objective=None, bound=None, shifts=None)
                | Q(objective__isnull=False, bound__isnull=False, shifts__isnull=False, objective__gte=F("bound")),
                name="design_bound_is_under_its_objective",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["optimal", "feasible", "cancelled"]) | Q(objective__isnull=False),
                name="design_done_has_shifts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "solving"], finished_at=None)
                | (~Q(state__in=["queued", "solving"]) & Q(finished_at__isnull=False)),
                name="design_done_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.state}"

    @property
    def running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def found(self) -> bool:
        """Whether it is over and has shifts."""
        return self.state in self.FOUND

    @property
    def over(self) -> float | None:
        """How far it may be over the best, as a share of the bound; None before there is one."""
        if self.objective is None or not self.bound:
            return None
        return (self.objective - self.bound) / self.bound
