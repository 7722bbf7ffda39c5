"""API tokens: knox keeps the hash, we bind it to one client."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from knox.models import AbstractAuthToken

from accounts.models.client import Client
from bpo.data_classes import DataClass
from bpo.typed import TypedChar


class Token(AbstractAuthToken):  # type: ignore[misc]  # knox ships no types
    """A named, scoped, expiring key to one client's API."""

    data = DataClass(scope="public", personal=True, export=False, erasure="delete", part_of="client", login=("user",))

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    name = TypedChar(max_length=80)
    scopes = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expiry__isnull=False) & Q(expiry__lte=F("created") + timedelta(days=366)),
                name="token_expires_within_a_year",
            )
        ]

    @property
    def audit_id(self) -> str:
        """What a log calls a token. Its key is the digest it is checked by, which no page shows."""
        return str(self.digest[:32])

    def __str__(self) -> str:
        return self.name
