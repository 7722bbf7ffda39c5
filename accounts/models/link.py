"""Links that let somebody in, sent by mail."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7

RESET_HOURS, INVITATION_DAYS = 1, 7


class SignInLink(models.Model):
    """A single-use link for one purpose, one user, one realm and so one host; only its token's hash is kept.

    `user` is empty when a reset was asked for an address that can't have one: the row costs the same work as any
    other and opens nothing. A trigger (migration 0005) refuses a link that is used or ended twice, or changed.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        RESET = "reset", _("new password")

    data = DataClass(
        scope="public",
        personal=True,
        export=False,
        audit=False,
        erasure="delete",
        retention="operational",
        login=("user",),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_in_links")
    realm = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    address_hash = models.CharField(max_length=64)  # keyed, of the realm and address asked for: it can be counted
    asked_from = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back, or another took its place

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["invitation", "reset"]), name="link_purpose_is_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="link_expires_after_creation"),
            models.CheckConstraint(
                condition=Q(purpose="reset", expires_at__lte=F("created_at") + timedelta(hours=RESET_HOURS))
                | Q(purpose="invitation", expires_at__lte=F("created_at") + timedelta(days=INVITATION_DAYS)),
                name="link_lives_as_long_as_its_purpose",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None)
                | Q(used_at__gte=F("created_at"), used_at__lt=F("expires_at"), user__isnull=False),
                name="link_used_while_it_was_good",
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(ended_at=None), name="link_used_or_ended"),
            models.CheckConstraint(
                condition=~Q(purpose="invitation") | Q(user__isnull=False), name="link_invites_somebody"
            ),
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(used_at=None, ended_at=None), name="link_is_one_open_per_user"
            ),
        ]
        indexes = [
            models.Index(fields=["address_hash", "created_at"], name="links_by_address"),
            models.Index(fields=["asked_from", "created_at"], name="links_by_asker"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"
