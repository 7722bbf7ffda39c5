"""One call, chat, mail or back-office item."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models.actor import Actor
from interactions.models.case import Case
from interactions.models.customer import Customer
from interactions.models.vocabulary import Channel, Disposition, Queue, Reason


class Interaction(models.Model):
    """One piece of work with a customer. Times are UTC; the business date is local to `zone`."""

    class Direction(models.TextChoices):
        IN = "in", _("inbound")
        OUT = "out", _("outbound")
        BACK_OFFICE = "back_office", _("back office")

    class AuthMode(models.TextChoices):
        PASSIVE = "passive", _("passive")
        ACTIVE = "active", _("active")

    class AuthResult(models.TextChoices):
        PASSED = "passed", _("passed")
        FAILED = "failed", _("failed")
        NOT_TRIED = "not_tried", _("not tried")

    class Consent(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        GIVEN = "given", _("given")
        REFUSED = "refused", _("refused")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", customer=("customer", "case"), called=("external_id",),
        keys=(("source", "external_id"),), clears=("external_id", "fingerprint"), marks=("abusive_reason",),
        stays=("source",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = TypedChar(max_length=60)
    external_id = TypedChar(max_length=200)
    direction = models.CharField(max_length=12, choices=Direction.choices, default=Direction.IN)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.VOICE)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="interactions")
    reason = models.ForeignKey(Reason, null=True, blank=True, on_delete=models.PROTECT, related_name="interactions")
    disposition = models.ForeignKey(
        Disposition, null=True, blank=True, on_delete=models.PROTECT, related_name="interactions"
    )
    agent = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="interactions")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="interactions"
    )
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="interactions")
    callback_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="callbacks")

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    business_date = models.DateField()
    zone = models.CharField(max_length=64)

    wait_seconds = models.PositiveIntegerField(null=True, blank=True)
    talk_seconds = models.PositiveIntegerField(null=True, blank=True)
    hold_seconds = models.PositiveIntegerField(null=True, blank=True)
    after_call_seconds = models.PositiveIntegerField(null=True, blank=True)

    abandoned = models.BooleanField(default=False)
    transferred = models.BooleanField(default=False)
    escalated = models.BooleanField(default=False)

    auth_method = models.CharField(max_length=40, blank=True, default="")
    auth_mode = models.CharField(max_length=8, choices=AuthMode.choices, blank=True, default="")
    auth_result = models.CharField(max_length=10, choices=AuthResult.choices, blank=True, default="")
    auth_seconds = models.PositiveIntegerField(null=True, blank=True)

    abusive = models.BooleanField(default=False)
    abusive_reason = TypedChar(max_length=200, blank=True, default="")

    # The customer's word on being recorded, as the source has it. Refused: nobody hears the recording.
    consent = models.CharField(max_length=8, choices=Consent.choices, default=Consent.UNKNOWN, db_default="unknown")

    # As the source had it at the time; who leads whom changes later, this does not.
    supervisor = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tenure_band = models.CharField(max_length=30, blank=True, default="", db_default="")
    shift = models.CharField(max_length=30, blank=True, default="", db_default="")

    source_rating = models.PositiveSmallIntegerField(null=True, blank=True)  # came with the file; no survey answer
    rated_on = models.DateField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    import_run_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="interaction_is_known_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="interaction_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(source_rating=None) | Q(source_rating__range=(1, 5)), name="interaction_rating_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(rated_on=None) | Q(source_rating__isnull=False), name="interaction_rated_on_has_a_rating"
            ),
            models.CheckConstraint(
                condition=Q(abandoned=False) | Q(talk_seconds=None), name="interaction_abandoned_has_no_talk"
            ),
            models.CheckConstraint(
                condition=Q(abusive=False, abusive_reason="") | (Q(abusive=True) & ~Q(abusive_reason="")),
                name="interaction_abusive_gives_reason",
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="interaction_channel_is_known"),
            models.CheckConstraint(
                condition=Q(consent__in=["unknown", "given", "refused"]), name="interaction_consent_is_known"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["in", "out", "back_office"]), name="interaction_direction_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="interactions_newest"),
            models.Index(fields=["business_date", "queue"], name="interactions_by_day"),
            models.Index(fields=["agent", "-started_at"], name="interactions_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
