"""Figures of released evaluations. Those drawn at random have a mean; targeted ones never join it.

A period is of business dates of the interactions, from `start` up to but not including `end`.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from bpo.permissions import Reach
from bpo.ratio import Ratio
from interactions.selectors import within
from qa.domain.means import Mean, Median, mean_of, median_of
from qa.models import EvaluationRevision, Picked

RECENT: Final = timedelta(days=28)


def standing(
    start: date, end: date, *, picked: str = Picked.RANDOM, reach: Reach | None = None
) -> QuerySet[EvaluationRevision]:
    """Released evaluations of the period as they stand, picked in one way, of whom the reach holds."""
    return EvaluationRevision.objects.filter(
        within(reach), standing__state="released", picked=picked, business_date__gte=start, business_date__lt=end
    ).order_by()


def mean_score(
    start: date,
    end: date,
    *,
    team: UUID | None = None,
    agent: UUID | None = None,
    queue: UUID | None = None,
    picked: str = Picked.RANDOM,
) -> Mean:
    """Mean final score, 0..100, with n and its 95 % t interval. Unscored evaluations count nowhere."""
    found = standing(start, end, picked=picked).filter(final__isnull=False)
    wanted = {"team_id": team, "agent_id": agent, "queue_id": queue}
    given: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    return mean_of([one for one in found.filter(**given).values_list("final", flat=True) if one is not None])


def by_team(start: date, end: date) -> dict[UUID | None, Mean]:
    """Mean of each team, by the team the agent was in when it was submitted."""
    return _grouped(start, end, "team_id")


def by_agent(start: date, end: date) -> dict[UUID, Mean]:
    return _grouped(start, end, "agent_id")


def by_week(start: date, end: date) -> dict[date, Mean]:
    """Mean of each week, by its Monday; weeks without a score are left out."""
    weeks: dict[date, list[Decimal]] = defaultdict(list)
    for day, final in _scores(start, end, "business_date"):
        weeks[day - timedelta(days=day.weekday())].append(final)
    return {monday: mean_of(values) for monday, values in sorted(weeks.items())}


def critical_accuracy(start: date, end: date) -> Ratio:
    """Random evaluations without a critical error, of those that asked a critical question.

    The unit is the interaction: two errors in one count once.
    """
    asked = list(standing(start, end).filter(critical_asked=True).values_list("critical_error", flat=True))
    return Ratio(sum(not wrong for wrong in asked), len(asked))


def pass_rate(start: date, end: date) -> Ratio:
    """Random evaluations that passed, of those that have a score."""
    outcomes = list(standing(start, end).exclude(outcome="UNSCORED").values_list("outcome", flat=True))
    return Ratio(sum(outcome == "PASS" for outcome in outcomes), len(outcomes))


def agent_recent(agent: UUID, today: date) -> Mean:
    """An agent's mean over the 28 days before and including `today`."""
    return mean_score(today - RECENT + timedelta(days=1), today + timedelta(days=1), agent=agent)


def team_median(team: UUID | None, today: date) -> Median:
    """The median of a team's random scores over the same 28 days; nothing for who is in no team."""
    found = standing(today - RECENT + timedelta(days=1), today + timedelta(days=1)).filter(final__isnull=False)
    scores = found.filter(team_id=team).values_list("agent_id", "final") if team else []
    return median_of([(agent, final) for agent, final in scores if final is not None])


def _grouped(start: date, end: date, field: str) -> dict[Any, Mean]:
    groups: dict[Any, list[Decimal]] = defaultdict(list)
    for key, final in _scores(start, end, field):
        groups[key].append(final)
    return {key: mean_of(values) for key, values in groups.items()}


def _scores(start: date, end: date, field: str) -> list[tuple[Any, Decimal]]:
    found = standing(start, end).filter(final__isnull=False).values_list(field, "final")
    return [(key, final) for key, final in found if final is not None]
