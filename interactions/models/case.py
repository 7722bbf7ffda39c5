"""The matter that groups interactions, and each time it was resolved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models.actor import Actor
from interactions.models.customer import Customer
from interactions.models.vocabulary import Queue, Reason


class Case(models.Model):
    """One matter of one customer. It is resolved, may be reopened, and counts each resolution."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        RESOLVED = "resolved", _("resolved")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", customer=("customer",), called=("reference",),
        keys=(("reference",),), clears=("reference",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = TypedChar(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    reason = models.ForeignKey(Reason, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    resolution_number = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(state="resolved", resolved_at__isnull=False, resolution_number__gt=0),
                name="case_resolved_says_when",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("opened_at")), name="case_resolved_after_opened"
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "resolved"]), name="case_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["state", "opened_at"], name="cases_by_state"),
            models.Index(fields=["customer", "opened_at"], name="cases_of_customer"),
        ]

    def __str__(self) -> str:
        return self.reference


class Resolution(models.Model):
    """One time a case was resolved. Written once; a reopening is on the case and in the audit log."""

    data = DataClass(scope="client", grants="frozen", customer=("case",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    resolved_at = models.DateTimeField()
    actor = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="resolutions")
    source = models.CharField(max_length=40)  # "person" or the importer's kind

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="resolution_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="resolution_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.case} no. {self.number}"
