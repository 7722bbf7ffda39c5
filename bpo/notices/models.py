"""What people are told: in the product, and by mail."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Notice(models.Model):
    """One message to one actor, shown in the product."""

    data = DataClass(
        scope="client", personal=True, audit=False, erasure="delete", retention="operational", person=("actor_id",),
        by_words=True, dated="created_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    text = TypedChar(max_length=300)
    path = models.CharField(max_length=300, default="/")
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["actor_id", "dedupe_key"], name="notice_is_told_once")]
        indexes = [models.Index(fields=["actor_id", "-id"], name="notices_of_actor")]

    def __str__(self) -> str:
        return self.text


class Preference(models.Model):
    """Whether an actor wants a kind of notice in the product and by mail. No row: in the product only."""

    data = DataClass(scope="client", personal=True, audit=False, erasure="delete", person=("actor_id",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "kind"], name="preference_is_one_per_kind")]

    def __str__(self) -> str:
        return self.kind


class Mail(models.Model):
    """One mail to one address. Its text is rendered from `kind` and `subject_id` when it is sent, never stored.

    The marks are committed one by one around the SMTP dialogue: with `dot_at` set and no result, nobody can know
    whether the server took it, so it is `uncertain` and not sent again by itself (RFC 1047).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")
        CANCELLED = "cancelled", _("cancelled")

    data = DataClass(
        scope="client", personal=True, audit=False, erasure="anonymise", retention="surveys", customer=("invitation",),
        by_words=True, clears=("address", "answer"), dated="created_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    address = models.EmailField(max_length=254)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField()
    connected_at = models.DateTimeField(null=True)
    dot_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer = TypedChar(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="mail_is_one_per_subject"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "refused", "uncertain", "cancelled"]),
                name="mail_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False, dot_at__isnull=False), name="mail_sent_has_marks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
