"""The board in a browser: a shift dragged, refused with its reason, placed where it is legal, moved by keys, taken back."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect, sync_playwright

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from console.people import open_account
from scheduling.domain.requirement import Target
from scheduling.models import DraftShift, SchedulePlan
from scheduling.services import make_forecast, make_requirement
from tests.e2e import pictures
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.scheduling.test_plan import BARRIERS, barriers, shoot
from tests.e2e.test_path import PASSWORD
from tests.integration.scheduling.build import BY, NOW, WEEK, add, drafted, employ, floor, past

EMAIL = "planner@bpo.example"
JEROME, TOMASZ, ZOFIA = "Jerome Bautista", "Tomasz Szczepański", "Zofia Błaszczyk"
NAMES = (TOMASZ, JEROME, ZOFIA, "Sneha Kulkarni", "Venkata Satyanarayana Subrahmanyeswara Ramanujacharyulu")
TUESDAY = WEEK + timedelta(days=1)


@dataclass
class Ground:
    client: Any
    queue_id: UUID
    shifts: dict[str, UUID]

    def at(self, name: str) -> str:
        """When somebody's Tuesday is, in the database."""
        with enter(self.client.ref()):
            found = DraftShift.objects.get(pk=self.shifts[name])
            return f"{found.actor.display_name} {found.starts_at:%a %H:%M}–{found.ends_at:%H:%M}"

    def breaks(self, name: str) -> list[int]:
        with enter(self.client.ref()):
            return [one.after for one in DraftShift.objects.get(pk=self.shifts[name]).breaks]


@pytest.mark.browser
def test_shifts_are_moved_on_the_board(alpha: Any, tmp_path: Path) -> None:
    ground = told(alpha)
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            page = arrive(browser, installation, problems)
            open_board(page, installation)
            dragged(page, ground)
            refused_and_placed_where_it_is_legal(page, ground)
            by_keys(page, ground)
            a_break(page, ground)
            a_break_by_mouse(page, ground)
            taken_back(page, ground)
            kept(page, ground)
            to_somebody_else(page, ground)
            stale(page, ground)
            days_and_names(page)
            on_a_phone(page, ground, installation)
            assert BARRIERS == []
            assert [one for one in problems if "409 (Conflict)" not in one] == []  # refusals are
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def told(alpha: Any) -> Ground:
    """Five people's Tuesday with a requirement; one of them works until late on Monday."""
    found = floor(alpha, employ(*NAMES), starts=(6, 8, 9, 11))
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Planner", password=PASSWORD, role="planner", client=alpha, client_realm=False,
            by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    with enter(alpha.ref()):
        past(found, offered=8)
        forecast = make_forecast(queue_id=found.queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW)
        requirement = make_requirement(forecast_id=forecast.pk, target=Target(0.8, 20), by=BY, now=NOW)
        plan = drafted(found, [])
        plan.requirement = requirement
        plan.save()
        late = add(plan, found, TOMASZ, 0, "From 11")
        later = {"starts_at": late.starts_at + timedelta(minutes=45), "ends_at": late.ends_at + timedelta(minutes=45)}
        DraftShift.objects.filter(pk=late.pk).update(**later)
        shifts = {
            TOMASZ: add(plan, found, TOMASZ, 1, "From 11").pk,
            JEROME: add(plan, found, JEROME, 1, "From 9").pk,
            "Sneha Kulkarni": add(plan, found, "Sneha Kulkarni", 1, "From 6").pk,
            NAMES[4]: add(plan, found, NAMES[4], 1, "From 8").pk,
        }
        DraftShift.objects.filter(pk=shifts[NAMES[4]]).update(zone="Asia/Manila")
    return Ground(alpha, found.queue_id, shifts)


def arrive(browser: Any, installation: Installation, problems: list[str]) -> Page:
    page: Page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
    return page


