"""The link between a client's local Actor and the person behind it, and where that person sits."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from workforce.models.employment import Assignment, Employee, days


class Seat(models.Model):
    """One Actor of one client. `actor_id` is the Actor's id in the client's schema; the only link to a person."""

    data = DataClass(
        scope="public", personal=True, retention="audit", part_of="employee", person=("employee",), login=("user",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="seats")
    actor_id = models.UUIDField(default=uuid7)
    employee = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="seats")
    token_digest = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001 - empty is no token

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "actor_id"], name="seat_is_one_per_actor"),
            models.UniqueConstraint(fields=["client", "user"], name="seat_is_one_per_user_and_client"),
            models.UniqueConstraint(fields=["client", "employee"], name="seat_is_one_per_employee_and_client"),
            models.CheckConstraint(
                condition=Q(employee__isnull=False) | Q(user__isnull=False) | Q(token_digest__isnull=False),
                name="seat_has_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee or self.user or _('token')} at {self.client}"


class Placement(models.Model):
    """Which team an assignment sits in, under whom, on which pattern, for which dates. Actor.team is its copy."""

    data = DataClass(scope="public", personal=True, retention="audit", part_of="assignment", person=("assignment",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="placements")
    team_id = models.UUIDField()
    team_name = TypedChar(max_length=80)
    lead = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="led_placements")
    shift_pattern = TypedChar(max_length=80, blank=True, default="")
    pay_type = models.CharField(max_length=40, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="placement_ends_after_start"
            ),
            ExclusionConstraint(
                name="placements_of_an_assignment_do_not_overlap",
                expressions=[
                    ("assignment", RangeOperators.EQUAL),
                    (days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment.employee} in {self.team_name}"
