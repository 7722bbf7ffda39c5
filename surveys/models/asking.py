"""From a resolution to an answer. Every resolution has a candidate: sent, or a reason why not."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.notices.models import Mail
from bpo.typed import TypedChar
from interactions.models import Actor, Interaction, Queue, Reason, Resolution, Team
from surveys.models.survey import SurveyVersion


class Candidate(models.Model):
    """A resolution that may be asked about, with who and what it was about frozen as it happened."""

    class State(models.TextChoices):
        SKIPPED = "skipped", _("not asked")
        INVITED = "invited", _("invited")

    class Skip(models.TextChoices):
        NO_SURVEY = "no_survey", _("no survey is active")
        NO_ADDRESS = "no_address", _("no e-mail address")
        OPTED_OUT = "opted_out", _("asked not to be surveyed")
        ASKED_RECENTLY = "asked_recently", _("asked not long ago")

    data = DataClass(scope="client", personal=True, audit=False, retention="surveys", customer=("resolution",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resolution = models.OneToOneField(Resolution, on_delete=models.PROTECT, related_name="candidate")
    survey_version = models.ForeignKey(SurveyVersion, null=True, on_delete=models.PROTECT, related_name="candidates")
    state = models.CharField(max_length=8, choices=State.choices)
    skip_reason = models.CharField(max_length=20, choices=Skip.choices, blank=True, default="")
    interaction = models.ForeignKey(Interaction, null=True, on_delete=models.SET_NULL, related_name="candidates")
    business_date = models.DateField()  # of that interaction, else of the resolution
    agent = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(Reason, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="invited", skip_reason="", survey_version__isnull=False)
                | (Q(state="skipped") & ~Q(skip_reason="")),
                name="candidate_is_invited_or_says_why",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], name="candidates_by_time"),
            models.Index(fields=["business_date"], name="candidates_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} {self.state}"


class Invitation(models.Model):
    """One question to one address. The link's token is derived when needed; only its hash is kept."""

    data = DataClass(
        scope="client", personal=True, audit=False, erasure="anonymise", retention="surveys", customer=("candidate",),
        dated="created_at",
        clears=("address_hash",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="invitation")
    mail = models.OneToOneField(Mail, null=True, on_delete=models.PROTECT, related_name="invitation")
    token_hash = models.CharField(max_length=64, unique=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="invitation_cancelled_says_why",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Response(models.Model):
    """The vote: one per invitation, written once."""

    data = DataClass(
        scope="client", grants="frozen", personal=True, audit=False, erasure="anonymise", retention="surveys",
        customer=("invitation",), clears=("comment",), dated="answered_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="response")
    score = models.PositiveSmallIntegerField()
    comment = TypedChar(max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="response_score_is_1_to_5")]

    def __str__(self) -> str:
        return f"{self.score} of 5"
