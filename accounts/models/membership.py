"""The only source of access."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.roles import ROLES


class Membership(models.Model):
    """A role of a user at one client, or at the operator (client empty), for a time.

    Triggers refuse a client-realm user any client but their own (migration 0002), and keep one operator admin whose
    access has no end (migration 0006).
    """

    class Scope(models.TextChoices):
        ALL = "all", _("everything there")
        TEAMS = "teams", _("own teams")
        SELF = "self", _("own work")

    data = DataClass(scope="public", personal=True, erasure="delete", part_of="client", login=("user",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(role.key, role.label) for role in ROLES.values()])
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.ALL)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "client", "role"], name="membership_is_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=~Q(role="third_party") | Q(ends_at__isnull=False), name="membership_of_third_party_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()} at {self.client or _('the operator')}"
