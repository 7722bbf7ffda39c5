"""Plans that draw, what each draw was made of, whether it can be repeated, and what evaluators skip."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from bpo.permissions import Reach
from bpo.ratio import Ratio
from interactions.models import Actor, Interaction
from interactions.selectors import within
from qa.domain.sampling import frame_hash, pick
from qa.models import Draw, DrawnFrom, Evaluation, ReviewTask, SamplingPlan, Scorecard


@dataclass(frozen=True, slots=True)
class Again:
    """A draw made once more from what was kept of it."""

    frame_same: bool  # the kept frame has the hash and the size that were written down
    drawn: int
    differing: int  # interactions that one of both holds and the other doesn't, or in another place
    shown: tuple[UUID, ...]  # those of them within reach
    came_later: int  # of that week, which weren't there then

    @property
    def identical(self) -> bool:
        return self.frame_same and not self.differing


@dataclass(frozen=True, slots=True)
class Short:
    """An agent with fewer interactions than were asked for."""

    agent: Actor
    there: int


@dataclass(frozen=True, slots=True)
class Skips:
    """What one evaluator made of random reviews: skipped of those they closed, and how many gave a replacement."""

    evaluator: Actor
    skipped: Ratio
    replaced: int


def plans() -> QuerySet[SamplingPlan]:
    """All plans with their scorecard and `newest`, the Monday of the newest week drawn."""
    found = SamplingPlan.objects.select_related("scorecard", "made_by").annotate(newest=Max("draws__week"))
    return found.order_by("made_at", "id")


def plan_by_id(plan_id: UUID) -> SamplingPlan | None:
    return SamplingPlan.objects.select_related("scorecard", "made_by").filter(pk=plan_id).first()


def cards_without_plan() -> QuerySet[Scorecard]:
    """Published scorecards that no plan draws for yet."""
    return Scorecard.objects.filter(active=True, versions__isnull=False, plan=None).distinct()


def draws_of(plan: SamplingPlan) -> QuerySet[Draw]:
    """Its draws, newest first, with how many were drawn, scored and skipped."""
    return plan.draws.annotate(
        drawn=Count("tasks", filter=Q(tasks__replaces=None)),
        done=Count("tasks", filter=Q(tasks__state="done")),
        skipped=Count("tasks", filter=Q(tasks__state="skipped")),
    ).order_by("-week")


def draw_by_id(draw_id: UUID) -> Draw | None:
    return Draw.objects.select_related("scorecard", "plan", "drawn_by").filter(pk=draw_id).first()


def tasks_of(draw: Draw, *, reach: Reach | None = None) -> QuerySet[ReviewTask]:
    """What was drawn, by agent and place, replacements after what they replace."""
    evaluated = Prefetch("evaluations", Evaluation.objects.exclude(state="draft"), to_attr="submitted")
    found = draw.tasks.filter(within(reach)).select_related("agent__team", "interaction__queue", "skipped_by", "holder")
    return found.prefetch_related(evaluated).order_by("agent__display_name", "agent_id", "place", "id")


def short_of(draw: Draw, *, reach: Reach | None = None) -> list[Short]:
    """Agents of the frame with fewer interactions than the quota, by name."""
    frame = draw.frame.filter(within(reach), interactions__len__lt=draw.quota).select_related("agent")
    return [Short(one.agent, len(one.interactions)) for one in frame.order_by("agent__display_name", "agent_id")]


def draw_again(draw: Draw, *, reach: Reach | None = None) -> Again | None:
    """The sample recomputed from seed and kept frame, beside what was queued. None where no frame was kept."""
    frame = {one.agent_id: one.interactions for one in DrawnFrom.objects.filter(draw=draw)}
    if not frame and draw.frame_size:
        return None
    everything = [one for ids in frame.values() for one in ids]
    again = {
        (agent, place, one)
        for agent, ids in pick(frame, quota=draw.quota, seed=draw.seed).items()
        for place, one in enumerate(ids, start=1)
    }
    first = draw.tasks.filter(replaces=None).values_list("agent_id", "place", "interaction_id")
    differing = again ^ {(agent, place or 0, one) for agent, place, one in first}
    same = frame_hash(everything) == draw.frame_hash and len(everything) == draw.frame_size
    ids = {one for _agent, _place, one in differing}
    shown = tuple(Interaction.objects.filter(within(reach), pk__in=ids).order_by("pk").values_list("pk", flat=True))
    return Again(same, len(again), len(ids), shown, _came_later(draw, everything))


def _came_later(draw: Draw, frame: list[UUID]) -> int:
    week = Interaction.objects.filter(
        business_date__gte=draw.week, business_date__lt=draw.week + timedelta(days=7), agent__isnull=False,
        abandoned=False,
    )  # fmt: skip
    if draw.scorecard.channel:
        week = week.filter(channel=draw.scorecard.channel)
    queued = ReviewTask.objects.filter(scorecard=draw.scorecard).values("interaction_id")
    return week.exclude(pk__in=frame).exclude(pk__in=queued).count()


def skips_of(plan: SamplingPlan, *, reach: Reach | None = None) -> list[Skips]:
    """Of each evaluator, what they skipped of a plan's reviews and how many of those were replaced, most first."""
    closed = ReviewTask.objects.filter(within(reach), draw__plan=plan, state__in=["done", "skipped"])
    by_state = closed.order_by().values_list("state", "skipped_by", "holder", "replacement")
    done: Counter[UUID] = Counter()
    skipped: Counter[UUID] = Counter()
    replaced: Counter[UUID] = Counter()
    for state, who, had, new in by_state:
        if state == "done" and had:
            done[had] += 1
        elif who:
            skipped[who] += 1
            replaced[who] += new is not None
    people = Actor.objects.in_bulk({*done, *skipped})
    found = [
        Skips(actor, Ratio(skipped[one], done[one] + skipped[one]), replaced[one]) for one, actor in people.items()
    ]
    return sorted(found, key=lambda one: (-one.skipped.num, one.evaluator.display_name))
