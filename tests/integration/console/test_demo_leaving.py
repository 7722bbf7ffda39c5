"""The planted chance of leaving comes back through the selectors of the screens, and a demo separation can be undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from attrition import selectors
from attrition.models import Separation
from attrition.services import take_back
from bpo.actors import system
from console.demo.leaving import seed
from console.demo.load_public import load_people, open_clients
from console.demo.manifest import EARLY_DAYS, EFFECTS, LEAD_CHANGE_DAYS_AGO, LEAD_TEAM
from console.demo.world import World, build
from workforce.models import Assignment, Employment, Enrolment, Placement, TrainingClass

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
BY = system("tests")


@pytest.fixture
def world(db: None) -> World:
    found = build(NOW.date())
    load_people(found, open_clients(found, by=BY, now=NOW), "a long enough one", by=BY, now=NOW)
    seed(found, now=NOW)
    return found


def effect(name: str) -> Any:
    return next(one for one in EFFECTS if one.name == name)


def test_everybody_gone_has_a_separation_and_a_second_run_adds_nothing(world: World) -> None:
    before = (Separation.objects.count(), Enrolment.objects.count(), TrainingClass.objects.count())
    assert before[0] == sum(1 for one in world.people if one.left_on)
    assert before[1] == sum(1 for one in world.people if one.class_name)
    seed(world, now=NOW)
    assert (Separation.objects.count(), Enrolment.objects.count(), TrainingClass.objects.count()) == before


def test_the_early_hazard_is_recovered(world: World) -> None:
    planted = effect("early_attrition")
    classes = set(TrainingClass.objects.values_list("pk", flat=True))
    book = selectors.read_book()
    curve = book.curve(book.cohort(lambda row: row.training_class in classes), until=world.days[-1])
    early, late = curve.hazard(0, EARLY_DAYS), curve.hazard(EARLY_DAYS)
    ratio = early[0] / early[1] / (late[0] / late[1])
    assert ratio == pytest.approx(planted.size, abs=planted.tolerance)


def test_the_leavers_of_the_changed_team_are_found(world: World) -> None:
    since = world.today - timedelta(days=LEAD_CHANGE_DAYS_AGO)
    left = selectors.separations(since, world.days[-1]).filter(reason="management")
    team = Placement.objects.filter(assignment__client__key=LEAD_TEAM[0], team_name=LEAD_TEAM[1])
    in_team = left.filter(employment__employee__in=team.values("assignment__employee"))
    assert in_team.count() == effect("lead_attrition").size


def test_the_months_add_up_for_the_company_and_each_client(world: World) -> None:
    book = selectors.read_book()
    for back in range(1, 13):
        first = selectors.months_back(world.today, back)
        found = selectors.rates_of_month(first, book=book)
        for facts in (found.company, *found.clients.values()):
            moved = facts.movement
            came = moved.opening + moved.hired + moved.moved_in
            assert came - moved.gone - moved.moved_out == moved.closing
        assert found.company.movement.leavers == selectors.separations(*selectors.month(first)).count()


def test_a_demo_separation_can_be_taken_back(world: World) -> None:
    one = Separation.objects.select_related("employment").order_by("-last_day").first()
    assert one is not None
    employee = one.employment.employee_id
    ended = Assignment.objects.filter(employee=employee, ends_on=one.employment.ends_on).count()
    take_back(separation=one, version=1, by=BY, now=NOW)
    assert Employment.objects.get(employee=employee).ends_on is None
    assert Assignment.objects.filter(employee=employee, ends_on=None).count() == ended > 0
