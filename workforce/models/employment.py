"""Who is employed, where, and for which client they work."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class DateRange(Func):
    """PostgreSQL's daterange(from, to), half-open; a missing end is open."""

    function = "daterange"


def days(start: str, end: str) -> DateRange:
    return DateRange(F(start), F(end), Value("[)"))


class Site(models.Model):
    """A place people work from."""

    data = DataClass(scope="public", export=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = TypedChar(max_length=80, unique=True)
    zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)

    def __str__(self) -> str:
        return self.name


class Employee(models.Model):
    """A person the BPO employs or employed. One row for life, whatever clients they serve."""

    data = DataClass(
        scope="public", personal=True, erasure="anonymise", subject="person", called=("number", "name", "email"),
        keys=(("number",),), clears=("number", "email"), renames=("name",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = TypedChar(max_length=40, unique=True)
    name = TypedChar(max_length=120)
    email = models.EmailField(blank=True, default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Employment(models.Model):
    """A spell of employment, from its first day to the day after its last."""

    data = DataClass(scope="public", personal=True, retention="audit", part_of="employee", person=("employee",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="employments")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="employments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the first day no longer employed
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="employment_ends_after_start"
            ),
            ExclusionConstraint(
                name="employments_do_not_overlap",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    (days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} from {self.starts_on}"


class Assignment(models.Model):
    """An employee's work for a client, for a share of their time."""

    data = DataClass(scope="public", personal=True, retention="audit", part_of="employee", person=("employee",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="assignments")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="assignments")
    share = models.DecimalField(max_digits=4, decimal_places=3, default=1)  # of working time, 0..1
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="assignment_share_is_a_fraction"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="assignment_ends_after_start"
            ),
            ExclusionConstraint(
                name="assignments_to_a_client_do_not_overlap",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    ("client", RangeOperators.EQUAL),
                    (days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} for {self.client}"
