"""The client's own words: queues, reasons, dispositions."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.service_levels import Counting, LevelDefinition, counting_constraints, share_constraint
from bpo.typed import TypedChar


class Channel(models.TextChoices):
    VOICE = "voice", _("voice")
    CHAT = "chat", _("chat")
    EMAIL = "email", _("e-mail")
    MESSAGING = "messaging", _("messaging")
    BACK_OFFICE = "back_office", _("back office")


CALLS_OUT: Final = (Channel.VOICE, Channel.MESSAGING)  # customers are called over these


class Queue(models.Model):
    """Where work of one kind waits."""

    class Direction(models.TextChoices):
        IN = "in", _("inbound: customers turn to us")
        OUT = "out", _("outbound: we call customers")

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=60, unique=True)
    name = TypedChar(max_length=80)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.VOICE)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN, db_default=Direction.IN)
    # The service level promised: this share of what is offered, answered within so many seconds.
    answer_within_seconds = models.PositiveIntegerField(default=20)
    service_level_target = models.DecimalField(max_digits=4, decimal_places=3, default="0.800")
    # How that share is counted, as agreed; empty where nothing was. An abandon under the seconds is short.
    service_level_definition = models.CharField(
        max_length=40, choices=LevelDefinition.choices, blank=True, default="", db_default=""
    )
    short_abandon_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    # Whether a second person publishes a week that another sent for review.
    second_person = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="queue_channel_is_known"),
            models.CheckConstraint(
                condition=Q(direction="in") | Q(direction="out", channel__in=CALLS_OUT),
                name="queue_direction_fits_its_channel",
            ),
            share_constraint("queue_target_is_a_fraction"),
            models.UniqueConstraint(Lower("name"), name="queue_name_is_of_one"),
            models.UniqueConstraint(Lower("key"), name="queue_key_is_of_one"),  # imports find it in either case
            *counting_constraints("queue"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counting(self) -> Counting:
        """How its service level is counted from now on."""
        return Counting(self.service_level_definition, self.short_abandon_seconds)


class PastCounting(models.Model):
    """What a queue promised before a day, and how that was counted: what it said when that day something else was agreed on.

    A week is counted by what held on its last day, so one that is over keeps the seconds and the definition of then.
    """

    data = DataClass(scope="client", grants="frozen", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="past_countings")
    until = models.DateField()  # the first business date that something else was promised for
    service_level_target = models.DecimalField(max_digits=4, decimal_places=3)
    answer_within_seconds = models.PositiveIntegerField()
    service_level_definition = models.CharField(max_length=40, choices=LevelDefinition.choices, blank=True)
    short_abandon_seconds = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["until", "id"]
        constraints = [
            share_constraint("past_counting_target_is_a_fraction"),
            *counting_constraints("past_counting"),
            # Of several changes in a day the first says what held before it.
            models.UniqueConstraint(fields=["queue", "until"], name="past_counting_is_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} until {self.until}"


class QueuePromise(models.Model):
    """What a queue made from now on promises: a copy of the contract's, one row or none."""

    data = DataClass(scope="client", audit=False)

    service_level_target = models.DecimalField(max_digits=4, decimal_places=3)
    answer_within_seconds = models.PositiveIntegerField()
    service_level_definition = models.CharField(
        max_length=40, choices=LevelDefinition.choices, blank=True, default="", db_default=""
    )
    short_abandon_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    second_person = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="queue_promise_is_one"),
            share_constraint("queue_promise_is_a_fraction"),
            *counting_constraints("queue_promise"),
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
