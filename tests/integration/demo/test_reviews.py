"""The demo's reviews: planted effects come back from the selectors that the screens use; queues wait."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any

import pytest

from accounts.models import Client
from bpo.actors import system
from bpo.tenancy.context import enter
from console.demo import knowledge
from console.demo import qa as area
from console.demo.knowledge_words import ARTICLES
from console.demo.load_client import load_client
from console.demo.load_public import load_people, open_clients
from console.demo.manifest import EFFECTS, GAP, LEAD_CHANGE_DAYS_AGO, LEAD_TEAM
from console.demo.targets import WORDS
from console.demo.world import build
from qa.domain.live import whole
from qa.models import Acknowledgement, Draw, EvaluationRevision, Note, Release, ReviewTask
from qa.selectors import draw_again
from qa.selectors.articles import About, articles
from qa.selectors.gaps import question_gaps, reason_gaps
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
    for one in (area, area, knowledge, knowledge):
        one.seed(found, now=NOW)
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
            assert len(found) > 500
            assert EvaluationRevision.objects.count() == area.EVALUATIONS[key]
            why = set(ReviewTask.objects.filter(picked="targeted", state="done").values_list("why", flat=True))
            assert why >= {WORDS["long"], WORDS["new"], WORDS["again"]}
            for one in found:
                tenure = people[one.agent_id].tenure_days(one.business_date)
                if tenure < 30 or tenure >= 180:
                    by_tenure[tenure < 30].append(float(one.final or 0))
            repeated(found[:20])
            articles_are_there(key)
            if key == LEAD_TEAM[0]:
                lead_changed(world, work, found)
            if key == GAP[0]:
                gap(start, end)
    assert sum(area.EVALUATIONS.values()) == 5000
    size, tolerance = SIZES["tenure_qa"]
    assert abs(fmean(by_tenure[True]) - fmean(by_tenure[False]) - size) <= tolerance


def repeated(found: list[EvaluationRevision]) -> None:
    """The engine gives the stored scores again, and the draw its picks."""
    for one in found:
        again = whole(one.scorecard_version.content, one.answers)
        assert (again.raw, again.final, again.outcome) == (one.raw, one.final, one.outcome)
    assert Draw.objects.count() >= 7
    for draw in Draw.objects.all():
        drawn = draw_again(draw)
        assert drawn is not None
        assert drawn.identical
        assert drawn.drawn == draw.tasks.filter(replaces=None).count() > 0
    skipped = ReviewTask.objects.filter(state="skipped")
    assert skipped.count() == ReviewTask.objects.exclude(replaces=None).count() > 0


def articles_are_there(key: str) -> None:
    """A dozen live ones, some in their second version, each linked only to what is there, and found by their words."""
    written = ARTICLES[key]
    live = list(articles())
    assert sorted(one.title for one in live) == sorted(row[0] for row in written)
    assert {one.number for one in live} == {1, 2}
    assert sum(len(one.questions) for one in live) == sum(len(row[3]) for row in written)
    assert sum(len(one.reasons) for one in live) == sum(len(row[4]) for row in written)
    assert articles(About(text=written[0][0]))[0].title == written[0][0]


def gap(start: Any, end: Any) -> None:
    """The planted question is the first of those without an article, with the planted share."""
    first, *others = question_gaps(start, end)
    size, tolerance = SIZES["knowledge_gap"]
    assert (first.key[1], first.published, first.lacks) == (GAP[1], None, True)
    assert abs((first.whole.value or 0) - size) <= tolerance
    assert any(one.published and one.before and one.since for one in others)
    assert reason_gaps(start, end)


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
