"""Time off in a browser: a planner gives room, an agent on a phone takes it, the next one hears where there is some."""

import re
from datetime import date, time, timedelta
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
from interactions.models import Actor, Queue, Skill, Team
from scheduling.domain.requirement import Target
from scheduling.domain.weeks import monday_of
from scheduling.models import Absence, DraftShift, SchedulePlan, ShiftTemplate, TimeOffAllotment
from scheduling.services import make_forecast, make_requirement
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.scheduling.test_plan import BARRIERS, calls, shoot
from tests.e2e.test_path import PASSWORD
from tests.integration.scheduling.build import PAUSES, employ, floor

BY = system("tests")
WHO = {"Planner": "planner", "Ana Agent": "agent", "Ben Agent": "agent"}
NAMES = ("Tomasz Szczepański", "Katarzyna Zielińska", "Paweł Grzybowski", "Zofia Błaszczyk", "Imran Shaikh")


@pytest.mark.browser
def test_room_is_given_taken_and_kept_to(alpha: Any, tmp_path: Path) -> None:
    week = told(alpha)
    day = week + timedelta(days=1)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            planner = arrive(browser, installation, "Planner", problems)
            gives_room(planner, installation, week)
            ana = arrive(browser, installation, "Ana Agent", problems)
            takes_a_day(ana, day)
            ben = arrive(browser, installation, "Ben Agent", problems)
            is_refused(ben, day)
            builds_around_it(planner, installation, alpha, week)
            cancels(planner, installation, alpha)
            ana.reload()
            expect(ana.get_by_text("cancelled: Audit on that day")).to_be_visible()
            assert BARRIERS == []
            refused = "422 (Unprocessable Entity)"  # what had no room
            assert [one for one in problems if refused not in one] == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def told(alpha: Any) -> date:
    """Six weeks of calls, seven people of one team who serve them, two of whom sign in; the Monday to be planned."""
    now = timezone.now()
    week = monday_of(now.astimezone(ZoneInfo(alpha.zone)).date()) + timedelta(weeks=1)
    floor(alpha, employ(*NAMES), starts=())
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for name, role in WHO.items():
            open_account(
                email=address(name), name=name, password=PASSWORD, role=role, client=alpha, client_realm=False, by=BY,
                now=now,
            )  # fmt: skip
    with enter(alpha.ref()):
        queue, team = Queue.objects.get(), Team.objects.create(name="North")
        people = Actor.objects.filter(kind="person").exclude(display_name="Planner")
        people.update(team=team)
        for one in people.filter(skills=None):
            Skill.objects.create(actor=one, queue=queue)
        for hour in (6, 14):
            ShiftTemplate.objects.create(
                name=f"From {hour}", queue=queue, starts_at=time(hour), minutes=540, zone=alpha.zone, pauses=PAUSES
            )
        calls(queue, now)
        made = make_forecast(queue_id=queue.pk, week_start=week, zone=alpha.zone, by=BY, now=now)
        make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=BY, now=now)
    return week


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@bpo.example"


