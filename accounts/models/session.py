"""What is known of each session that is open, so that it can be listed and ended."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class OpenSession(models.Model):
    """A session of one user on one host (client empty: the operator's). Without its row a session is nobody's.

    A trigger (migration 0005) keeps a client's user on that client's host, and everything but `seen_at` and the key
    as it was opened.
    """

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
    key_hash = models.CharField(max_length=64, unique=True)  # of the session's key, which stands in no second table
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="open_sessions")
    agent = TypedChar(max_length=60, blank=True, default="")  # the browser in words
    address = models.GenericIPAddressField(null=True, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # written once a minute at most
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="session_ends_after_it_opened"),
            models.CheckConstraint(condition=Q(seen_at__gte=F("opened_at")), name="session_seen_since_it_opened"),
            models.CheckConstraint(condition=Q(key_hash__regex=r"^[0-9a-f]{64}$"), name="session_key_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.client or _('the operator')}"
