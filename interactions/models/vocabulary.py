"""The client's own words: queues, reasons, dispositions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Channel(models.TextChoices):
    VOICE = "voice", _("voice")
    CHAT = "chat", _("chat")
    EMAIL = "email", _("e-mail")
    MESSAGING = "messaging", _("messaging")
    BACK_OFFICE = "back_office", _("back office")


class Queue(models.Model):
    """Where work of one kind waits."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=60, unique=True)
    name = TypedChar(max_length=80)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.VOICE)
    # The service level promised: this share of what is offered, answered within so many seconds.
    answer_within_seconds = models.PositiveIntegerField(default=20)
    service_level_target = models.DecimalField(max_digits=4, decimal_places=3, default="0.800")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="queue_channel_is_known"),
            models.CheckConstraint(
                condition=Q(service_level_target__gt=0, service_level_target__lte=1),
                name="queue_target_is_a_fraction",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QueuePromise(models.Model):
    """The service level that a queue made from now on promises: a copy of the contract's, one row or none."""

    data = DataClass(scope="client", audit=False)

    service_level_target = models.DecimalField(max_digits=4, decimal_places=3)
    answer_within_seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="queue_promise_is_one"),
            models.CheckConstraint(
                condition=Q(service_level_target__gt=0, service_level_target__lte=1),
                name="queue_promise_is_a_fraction",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_level_target)


class Reason(models.Model):
    """Why a customer turned to the client."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=80, unique=True)
    name = TypedChar(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Disposition(models.Model):
    """How an interaction ended, in the agent's words."""

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=80, unique=True)
    name = TypedChar(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
