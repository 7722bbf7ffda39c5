"""A company's own sign-in: which provider a realm trusts, and who is who there."""

from django.db import models
from django.db.models import Q

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar

NEW_ROLES = ("client_user", "client_approver")


class IdentityProvider(models.Model):
    """An OpenID Connect provider of one realm (empty: staff). Its realm, issuer and client id never change.

    Somebody it signs in for the first time becomes a new user with `new_role`; without that they are refused. Staff
    are made by people alone.
    """

    data = DataClass(scope="public", export=False, part_of="realm")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    realm = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="providers")
    name = TypedChar(max_length=60)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=255)
    sealed_secret = models.BinaryField()
    authorisation_endpoint = models.CharField(max_length=500)  # as the provider said when it was set up
    token_endpoint = models.CharField(max_length=500)
    keys_endpoint = models.CharField(max_length=500)
    new_role = models.CharField(max_length=24, blank=True, default="", choices=[(one, one) for one in NEW_ROLES])
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["realm"], name="provider_is_one_a_realm", nulls_distinct=False),
            models.CheckConstraint(condition=Q(new_role__in=["", *NEW_ROLES]), name="provider_new_role_is_known"),
            models.CheckConstraint(condition=Q(realm__isnull=False) | Q(new_role=""), name="provider_makes_no_staff"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class ExternalIdentity(models.Model):
    """Who a provider's subject is here. A trigger keeps it in the provider's realm and as it is (migration 0009)."""

    data = DataClass(
        scope="public", personal=True, export=False, erasure="delete", retention="operational", login=("user",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="external_identities")
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_is_one_user"),
            models.UniqueConstraint(fields=["provider", "user"], name="identity_is_one_a_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} by {self.provider}"