def open_board(page: Page, installation: Installation, day: date | str = TUESDAY) -> None:
    page.goto(installation.url("alpha", f"/board/?queue=billing&week={WEEK.isoformat()}&day={day}"))
    expect(page.locator(".board.drawn")).to_have_count(1)


def picture(page: Page, name: str) -> None:
    """As it stands, at the desk: a window that changes its size puts back what is held."""
    pictures.picture(page, f"{name}-1440")
    barriers(page, name)


def bar(page: Page, name: str) -> Locator:
    return page.locator(f'.bar-link.shift[aria-label^="{name}, "]')


def toast(page: Page, text: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(text)


def drag(page: Page, name: str, minutes: int, rows: int = 0, *, drop: bool = True) -> None:
    """By the mouse, from the middle of the bar; so many minutes to the right and rows down."""
    box, lane = bar(page, name).bounding_box(), page.locator(".lane").first.bounding_box()
    assert box is not None
    assert lane is not None
    window = page.evaluate(
        "() => { const ticks = [...document.querySelectorAll('[data-hours] .tick')]; return ticks.length; }"
    )
    x, y = box["x"] + 30, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (0.2, 0.6, 1.0):
        page.mouse.move(x + part * minutes * lane["width"] / (window * 60), y + part * rows * 29)
    if drop:
        page.mouse.up()


def dragged(page: Page, ground: Ground) -> None:
    """The ghost stays, the ribbon and the card say what would come of it, and the server keeps it."""
    short = page.locator('[data-sum="short"]').inner_text()
    drag(page, JEROME, 90, drop=False)
    card = page.locator("[data-card]")
    expect(card).to_contain_text("10:30–19:30")
    expect(card).to_contain_text("was 09:00–18:00")
    expect(card).to_contain_text("kept: week 8.0 of 40.0 h, 1 of 5 days")
    expect(card.locator("[data-cover]")).to_contain_text(re.compile(r"\d h (less|more) short"))
    expect(page.locator(".bar-link.ghost")).to_have_count(1)
    expect(page.locator(".ribbon-name.area-name")).to_have_text("scheduled, after this move")
    assert ground.at(JEROME) == f"{JEROME} Tue 09:00–18:00", "nothing is kept before it is dropped"
    picture(page, "board-dragging")
    page.mouse.up()
    toast(page, f"{JEROME}’s shift is 10:30–19:30 now.")
    expect(bar(page, JEROME)).to_have_attribute("aria-label", f"{JEROME}, 10:30–19:30")
    assert ground.at(JEROME) == f"{JEROME} Tue 10:30–19:30"
    assert page.locator('[data-sum="short"]').inner_text() != short
    expect(page.locator("#panel")).to_be_hidden()  # the drop was no click


def refused_and_placed_where_it_is_legal(page: Page, ground: Ground) -> None:
    drag(page, TOMASZ, -300)
    box = page.locator("[data-refusal]")
    expect(box).to_contain_text("Not placed: 9 h 15 min of rest, the rule is 11 h")
    expect(box).to_contain_text("Their shift of Mon 30 Nov is 11:45–20:45.")
    expect(box).to_contain_text("nearest legal start")
    expect(page.locator(".refused-mark")).to_have_text("06:00 refused")
    assert ground.at(TOMASZ) == f"{TOMASZ} Tue 11:00–20:00"
    expect(box.get_by_role("button", name="Place at 07:45")).to_be_focused()
    picture(page, "board-refused")
    page.keyboard.press("Enter")
    toast(page, f"{TOMASZ}’s shift is 07:45–16:45 now.")
    expect(page.locator(".refused-mark")).to_have_count(0)
    assert ground.at(TOMASZ) == f"{TOMASZ} Tue 07:45–16:45"


def by_keys(page: Page, ground: Ground) -> None:
    """Taken up and put back first, one on two clocks; then placed a quarter of an hour to the left."""
    bar(page, NAMES[4]).focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-card]")).to_contain_text("08:15–17:15")
    expect(page.locator("[data-card]")).to_contain_text("16:15–01:15 Manila")
    page.keyboard.press("Escape")
    bar(page, JEROME).focus()
    page.keyboard.press("m")
    expect(page.locator(".flyer")).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-card]")).to_contain_text("11:15–20:15")
    page.keyboard.press("Escape")
    expect(page.locator(".flyer")).to_have_count(0)
    assert ground.at(JEROME) == f"{JEROME} Tue 10:30–19:30"
    expect(bar(page, JEROME)).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    toast(page, f"{JEROME}’s shift is 10:15–19:15 now.")
    assert ground.at(JEROME) == f"{JEROME} Tue 10:15–19:15"
    expect(bar(page, JEROME)).to_be_focused()


