"""The demo's reviews: planted effects come back from the selectors that the screens use; queues wait."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any

import pytest

from accounts.models import Client
from bpo.actors import system
from bpo.tenancy.context import enter
from console.demo import qa as area
from console.demo.load_client import load_client
from console.demo.load_public import load_people, open_clients
from console.demo.manifest import EFFECTS, LEAD_CHANGE_DAYS_AGO, LEAD_TEAM
from console.demo.world import build
from qa.domain.live import whole
from qa.domain.sampling import frame_hash, pick
from qa.models import Acknowledgement, Draw, EvaluationRevision, Note, Release, ReviewTask
from qa.selectors.measures import standing

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SIZES = {effect.name: (effect.size, effect.tolerance) for effect in EFFECTS}


@pytest.fixture
def world(db: None) -> Any:
    found = build(NOW.date())
    by = system("tests")
    clients = open_clients(found, by=by, now=NOW)
    load_people(found, clients, "a long enough one", by=by, now=NOW)
    for key, work in found.work.items():
        with enter(clients[key].ref()):
            load_client(found, work)
    area.seed(found, now=NOW)
    area.seed(found, now=NOW)
    return found


def test_reviews_of_the_demo(world: Any) -> None:
    start, end = world.days[0], world.today
    by_tenure: dict[bool, list[float]] = defaultdict(list)
    for key, work in world.work.items():
        people = {actor: person for person, actor in work.agents}
        with enter(Client.objects.get(key=key).ref()):
            assert ReviewTask.objects.filter(state="waiting").count() >= 25
            assert Release.objects.count() > Acknowledgement.objects.count() > 0
            assert Note.objects.exists()
            found = list(standing(start, end))
            assert len(found) > 200
            for one in found:
                tenure = people[one.agent_id].tenure_days(one.business_date)
                if tenure < 30 or tenure >= 180:
                    by_tenure[tenure < 30].append(float(one.final or 0))
            repeated(found[:20])
            if key == LEAD_TEAM[0]:
                lead_changed(world, work, found)
    size, tolerance = SIZES["tenure_qa"]
    assert abs(fmean(by_tenure[True]) - fmean(by_tenure[False]) - size) <= tolerance


def repeated(found: list[EvaluationRevision]) -> None:
    """The engine gives the stored scores again, and the draw its picks."""
    for one in found:
        again = whole(one.scorecard_version.content, one.answers)
        assert (again.raw, again.final, again.outcome) == (one.raw, one.final, one.outcome)
    draw = Draw.objects.earliest("week")
    drawn = set(draw.tasks.values_list("interaction_id", flat=True))
    assert len(drawn) == draw.tasks.count() <= draw.frame_size
    assert frame_hash(drawn) != draw.frame_hash
    for agent in set(draw.tasks.values_list("agent_id", flat=True)):
        own = list(draw.tasks.filter(agent_id=agent).order_by("place").values_list("interaction_id", flat=True))
        assert pick({agent: own}, quota=draw.quota, seed=draw.seed)[agent] == own


def lead_changed(world: Any, work: Any, found: list[EvaluationRevision]) -> None:
    team = work.client.team(LEAD_TEAM[1]).id
    change = world.today - timedelta(days=LEAD_CHANGE_DAYS_AGO)
    groups: dict[tuple[bool, bool], list[float]] = defaultdict(list)
    for one in found:
        groups[one.team_id == team, one.business_date >= change].append(float(one.final or 0))
    means = {key: fmean(values) for key, values in groups.items()}
    size, tolerance = SIZES["lead_qa"]
    own, others = means[True, True] - means[True, False], means[False, True] - means[False, False]
    assert abs(own - others - size) <= tolerance
