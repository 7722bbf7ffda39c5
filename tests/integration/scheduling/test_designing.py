"""Designing shifts: asked for, searched by a worker, kept while it is found, stopped, lost and begun again, used."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from bpo.audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from bpo.ui.numbers import number
from scheduling.domain.designing import Design, Progress, checking, solve
from scheduling.domain.designing.asked import Asked
from scheduling.domain.designing.kept import problem_of, shifts_as_json, shifts_of
from scheduling.errors import NotPossible
from scheduling.models import ShiftDesign, ShiftTemplate
from scheduling.problem import planned
from scheduling.services import design_shifts, designing, lose_design, publish, request_design, stop_design, use_design
from tests.integration.scheduling.build import (
    BY,
    NOW,
    WEEK,
    Floor,
    drafted,
    employ,
    floor,
    past,
    staffed,
    told_to_stop,
)
from tests.people import sign_in
from tests.statements import statements

NINE = Asked(540, 0, 1410, 60, 2)
FORM = {
    "kind0-hours": "9", "kind0-earliest": "00:00", "kind0-latest": "23:30", "kind0-meal": "60", "kind0-breaks": "2",
    "kind0-rest": "15", "every": "60", "flex": "45", "seconds": "10", "missing": "0", "wraps": "on",
}  # fmt: skip


@pytest.fixture
def ground(alpha: Any) -> Floor:
    found = floor(alpha, employ("Ana", "Ben"))
    with enter(alpha.ref()):
        past(found)
    return found


def ask(floor: Floor, **more: Any) -> ShiftDesign:
    given: dict[str, Any] = {"asked": [NINE], "every": 60, "flex": 45, "wraps": True, "seconds": 1}
    requirement = more.pop("requirement", None) or staffed(floor)
    return request_design(requirement_id=requirement.pk, **given | more, by=BY, now=NOW)


def done(design: ShiftDesign) -> ShiftDesign:
    design_shifts(design_id=design.pk, clock=timezone.now)
    design.refresh_from_db()
    return design


@pytest.mark.services
def test_the_outbox_has_a_worker_design_shifts_that_cover_the_week(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        assert (design.state, design.objective) == ("queued", None)
        with pytest.raises(NotPossible, match="being designed for this requirement already"):
            ask(ground, requirement=design.requirement)
    job = Job.objects.get(kind="scheduling.design")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        design.refresh_from_db()
        problem = problem_of(design.problem)
        shifts = shifts_of(problem, design.shifts)
        assert checking.faults(problem, shifts) == []
        assert sum(checking.missing(problem, shifts)) == 0
        assert design.objective == checking.cost(problem, shifts)
        assert 0 < design.bound <= design.objective  # type: ignore[operator]
        assert design.state in ("optimal", "feasible")
        assert (design.runs, design.seed, design.failure) == (1, 1, "")
        detail = Entry.objects.get(action="design.done").detail
        assert (detail["objective"], detail["bound"], detail["seed"]) == (design.objective, design.bound, 1)
        ask(ground, requirement=design.requirement)  # once it is over, another may be asked for


def test_what_is_found_is_kept_while_the_search_goes_on_and_the_best_so_far_may_be_taken(
    alpha: Any, ground: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        ShiftDesign.objects.filter(pk=design.pk).update(state="solving")
        stop_design(design_id=design.pk, by=BY, now=NOW)
        stop_design(design_id=design.pk, by=BY, now=NOW)  # asked again, it stays said once
        assert Entry.objects.filter(action="design.stop_asked").count() == 1
        quick = quickly(design)

        def search(_problem: Any, *, tell: Callable[[Progress], None], stop: Callable[[], bool], **_: Any) -> Design:
            tell(Progress(quick.shifts, quick.objective, quick.bound, 0.1))
            assert told_to_stop(stop), "nobody said that it is enough"
            return quick

        monkeypatch.setattr(designing, "solve", search)
        designing._searched(design, problem_of(design.problem))
        design.refresh_from_db()
        assert (design.state, design.objective, design.bound) == ("solving", quick.objective, quick.bound)
        assert tuple(shifts_of(problem_of(design.problem), design.shifts)) == quick.shifts


def quickly(design: ShiftDesign) -> Design:
    """A first design, as good as any that a worker leaves when it is killed soon after it began."""
    return solve(problem_of(design.problem), seconds=60, stop=lambda: True)


def test_stopped_before_it_began_it_has_shifts_all_the_same(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = ask(ground, seconds=120)
        stop_design(design_id=design.pk, by=BY, now=NOW)
        found = done(design)
        assert found.state in ("cancelled", "optimal")
        assert found.shifts
        with pytest.raises(NotPossible, match="aren’t being designed any more"):
            stop_design(design_id=design.pk, by=BY, now=NOW)


def test_after_a_lost_worker_the_search_goes_on_from_what_was_kept_and_says_so(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        better = solve(problem_of(design.problem), effort=4)
        kept = {"objective": better.objective, "bound": better.bound, "shifts": shifts_as_json(better.shifts)}
        ShiftDesign.objects.filter(pk=design.pk).update(
            state="solving", started_at=NOW, runs=1, stop_asked=True, **kept
        )
        found = done(design)
        assert found.runs == 2
        assert found.objective == better.objective  # stopped at once, so that nothing better was looked for
        assert found.bound == better.bound
        done(design)  # a message that comes twice finds it over
        assert found.runs == ShiftDesign.objects.get().runs
    page = text(sign_in("alpha", "planner").get(f"/staffing/design/{design.pk}/"))
    assert "Its worker was lost; the search started over" in page


def test_a_search_that_fails_says_why_and_keeps_what_it_had(
    alpha: Any, ground: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        quick = quickly(design)
        ShiftDesign.objects.filter(pk=design.pk).update(**designing._best(design, quick))
        broken = replace(quick, shifts=quick.shifts[1:])
        monkeypatch.setattr(designing, "solve", lambda *_args, **_more: broken)
        with pytest.raises(ValueError, match="steps uncovered"):
            design_shifts(design_id=design.pk, clock=timezone.now)
        design.refresh_from_db()
        assert (design.state, design.objective) == ("failed", quick.objective)
        assert "steps uncovered" in design.failure
    page = text(sign_in("alpha", "planner").get(f"/staffing/design/{design.pk}/"))
    assert "What it had found by then is below" in page
    monkeypatch.undo()
    with enter(alpha.ref()):
        assert done(design).found  # the outbox tries again
        assert design.failure == ""


def test_when_every_worker_was_lost_it_is_not_said_to_run_for_ever(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        ShiftDesign.objects.update(state="solving")
        lose_design(design_id=design.pk, now=NOW)
        design.refresh_from_db()
        assert (design.state, design.finished_at) == ("failed", NOW)
        other = ask(ground, requirement=design.requirement)
        assert done(design).state == "failed"  # and a late message finds the newer one in its place
        assert done(other).found


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"asked": [Asked(120, 0, 1410, 60, 2)]}, "can’t be"),
        ({"asked": [Asked(120, 0, 60)]}, "Nothing of this week can be covered"),
    ],
)
def test_shifts_that_cant_be_meant_are_refused_with_the_reason(alpha: Any, ground: Floor, more: dict[str, Any], said: str) -> None:  # fmt: skip
    with enter(alpha.ref()), pytest.raises(NotPossible, match=said):
        ask(ground, **more)


def test_what_no_shift_reaches_is_left_out_and_told(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = done(ask(ground, asked=[Asked(540, 600, 660, 60, 2)]))
    page = text(sign_in("alpha", "planner").get(f"/staffing/design/{design.pk}/"))
    assert "required hours are out of reach of these shifts: Mon 30 Nov, 08:00–10:00" in page


def test_somebody_may_be_missing_where_that_counts_as_less_than_a_shift(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        requirement = staffed(ground)
        whole = done(ask(ground, requirement=requirement))
        cheap = done(ask(ground, requirement=requirement, missing=2))
        problem = problem_of(cheap.problem)
        shifts = shifts_of(problem, cheap.shifts)
        short = sum(checking.lacking(problem, shifts)) / 4
        paid = sum(problem.kinds[one.kind].paid for one in shifts) / 60
        assert short > 0
        assert paid < whole.objective / 60  # type: ignore[operator]
        assert cheap.objective == round((paid + 2 * short) * 60)
        assert cheap.objective < whole.objective  # type: ignore[operator]
        assert (whole.missing, cheap.missing) == (0, 2)
        assert Entry.objects.filter(action="design.asked").order_by("seq").last().detail["missing"] == 2  # type: ignore[union-attr]
        use_design(design_id=cheap.pk, by=BY, now=NOW)
    page = text(sign_in("alpha", "planner").get(f"/staffing/design/{cheap.pk}/"))
    assert (
        f"With each hour somebody is missing counted as 2, it comes to {number(cheap.objective / 60, 1)} hours." in page
    )  # type: ignore[operator]
    assert f'<dt>Short</dt><dd class="bad">{number(short, 1)} h</dd>' in page
    assert "missing at 2" in text(
        sign_in("alpha", "planner").get(f"/staffing/design/{whole.pk}/")
    )  # in the list beside


def test_no_shift_at_all_is_a_result_that_says_what_to_do(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        requirement = staffed(ground)
        forlorn = ask(ground, requirement=requirement, asked=[Asked(960, 1320, 1380)], missing=2)
        problem = problem_of(forlorn.problem)
        serves = sum(min(1, need) for need in problem.need)
        assert serves * 15 * 2 < 7 * 960  # so few hours of a night are required that no shift is worth its own
        done(forlorn)
        assert (forlorn.shifts, forlorn.state) == ([], "optimal")
    page = text(sign_in("alpha", "planner").get(f"/staffing/design/{forlorn.pk}/"))
    assert "No shift is worth its hours where each hour somebody is missing counts as 2." in page
    assert "Use these as shift templates" not in page


def test_shifts_published_for_the_week_before_serve_its_first_hours_unless_each_week_is_alike(
    alpha: Any, ground: Floor
) -> None:
    with enter(alpha.ref()):
        late = ShiftTemplate.objects.create(
            name="Late", queue_id=ground.queue_id, starts_at="23:30", minutes=960, zone="UTC"
        )
        ground.templates["Late"] = late.pk
        requirement = staffed(ground)
        before = drafted(ground, [], week=WEEK - timedelta(days=7))
        at = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
        before.shifts.create(
            actor_id=ground.actors["Ana"], template=late, template_name="Late", starts_at=at,
            ends_at=at + timedelta(hours=16), business_date=at.date(), zone="UTC", pauses=[],
        )  # fmt: skip
        publish(plan_id=before.pk, version=1, reason="First", by=BY, now=NOW)
        alike, after = (ask(ground, requirement=requirement, wraps=True), None)
        done(alike)
        after = ask(ground, requirement=requirement, wraps=False)
        step = 10 * 4  # Monday at ten
        assert after.problem["required"][step] == alike.problem["required"][step] - 1
        assert after.problem["required"][step + 96] == alike.problem["required"][step + 96]


def test_a_design_becomes_shift_templates_once_and_the_next_roster_may_use_them(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        ShiftTemplate.objects.all().delete()
        design = done(ask(ground))
        made = use_design(design_id=design.pk, by=BY, now=NOW)
        assert made
        assert len({one.name for one in made}) == len(made)
        assert use_design(design_id=design.pk, by=BY, now=NOW) == []  # they are there already
        plan = drafted(ground, [])
        plan.requirement = design.requirement
        offered = planned(plan)
        begins = {one.start for one in offered.problem.options}
        problem = problem_of(design.problem)
        assert {one.start for one in shifts_of(problem, design.shifts)} == begins
        assert [one["name"] for one in made[0].pauses] == ["break", "meal", "break"]
        assert [entry.detail["templates"] for entry in Entry.objects.filter(action="design.used").order_by("seq")] == [
            len(made),
            0,
        ]


def test_templates_are_made_of_what_is_finished_only(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        with pytest.raises(NotPossible, match="no finished design"):
            use_design(design_id=design.pk, by=BY, now=NOW)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"objective": 10, "bound": 11, "shifts": []}, "design_bound_is_under_its_objective"),
        ({"objective": 10}, "design_bound_is_under_its_objective"),
        ({"state": "optimal", "finished_at": NOW}, "design_done_has_shifts"),
        ({"state": "failed"}, "design_done_has_its_time"),
        ({"state": "lost", "finished_at": NOW}, "design_state_is_known"),
        ({"seconds": 121}, "design_takes_two_minutes"),
    ],
)
def test_the_database_refuses_what_cant_be(alpha: Any, ground: Floor, change: dict[str, Any], constraint: str) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ShiftDesign.objects.filter(pk=design.pk).update(**change)


def test_the_database_lets_one_search_run_for_a_requirement(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        design = ask(ground)
        with pytest.raises(IntegrityError, match="design_runs_once_at_a_time"), transaction.atomic():
            ShiftDesign.objects.create(requirement=design.requirement, problem={}, asked_at=NOW)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.services
def test_on_screen_from_staffing_to_templates(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        requirement = staffed(ground)
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        new = f"/staffing/design/new/{requirement.pk}/"
        assert f'href="{new}"' in text(browser.get("/staffing/?queue=billing&week=2026-11-30"))
        page = text(browser.get(new))
        assert 'name="kind0-hours" value="9"' in page  # as the queue's templates have it
        assert 'name="kind0-earliest" value="06:00"' in page
        wrong = browser.post(new, FORM | {"kind0-hours": ""})
        assert wrong.status_code == 422
        assert "Give at least one kind of shift its hours" in wrong.content.decode()
        assert browser.post(new, FORM | {"kind0-hours": "40"}).status_code == 422
        assert browser.post(new, FORM | {"kind0-hours": "2"}).status_code == 409  # breaks that don't fit
        url = browser.post(new, FORM).headers["Location"]
        assert "Waiting for a worker" in text(browser.get(url))
        assert browser.post(new, FORM).status_code == 409
        with enter(alpha.ref()):
            design = ShiftDesign.objects.get()
            ShiftDesign.objects.update(**designing._best(design, quickly(design)), state="solving")
        part = text(browser.get(f"{url}progress/"))
        assert "agent hours so far, no design can take fewer than" in part
        browser.post(f"{url}stop/")
        assert "It is being taken." in text(browser.get(f"{url}progress/"))
        with enter(alpha.ref()):
            done(design)
        assert browser.get(f"{url}progress/").headers["HX-Refresh"] == "true"
        page = text(browser.get(url))
        assert "Shifts that begin, by day" in page
        assert "at 5 shifts a week" in page
        assert "at 4 shifts a week" in text(browser.get(f"{url}?each=4"))
        panel = text(browser.get(f"{url}use/"))
        count = re.search(r"Make (\d+) template", panel)
        assert count
        browser.post(f"{url}use/")
        assert "already" in text(browser.get(f"{url}use/"))
        with enter(alpha.ref()):
            assert ShiftTemplate.objects.exclude(name__startswith="From ").count() == int(count[1])


def test_a_design_that_isnt_there_is_missing(alpha: Any, ground: Floor) -> None:
    browser = sign_in("alpha", "planner")
    nothing = "019ab000-0000-7000-8000-0000000000ab"
    assert browser.get(f"/staffing/design/new/{nothing}/").status_code == 404
    assert browser.post(f"/staffing/design/new/{nothing}/", FORM).status_code == 404
    for path in ("", "progress/", "use/"):
        assert browser.get(f"/staffing/design/{nothing}/{path}").status_code == 404
    assert browser.post(f"/staffing/design/{nothing}/stop/").status_code == 404
    with enter(alpha.ref()):
        design = ask(ground)
    assert browser.get(f"/staffing/design/{design.pk}/use/").status_code == 404  # not finished


def test_pages_ask_as_much_with_three_designs_as_with_one(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        first = done(ask(ground))
    browser = sign_in("alpha", "planner")
    urls = (f"/staffing/design/{first.pk}/", f"/staffing/design/new/{first.requirement_id}/")
    found = []
    for more in (1, 2):
        with enter(alpha.ref()):
            for _ in range(more):
                other = ask(ground, requirement=first.requirement)
                ShiftDesign.objects.filter(pk=other.pk).update(
                    state="failed", finished_at=NOW, objective=60, bound=60, shifts=[]
                )
        found.append([statements(lambda url=url: browser.get(url)) for url in urls])
    assert text(browser.get(urls[0])).count("<td>failed</td>") == 3
    assert found == [QUESTIONS, QUESTIONS]


QUESTIONS = [6, 7]  # of a design's page, and of the one that asks for another
