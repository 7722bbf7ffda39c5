"""The work ledger: nobody is booked twice, and rest holds between duties, across all clients.

Both are checked at the end of a transaction, so that two people swap by two updates and nobody is parked in between.
What a client books is checked at once all the same: `workforce_book` asks for it.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q

from accounts.models import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from workforce.models.employment import Employee


class Duty(models.Model):
    """One stretch of duty of an employee. `with_rest` is the stretch and the rest after it, kept by a trigger."""

    data = DataClass(scope="public", personal=True, retention="audit", person=("employee",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="duties")
    during = DateTimeRangeField()
    rest_minutes = models.PositiveIntegerField(default=660)
    with_rest = DateTimeRangeField(null=True, editable=False)
    business_date = models.DateField()
    zone = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(condition=Q(during__isempty=False), name="duty_is_not_empty"),
            models.CheckConstraint(
                condition=Q(during__lower_inf=False, during__upper_inf=False), name="duty_has_both_ends"
            ),
            models.CheckConstraint(condition=Q(with_rest__contains=F("during")), name="duty_rest_covers_duty"),
            ExclusionConstraint(
                name="rest_holds_between_duties",
                expressions=[("employee", RangeOperators.EQUAL), ("with_rest", RangeOperators.OVERLAPS)],
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.business_date}"


class WorkBlock(models.Model):
    """A stretch of a duty taken by one client. Another client sees it as "busy" and nothing more."""

    data = DataClass(scope="public", personal=True, retention="audit", person=("employee",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="blocks")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="blocks")
    during = DateTimeRangeField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="blocks")
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(during__isempty=False), name="block_is_not_empty"),
            ExclusionConstraint(
                name="nobody_is_booked_twice",
                expressions=[("employee", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.during}"
