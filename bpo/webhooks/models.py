"""Other systems that are told of what happens here, and what became of each telling (ADR 35)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON


class Endpoint(models.Model):
    """One address that takes events. Its secret is sealed; for a day after a change the one before is good, too."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")  # what happens meanwhile waits
        DISABLED = "disabled", _("switched off")  # nothing is kept for it

    data = DataClass(scope="client", export=False)  # another installation has other keys and must not send in its name

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    url = TypedChar(max_length=500)
    events = models.JSONField(default=list)  # codes of bpo/webhooks/events.py
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    sealed_secret = models.BinaryField()
    sealed_before = models.BinaryField(null=True, blank=True)
    before_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # deliveries given up in a row
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "disabled"]), name="endpoint_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sealed_before=None, before_until=None)
                | Q(sealed_before__isnull=False, before_until__isnull=False),
                name="endpoint_old_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one endpoint, with each attempt to send it. Its id and body stay, however often it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    # Ids, figures and a pseudonym: nothing that says who somebody is.
    data = DataClass(
        scope="client", export=False, audit=False, erasure="delete", retention="operational", dated="ended_at"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=60)
    event_id = models.UUIDField()
    body = models.TextField()  # as it is sent and signed, byte for byte
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    left = models.PositiveSmallIntegerField()  # attempts before it is given up
    tries = TypedJSON(default=list)  # [{"at", "ms", "status" of HTTP or null, "problem" in our words}, …]
    next_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="event_is_delivered_once_an_endpoint"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | Q(state__in=["delivered", "given_up"], ended_at__isnull=False),
                name="delivery_ended_says_when",
            ),
        ]
        indexes = [models.Index(fields=["endpoint", "state"], name="deliveries_by_state")]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
