"""A host name a client says is its own, and whether DNS has said so too."""

from django.db import models
from django.db.models import Q

from accounts.models.client import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Claim(models.Model):
    """One claim, from asking to leaving. It is proven once, by its own token; a later claim needs a proof of its own.

    A trigger (migration 0007) keeps what it says from changing and a domain from outliving it.
    """

    data = DataClass(scope="public", retention="audit", part_of="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="claims")
    host = models.CharField(max_length=253)
    token = models.CharField(max_length=43)  # for all to read in DNS: it proves who may write there, and opens nothing
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = TypedChar(max_length=300, blank=True, default="")  # of the last check
    remedy = TypedChar(max_length=300, blank=True, default="")
    proven_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=Q(proven_at__isnull=False, left_at=None), name="claim_holds_once_per_host"
            ),
            models.UniqueConstraint(
                fields=["client", "host"], condition=Q(left_at=None), name="claim_is_open_once_per_client"
            ),
            models.UniqueConstraint(fields=["token"], name="claim_token_is_unique"),
            models.CheckConstraint(
                condition=Q(host__regex=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"),
                name="claim_host_is_a_host_name",
            ),
            models.CheckConstraint(condition=Q(token__regex=r"^[A-Za-z0-9_-]{43}$"), name="claim_token_is_random"),  # noqa: S106 - a pattern
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def record_name(self) -> str:
        """The name whose TXT record proves the claim."""
        return f"_bpo.{self.host}"

    @property
    def record_value(self) -> str:
        return f"bpo-proof={self.token}"
