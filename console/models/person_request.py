"""An export or an erasure of one person, over public and every client they have a seat at."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.privacy.models import Ground
from workforce.models import Employee


class PersonRequest(models.Model):
    """One request; it ends done, or failed. It is about somebody we employ or employed, or about a sign-in of nobody
    we employ: a client's own people, evaluators of a third party."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        ERASE = "erase", _("erasure")

    class State(models.TextChoices):
        ASKED = "asked", _("being carried out")
        DONE = "done", _("done")
        FAILED = "failed", _("not done")

    data = DataClass(
        scope="public", personal=True, export=False, retention="audit", person=("employee",), login=("user",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    employee = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="requests")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="requests")
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    counts = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["export", "erase"]), name="person_request_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "done", "failed"]), name="person_request_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(kind="erase") | ~Q(ground=""), name="person_erasure_has_a_ground"),
            models.CheckConstraint(
                condition=Q(employee=None, user__isnull=False) | Q(employee__isnull=False, user=None),
                name="person_request_is_about_one",
            ),
            models.UniqueConstraint(
                fields=["kind", "employee", "user"],
                condition=Q(state="asked"),
                name="person_request_waits_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.employee_id or self.user_id}"

    def downloadable(self, now: datetime) -> bool:
        return self.kind == self.Kind.EXPORT and self.expires_at is not None and self.expires_at > now
