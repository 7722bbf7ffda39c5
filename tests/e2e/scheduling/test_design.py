"""The planner designs shifts in a browser: from staffing, watched, stopped, looked at, made templates, offered to a roster."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Queue
from scheduling.domain.designing import checking, solve
from scheduling.domain.designing.kept import problem_of, shifts_as_json, shifts_of
from scheduling.domain.requirement import Target
from scheduling.domain.weeks import monday_of
from scheduling.models import DraftShift, SchedulePlan, ShiftDesign, ShiftTemplate
from scheduling.services import make_forecast, make_requirement
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.scheduling.test_plan import BARRIERS, WHO, arrive, calls, shoot
from tests.e2e.test_path import PASSWORD
from tests.integration.scheduling.build import employ, floor

NAMES = ("Agnieszka Wiśniewska-Kowalczyk", "Tomasz Szczepański", "Maricel Santos", "Imran Shaikh")


@dataclass
class Story:
    alpha: Any
    requirement: Any
    query: str


@pytest.mark.browser
def test_from_staffing_to_shift_templates(alpha: Any, tmp_path: Path) -> None:
    story = told(alpha)
    BARRIERS.clear()
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            page = arrive(browser, installation, "planner", problems)
            page.goto(installation.url("alpha", f"/staffing/?{story.query}"))
            page.keyboard.press("d")
            asks(page)
            looked_at(page, story)
            used(page, story)
            offered(page, installation, story)
            stopped(page, installation, story)
            priced(page)
            assert BARRIERS == []
            assert [one for one in problems if "422 (Unprocessable" not in one] == []  # the refusal is one
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def told(alpha: Any) -> Story:
    """Six weeks of calls round the clock, staffed for the week to come, four people and no shift to choose from."""
    now = timezone.now()
    week = monday_of(now.astimezone(ZoneInfo(alpha.zone)).date()) + timedelta(weeks=1)
    floor(alpha, employ(*NAMES), starts=())
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=WHO["planner"], name="Planner", password=PASSWORD, role="planner", client=alpha, client_realm=False,
            by=system("tests"), now=now,
        )  # fmt: skip
    with enter(alpha.ref()):
        queue = Queue.objects.get()
        calls(queue, now)
        by = system("tests")
        made = make_forecast(queue_id=queue.pk, week_start=week, zone=alpha.zone, by=by, now=now)
        requirement = make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=by, now=now)
    return Story(alpha, requirement, f"queue={queue.key}&week={week.isoformat()}")


def asks(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Design shifts, week of")
    first = page.locator("fieldset").first
    expect(first.get_by_label("Hours")).to_have_value("9")
    second = page.locator("fieldset").nth(1)
    second.get_by_label("Hours").fill("1")
    second.get_by_label("Hours").evaluate("one => one.removeAttribute('min')")
    page.get_by_role("button", name="Design shifts").click()
    expect(second).to_contain_text("greater than or equal to 2")
    shoot(page, "design-asked", full=True)
    second.get_by_label("Hours").fill("5")
    second.get_by_label("Paid breaks").fill("1")
    page.get_by_label("Look for").select_option("10")
    page.get_by_role("button", name="Design shifts").click()
    progress = page.locator("#designing")
    expect(progress).to_be_visible()
    expect(progress).to_contain_text("agent hours so far, no design can take fewer than")
    shoot(page, "design-progress")


def looked_at(page: Page, story: Story) -> None:
    """When the search is over the page shows it by itself."""
    expect(page.get_by_role("heading", name="Shifts that begin, by day")).to_be_visible(timeout=60_000)
    with enter(story.alpha.ref()):
        design = ShiftDesign.objects.get()
        problem = problem_of(design.problem)
        shifts = shifts_of(problem, design.shifts)
    assert design.state in ("feasible", "optimal")
    assert checking.faults(problem, shifts) == []
    assert sum(checking.missing(problem, shifts)) == 0
    expect(page.locator("tfoot")).to_contain_text(str(len(shifts)))
    expect(page.locator(".design-facts")).to_contain_text(f"{-(-len(shifts) // 5)} at 5 shifts a week")
    shoot(page, "design-result", full=True)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="4 a week:").click()
    expect(page.locator(".design-facts")).to_contain_text(f"{-(-len(shifts) // 4)} at 4 shifts a week")


def used(page: Page, story: Story) -> None:
    page.get_by_role("link", name="Use these as shift templates").click()
    panel = page.locator("#panel-body")
    expect(panel).to_contain_text("will be made for this queue")
    shoot(page, "design-use")
    panel.get_by_role("button", name="Make").click()
    expect(page.locator("#toasts")).to_contain_text("made.")
    with enter(story.alpha.ref()):
        made = ShiftTemplate.objects.count()
    assert made > 1
    expect(page.locator("#toasts")).to_contain_text(f"{made} shift templates made.")
    page.get_by_role("link", name="Use these as shift templates").click()
    expect(panel).to_contain_text(f"templates for all {made} starts of this design already")
    page.keyboard.press("Escape")


def offered(page: Page, installation: Installation, story: Story) -> None:
    """A roster is built from them, and a shift of it may become another of them."""
    page.goto(installation.url("alpha", f"/staffing/?{story.query}"))
    page.get_by_role("button", name="Build roster").click()
    expect(page.locator("[data-board]")).to_be_visible(timeout=40_000)
    with enter(story.alpha.ref()):
        plan = SchedulePlan.objects.get()
        names = set(ShiftTemplate.objects.values_list("name", flat=True))
        laid = DraftShift.objects.filter(plan=plan)
        assert laid.exists()
        assert {one.template_name for one in laid} <= names
    page.locator(".lane .bar-link").first.click()
    expect(page.locator("#panel-body")).to_contain_text("Another shift that day")
    expect(page.locator("#panel-body .shift-choice")).not_to_have_count(0)
    page.keyboard.press("Escape")


def stopped(page: Page, installation: Installation, story: Story) -> None:
    """Another design, which a worker has been at; nobody waits for its end, and the first is listed beside it."""
    with enter(story.alpha.ref()):
        before = ShiftDesign.objects.get()
        problem = problem_of(before.problem)
        quick = solve(problem, seconds=60, stop=lambda: True)
        other = ShiftDesign.objects.create(
            requirement=story.requirement, problem=before.problem, seconds=120, state="solving", runs=2,
            asked_at=timezone.now(), started_at=timezone.now(), objective=quick.objective, bound=quick.bound,
            shifts=shifts_as_json(quick.shifts),
        )  # fmt: skip
    page.goto(installation.url("alpha", f"/staffing/design/{other.pk}/"))
    expect(page.locator("#designing")).to_contain_text("Its worker was lost; the search started over")
    page.get_by_role("button", name="Take the best so far").click()
    expect(page.locator("#designing")).to_contain_text("It is being taken.")
    with enter(story.alpha.ref()):
        assert ShiftDesign.objects.get(pk=other.pk).stop_asked
        ShiftDesign.objects.filter(pk=other.pk).update(state="cancelled", finished_at=timezone.now())
    expect(page.get_by_text("It was stopped early.")).to_be_visible()  # the page asks, hears so and loads anew
    expect(page.get_by_role("heading", name="Designs of this requirement")).to_be_visible()
    page.get_by_role("link", name="Design again").click()
    expect(page.locator("table.stacks")).to_contain_text("stopped")


def priced(page: Page) -> None:
    """The same again, with a price for hours that somebody is missing."""
    page.get_by_label("Time that somebody is missing").select_option(label="counts twice as long")
    page.get_by_label("Look for").select_option("10")
    page.get_by_role("button", name="Design shifts").click()
    expect(page.get_by_text("With each hour somebody is missing counted as 2")).to_be_visible(timeout=60_000)
    short = page.locator(".design-facts div", has_text="Short").locator("dd")
    expect(short).to_have_class("bad")
    shoot(page, "design-priced", full=True)