def a_break(page: Page, ground: Ground) -> None:
    """The meal, which is the second, an hour later."""
    assert ground.breaks(JEROME) == [120, 240]
    page.keyboard.press("b")
    expect(page.locator("[data-card]")).to_contain_text("Break 12:15–12:30")
    page.keyboard.press("b")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-card]")).to_contain_text("Break 15:15–16:15, was 14:15–15:15")
    picture(page, "board-break")
    page.keyboard.press("Enter")
    toast(page, f"{JEROME}’s break is moved.")
    assert ground.breaks(JEROME) == [120, 300]


def a_break_by_mouse(page: Page, ground: Ground) -> None:
    """The meal half an hour back, then further than the shift has room for it; the shift itself stays."""
    meal, lane = bar(page, JEROME).locator('[data-break="1"]'), page.locator(".lane").first.bounding_box()
    assert lane is not None
    quarter = lane["width"] / (page.locator("[data-hours] .tick").count() * 4)
    box = meal.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - quarter, y)
    page.mouse.move(x - 2 * quarter, y)
    expect(page.locator("[data-card]")).to_contain_text("Break 14:45–15:45, was 15:15–16:15")
    page.mouse.move(x - 40 * quarter, y)
    expect(page.locator("[data-card]")).to_contain_text("Break 12:45–13:45")
    expect(page.locator("[data-card]")).to_contain_text("may begin 12:45–18:00")
    page.mouse.move(x - 2 * quarter, y)
    page.mouse.up()
    expect(meal).to_have_attribute("style", re.compile(r"left: 50%"))  # 270 of 540 minutes
    expect(page.locator(".flyer")).to_have_count(0)
    assert ground.breaks(JEROME) == [120, 270]
    assert ground.at(JEROME) == f"{JEROME} Tue 10:15–19:15"
    expect(page.locator("#panel")).to_be_hidden()
    page.keyboard.press("u")
    expect(meal).to_have_attribute("style", re.compile(r"left: 55\.556%"))  # 300 of 540 minutes
    assert ground.breaks(JEROME) == [120, 300]


def taken_back(page: Page, ground: Ground) -> None:
    """Three moves, the last first."""
    page.keyboard.press("u")
    expect(bar(page, JEROME).locator('[data-break="1"]')).to_have_attribute("style", re.compile(r"left: 44\.444%"))
    toast(page, f"Taken back: {JEROME}’s shift is 10:15–19:15 again.")
    assert ground.breaks(JEROME) == [120, 240]
    page.keyboard.press("u")
    toast(page, f"Taken back: {JEROME}’s shift is 10:30–19:30 again.")
    page.keyboard.press("u")
    toast(page, f"Taken back: {TOMASZ}’s shift is 11:00–20:00 again.")
    assert ground.at(TOMASZ) == f"{TOMASZ} Tue 11:00–20:00"


def kept(page: Page, ground: Ground) -> None:
    """What a page loaded anew shows, and what the log says."""
    page.reload()
    expect(bar(page, JEROME)).to_have_attribute("aria-label", f"{JEROME}, 10:30–19:30")
    expect(bar(page, TOMASZ)).to_have_attribute("aria-label", f"{TOMASZ}, 11:00–20:00")
    with enter(ground.client.ref()):
        actions = list(Entry.objects.filter(action__startswith="plan.").values_list("action", flat=True))
    assert sorted(actions) == [*["plan.break_moved"] * 2, *["plan.move_undone"] * 4, *["plan.shift_moved"] * 3]


