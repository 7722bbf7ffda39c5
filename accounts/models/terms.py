"""What was agreed with a client, as far as the product obeys it. A change is another version with a reason."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.db.models import Q

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.permissions import Permission
from bpo.service_levels import LevelDefinition, counting_constraints, share_constraint
from bpo.typed import TypedChar


class Terms(models.Model):
    """One version of a client's terms. The newest holds; a client without any has what a new row would have."""

    data = DataClass(scope="public", grants="frozen", retention="audit", part_of="client")
    AGREED: Final = (
        "sees_reports", "sees_satisfaction", "sees_evaluations", "hears_recordings", "surveys_asked", "survey_rest_days",
        "service_level_target", "answer_within_seconds", "service_level_definition", "short_abandon_seconds",
        "second_person",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveIntegerField(default=1)
    sees_reports = models.BooleanField(default=True)
    sees_satisfaction = models.BooleanField(default=True)
    sees_evaluations = models.BooleanField(default=False)  # released ones, without who scored them
    hears_recordings = models.BooleanField(default=False, db_default=False)  # with the redacted parts silenced
    surveys_asked = models.BooleanField(default=True)
    survey_rest_days = models.PositiveSmallIntegerField(default=30)  # between two questions to one address
    service_level_target = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.8"))
    answer_within_seconds = models.PositiveIntegerField(default=20)
    # How the level is counted; empty where nothing was agreed on, also in every version from before this was a term.
    service_level_definition = models.CharField(
        max_length=40, choices=LevelDefinition.choices, blank=True, default="", db_default=""
    )
    short_abandon_seconds = models.PositiveSmallIntegerField(null=True, blank=True)  # less than that is short
    # Whether a second person publishes a week that another sent for review.
    second_person = models.BooleanField(default=False, db_default=False)
    reason = TypedChar(max_length=300)
    set_by_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], name="terms_are_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="terms_count_from_one"),
            models.CheckConstraint(condition=Q(survey_rest_days__range=(1, 730)), name="terms_rest_is_days"),
            share_constraint("terms_target_is_a_share"),
            models.CheckConstraint(
                condition=Q(answer_within_seconds__range=(1, 86_400)), name="terms_answer_is_seconds"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="terms_have_a_reason"),
            *counting_constraints("terms"),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.number}"

    def hidden(self) -> frozenset[Permission]:
        """What the client's own people don't see, whatever their role."""
        shown = {
            Permission.SEE_REPORTS: self.sees_reports,
            Permission.SEE_CSAT: self.sees_satisfaction,
            Permission.SEE_CLIENT_EVALUATIONS: self.sees_evaluations,
            Permission.HEAR_REDACTED: self.hears_recordings,
        }
        return frozenset(permission for permission, agreed in shown.items() if not agreed)
