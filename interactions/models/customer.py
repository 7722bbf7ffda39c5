"""The person served."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Customer(models.Model):
    data = DataClass(
        scope="client", personal=True, erasure="anonymise", subject="customer",
        called=("reference", "name", "email", "phone"), keys=(("reference",),),
        clears=("reference", "name", "email", "phone"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = TypedChar(max_length=120, null=True, blank=True, unique=True)  # the client's own id
    name = TypedChar(max_length=120, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    phone = TypedChar(max_length=40, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    no_surveys = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reference=""), name="customer_reference_is_not_empty")]

    def __str__(self) -> str:
        return self.name or self.reference or str(self.pk)