def to_somebody_else(page: Page, ground: Ground) -> None:
    """Down to somebody who is free, by the mouse; the one who has a shift that day refuses it."""
    places = page.locator(".lane-row").evaluate_all("rows => rows.map((row) => row.querySelector('.who').innerText)")
    names = [one.split("\n")[0] for one in places]
    drag(page, JEROME, 0, names.index(ZOFIA) - names.index(JEROME))
    toast(page, f"{ZOFIA}’s shift is 10:30–19:30 now.")
    assert ground.at(JEROME) == f"{ZOFIA} Tue 10:30–19:30"
    expect(page.locator(f'.bar-link[aria-label="Give {JEROME} a shift"]')).to_have_count(1)
    drag(page, ZOFIA, 0, names.index(TOMASZ) - names.index(ZOFIA))
    expect(page.locator("[data-refusal]")).to_contain_text("Not placed: has a shift that day already")
    expect(page.locator("[data-refusal]").get_by_role("button", name=re.compile("^Place at"))).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("[data-refusal]")).to_be_hidden()
    assert ground.at(JEROME) == f"{ZOFIA} Tue 10:30–19:30"


def stale(page: Page, ground: Ground) -> None:
    """Somebody else was faster: nothing moves, and what is there can be had."""
    with enter(ground.client.ref()):
        plan = SchedulePlan.objects.get()
        plan.version += 1
        plan.save()
    drag(page, TOMASZ, 60)
    box = page.locator("[data-refusal]")
    expect(box).to_contain_text("Somebody changed this plan meanwhile")
    assert ground.at(TOMASZ) == f"{TOMASZ} Tue 11:00–20:00"
    box.get_by_role("button", name="Show what is there now").click()
    expect(page.locator(".board.drawn")).to_have_count(1)
    expect(box).to_be_hidden()


def days_and_names(page: Page) -> None:
    """Another day without a page load, the whole week, and somebody by name."""
    page.evaluate("window.here = true")
    page.locator('[data-day="2026-11-30"]').click()
    expect(bar(page, TOMASZ)).to_have_attribute("aria-label", f"{TOMASZ}, 11:45–20:45")
    expect(bar(page, JEROME)).to_have_count(0)
    page.locator('[data-day="week"]').click()
    expect(bar(page, TOMASZ)).to_have_count(2)
    assert page.evaluate("window.here") is True
    shoot(page, "board-week")
    page.keyboard.press("/")
    page.keyboard.type("blaszc")
    expect(page.locator(".lane-row:visible")).to_have_count(1)
    expect(page.locator("[data-found]")).to_have_text("1 of 5 agents")
    page.keyboard.press("Escape")
    expect(page.locator(".lane-row:visible")).to_have_count(5)


def on_a_phone(page: Page, ground: Ground, installation: Installation) -> None:
    """In words; a shift moves by the form in its panel, as it does without script."""
    page.set_viewport_size({"width": 390, "height": 844})
    open_board(page, installation)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".lane-words a", has_text="11:00–20:00").click()
    panel = page.locator("#panel-body")
    expect(panel).to_contain_text("Move this shift")
    barriers(page, "board panel 390")
    panel.get_by_label("Starts at").fill("12:00")
    panel.get_by_role("button", name="Move shift").click()
    toast(page, f"{TOMASZ}’s shift is 12:00–21:00 now.")
    assert ground.at(TOMASZ) == f"{TOMASZ} Tue 12:00–21:00"
    page.locator(".lane-words a", has_text="12:00–21:00").click()
    meal = panel.locator(".move-break", has_text="meal")
    meal.get_by_label("meal").fill("16:30")
    meal.get_by_role("button", name="Move meal").click()
    toast(page, f"{TOMASZ}’s break is moved.")
    assert ground.breaks(TOMASZ) == [120, 270]