def arrive(browser: Any, installation: Installation, name: str, problems: list[str]) -> Page:
    """Agents by phone, on the page of their time off; the planner at the desk, on the board."""
    desk = WHO[name] == "planner"
    size = {"width": 1440, "height": 900} if desk else {"width": 390, "height": 844}
    page: Page = browser.new_context(viewport=size).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(address(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
    page.goto(installation.url("alpha", "/board/" if desk else "/my-schedule/"))
    page.get_by_role("link", name="Time off").click()
    return page


def gives_room(page: Page, installation: Installation, week: date) -> None:
    """Eight hours on each day of the week; on Monday and Wednesday an hour."""
    expect(page.get_by_role("heading", name="No room for time off in these four weeks")).to_be_visible()
    shoot(page, "time-off-empty", full=True)
    set_room(page, week, week + timedelta(days=6), "8")
    expect(page.locator("#toasts")).to_contain_text("Room is set on 7 days.")
    set_room(page, week, week + timedelta(days=2), "1", without="Tue")
    expect(page.locator("#toasts")).to_contain_text("Room is set on 2 days.")
    expect(page.locator(".room-week").first).to_contain_text("0 / 1 h")
    expect(page.locator(".room-week").first).to_contain_text("0 / 8 h")


def set_room(page: Page, first: date, last: date, hours: str, *, without: str = "") -> None:
    form = page.locator("#allot")
    form.get_by_label("Team").select_option(label="North")
    form.get_by_label("First day").fill(first.isoformat())
    form.get_by_label("Last day").fill(last.isoformat())
    if without:
        form.get_by_label(without).uncheck()
    form.get_by_label("Hours a day").fill(hours)
    form.get_by_role("button", name="Set room").click()


def ask(page: Page, first: date, last: date) -> None:
    page.get_by_label("First day").fill(first.isoformat())
    page.get_by_label("Last day").fill(last.isoformat())
    page.get_by_role("button", name="Ask for time off").click()


def takes_a_day(page: Page, day: date) -> None:
    """Found in the month, asked for, there at once; taken back and asked for again."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Time off")
    if page.get_by_role("link", name=f"{day:%a} {day.day} {day:%b}, room").count() == 0:
        page.get_by_role("link", name="Month after").click()
    page.get_by_role("link", name=f"{day:%a} {day.day} {day:%b}, room").click()
    expect(page.get_by_label("First day")).to_have_value(day.isoformat())
    page.get_by_role("button", name="Ask for time off").click()
    expect(page.locator("#toasts")).to_contain_text("You are off")
    expect(page.get_by_text("approved, 8 h")).to_be_visible()
    page.get_by_role("button", name="Cancel the time off from").click()
    expect(page.locator("#toasts")).to_contain_text("is cancelled")
    ask(page, day, day)
    expect(page.get_by_text("approved, 8 h")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "my-time-off", full=True)


def is_refused(page: Page, day: date) -> None:
    """The last place is taken: the day, what is left, and the nearest two days in a row."""
    ask(page, day, day + timedelta(days=1))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("(0 h left of the 8 h it takes)")
    expect(alert).to_contain_text("(1 h left of the 8 h it takes)")
    free = [day + timedelta(days=ahead) for ahead in (2, 3)]
    said = " – ".join(f"{one:%a} {one.day} {one:%b}" for one in free)
    expect(alert).to_contain_text(f"The nearest 2 days with room are {said}.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "my-time-off-refused", full=True)


def builds_around_it(page: Page, installation: Installation, client: Any, week: date) -> None:
    """The roster gives the day off to who took it, and work to them on others and to others on it."""
    page.goto(installation.url("alpha", f"/board/time-off/?week={week.isoformat()}"))
    expect(page.locator(".room-week").first).to_contain_text("8 / 8 h")
    expect(page.locator(".room-full")).to_have_count(1)
    shoot(page, "time-off", full=True)
    set_room(page, week, week + timedelta(days=6), "4")
    expect(page.get_by_role("alert")).to_contain_text("More is taken already:")
    shoot(page, "time-off-refused", full=True)
    with enter(client.ref()):
        assert sorted(set(TimeOffAllotment.objects.values_list("cap_minutes", flat=True))) == [60, 480]
    page.goto(installation.url("alpha", f"/staffing/?queue=billing&week={week.isoformat()}"))
    page.get_by_role("button", name="Build roster").click()
    expect(page.locator("[data-board]")).to_be_visible(timeout=60_000)
    with enter(client.ref()):
        assert SchedulePlan.objects.get().state == "draft"
        tuesday = DraftShift.objects.filter(business_date=week + timedelta(days=1))
        assert tuesday.exists()
        assert not tuesday.filter(actor__display_name="Ana Agent").exists()
        assert DraftShift.objects.filter(actor__display_name="Ana Agent").exists()
    page.locator(".board-days a").nth(1).click()
    expect(page.locator('.bar-link[aria-label^="Ana Agent, "]')).to_have_count(0)
    expect(page.locator('.bar-link[aria-label="Give Ana Agent a shift"]')).to_have_count(1)
    shoot(page, "time-off-board")


def cancels(page: Page, installation: Installation, client: Any) -> None:
    """With a reason; the room is there again."""
    page.goto(installation.url("alpha", "/board/time-off/"))
    row = page.locator("tbody tr", has_text="approved")
    row.get_by_placeholder("Why, for them to read").fill("Audit on that day")
    row.get_by_role("button", name="Cancel the time off of Ana Agent").click()
    expect(page.locator("#toasts")).to_contain_text("Ana Agent’s time off is cancelled; they are told.")
    with enter(client.ref()):
        assert not TimeOffAllotment.objects.exclude(used_minutes=0).exists()
        assert not Absence.objects.filter(withdrawn_at=None).exists()
