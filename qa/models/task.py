"""The queue: interactions to be scored, how each was picked, and who has it in hand."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Interaction
from qa.models.scorecard import Scorecard


class Picked(models.TextChoices):
    """How an interaction came into the queue. Only random ones count in an agent's mean."""

    RANDOM = "random", _("random")
    TARGETED = "targeted", _("targeted")
    MANUAL = "manual", _("by hand")


class SamplingPlan(models.Model):
    """A standing order: so many interactions of each agent at random, each week, with one scorecard."""

    data = DataClass(scope="client", part_of="scorecard")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="plan")
    quota = models.PositiveSmallIntegerField()  # of each agent and week
    due_days = models.PositiveSmallIntegerField()  # from the day of the draw
    replaces = models.BooleanField(default=True)  # a skipped review gives its place to the next by lot
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quota__range=(1, 50)), name="plan_quota_is_1_to_50"),
            models.CheckConstraint(condition=Q(due_days__range=(1, 60)), name="plan_is_due_in_1_to_60_days"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}, {self.quota} a week"


class Draw(models.Model):
    """One random draw: what was there, how many of each agent, and the seed that makes it repeatable."""

    data = DataClass(scope="client", grants="frozen", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="draws")
    plan = models.ForeignKey(SamplingPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="draws")
    week = models.DateField()  # its Monday
    quota = models.PositiveSmallIntegerField()  # of each agent
    seed = models.CharField(max_length=64)
    frame_size = models.PositiveIntegerField()  # interactions that could have been drawn
    frame_hash = models.CharField(max_length=64)  # SHA-256 of their ids, sorted, one a line
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "week"], name="draw_is_made_once_a_week"),
            models.CheckConstraint(condition=Q(quota__gte=1), name="draw_has_a_quota"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}, week of {self.week}"


class DrawnFrom(models.Model):
    """One agent's part of a draw's frame: every interaction that could have been drawn, so that it can be again."""

    data = DataClass(
        scope="client", grants="frozen", personal=True, retention="audit", part_of="draw", person=("agent",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="frame")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    interactions = ArrayField(models.UUIDField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "agent"], name="frame_names_an_agent_once"),
            models.CheckConstraint(condition=Q(interactions__len__gt=0), name="frame_of_an_agent_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.draw}, {self.agent}"


class ReviewTask(models.Model):
    """One interaction waiting to be scored with one scorecard, and the lease of whoever does it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("in hand")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", part_of="interaction", customer=("interaction",),
        marks=("why", "skip_reason"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="review_tasks")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="tasks")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="reviews_about")
    picked = models.CharField(max_length=10, choices=Picked.choices)
    why = TypedChar(max_length=200, blank=True, default="")
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    place = models.PositiveSmallIntegerField(null=True, blank=True)  # 3 of 8 of this agent in this draw
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    holder = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews_held")
    lease_until = models.DateTimeField(null=True, blank=True)
    skip_reason = TypedChar(max_length=200, blank=True, default="")
    skipped_by = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The skipped one of the same draw whose place it took.
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacement")
    batch = models.UUIDField(null=True, blank=True)  # those that were queued in one go
    queued_by = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "scorecard"], condition=~Q(state="skipped"), name="task_is_queued_once"
            ),
            models.CheckConstraint(condition=Q(picked__in=Picked.values), name="task_picked_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed", "done", "skipped"]), name="task_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", holder__isnull=False, lease_until__isnull=False)
                | (~Q(state="claimed") & Q(lease_until=None)),
                name="task_in_hand_has_holder_and_lease",
            ),
            models.CheckConstraint(condition=Q(holder=None) | ~Q(holder=F("agent")), name="task_holder_is_not_agent"),
            models.CheckConstraint(
                condition=Q(picked="random", draw__isnull=False, place__isnull=False, places__isnull=False)
                | (~Q(picked="random") & ~Q(why="")),
                name="task_says_why_it_is_here",
            ),
            models.CheckConstraint(condition=~Q(state="skipped") | ~Q(skip_reason=""), name="task_skip_gives_reason"),
            models.CheckConstraint(
                condition=Q(skipped_by=None) | Q(state="skipped"), name="task_skipped_by_is_of_a_skip"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | (Q(picked="random") & ~Q(replaces=F("id"))),
                name="task_replaces_within_a_draw",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="tasks_by_state"),
            models.Index(fields=["agent", "state"], name="tasks_of_agent"),
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=["waiting", "claimed"]), name="tasks_in_queue_order"
            ),
            models.Index(fields=["holder"], condition=Q(state="claimed"), name="tasks_in_hand"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="tasks_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.interaction}, {self.state}"
