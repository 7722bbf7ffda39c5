"""Training classes: the people who began together, and are followed together."""

from django.db import models

from accounts.models import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from workforce.models.employment import Employment


class TrainingClass(models.Model):
    """A class that begins on one day, for one client or for the pool."""

    data = DataClass(scope="public", export=False, retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="classes")
    name = TypedChar(max_length=80, unique=True)
    starts_on = models.DateField()

    class Meta:
        verbose_name_plural = "training classes"
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """One employment in one class; a spell of employment begins in at most one."""

    data = DataClass(scope="public", personal=True, retention="audit", person=("employment",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="enrolments")
    employment = models.OneToOneField(Employment, on_delete=models.PROTECT, related_name="enrolment")

    def __str__(self) -> str:
        return f"{self.employment.employee} in {self.training_class}"
