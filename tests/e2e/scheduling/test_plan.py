"""The planner's journey in a browser: history, forecast, agents, roster, board, published; a clash; the agent's day."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from bpo.ui import numbers
from console.people import open_account
from interactions.models import Actor, Interval, Queue, Skill
from scheduling.domain.weeks import monday_of
from scheduling.models import (
    DraftShift,
    ForecastEdit,
    PublishedShift,
    RequirementInterval,
    SchedulePlan,
    ScheduleVersion,
    ShiftTemplate,
    SpecialEvent,
)
from scheduling.services import publish
from tests.e2e import pictures
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.scheduling.mend import mend_week
from tests.e2e.scheduling.review import eat_later, review_week
from tests.e2e.test_path import PASSWORD
from tests.integration.scheduling.build import PAUSES, being_built, drafted, employ, floor
from workforce.models import Seat, WorkBlock

NAMES = (
    "Agnieszka Wiśniewska-Kowalczyk", "Tomasz Szczepański", "Katarzyna Zielińska", "Paweł Grzybowski",
    "Zofia Błaszczyk", "Priya Raghunathan", "Venkata Satyanarayana Subrahmanyeswara Ramanujacharyulu",
    "Sneha Kulkarni", "Imran Shaikh", "Maricel Santos", "Jerome Bautista", "Angelica Mae Fernandez",
)  # fmt: skip
BARRIERS: list[tuple[Any, ...]] = []  # what axe calls serious or critical, on any screen
WHO = {"planner": "planner@bpo.example", "agent": "agent@bpo.example"}


@dataclass
class Story:
    alpha: Any
    beta: Any
    week: Any  # the Monday planned
    shared: str
    theirs: Any  # beta's floor


@pytest.mark.browser
def test_from_history_to_an_agents_day(alpha: Any, beta: Any, tmp_path: Path) -> None:
    story = told(alpha, beta)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            page = arrive(browser, installation, "planner", problems)
            forecast_and_staff(page, installation, story)
            build(page, installation, story)
            publish_week(page, story)
            away = mend_week(page, story.alpha, "Agent", shoot)
            clash(page, installation, story)
            take_the_best_so_far(page, installation, story)
            phone = arrive(browser, installation, "agent", problems)
            agents_day(phone, installation, story, away)
            assert BARRIERS == []
            refused = ("409 (Conflict)", "422 (Unprocessable Entity)")  # a clash, and an absence reported twice
            assert [one for one in problems if not any(status in one for status in refused)] == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def told(alpha: Any, beta: Any) -> Story:
    """Six weeks of calls at alpha, twelve people who serve them, one of whom works for beta too, and an agent."""
    now = timezone.now()
    week = monday_of(now.astimezone(ZoneInfo(alpha.zone)).date()) + timedelta(weeks=1)
    people = employ(*NAMES)
    floor(alpha, people, starts=())
    theirs = floor(beta, {"Maricel Santos": people["Maricel Santos"]}, starts=(6, 14))
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for role, email in WHO.items():
            open_account(
                email=email, name=role.title(), password=PASSWORD, role=role, client=alpha, client_realm=False,
                by=system("tests"), now=now,
            )  # fmt: skip
    with enter(alpha.ref()):
        queue = Queue.objects.get()
        Skill.objects.create(actor=Actor.objects.get(display_name="Agent"), queue=queue)
        for hour in (0, 6, 8, 14, 22):
            ShiftTemplate.objects.create(
                name=f"From {hour:02}:00",
                queue=queue,
                starts_at=time(hour),
                minutes=540,
                zone=alpha.zone,
                pauses=PAUSES,
            )
        calls(queue, now)
    return Story(alpha, beta, week, "Maricel Santos", theirs)


def calls(queue: Queue, now: datetime) -> None:
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=42)
    rows = []
    for half in range(42 * 48):
        at = start + timedelta(minutes=30 * half)
        offered = 2 if at.hour < 6 else 9 + (at.hour % 7) - (4 if at.weekday() > 4 else 0)
        rows.append(
            Interval(
                queue=queue, source="acd", starts_at=at, minutes=30, business_date=at.date(), zone="UTC",
                offered=offered, answered=offered, in_target=offered, handle_seconds=offered * 280,
            )
        )  # fmt: skip
    Interval.objects.bulk_create(rows)


def arrive(browser: Any, installation: Installation, role: str, problems: list[str]) -> Page:
    size = {"width": 390, "height": 844} if role == "agent" else {"width": 1440, "height": 900}
    page: Page = browser.new_context(viewport=size).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(WHO[role])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
    return page


def shoot(page: Page, name: str, *, full: bool = False) -> None:
    """How it looks, and what axe says of it, at the desk and on a phone."""
    pictures.shoot(page, name, full=full, look=lambda width: barriers(page, f"{name} {width}"))


def barriers(page: Page, name: str) -> None:
    """Keep what axe calls serious or critical here."""
    for one in pictures.violations(page):
        if one["impact"] in ("serious", "critical"):
            BARRIERS.append((name, one["id"], [node["html"][:160] for node in one["nodes"][:3]]))


def forecast_and_staff(page: Page, installation: Installation, story: Story) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Forecast, week of")
    page.get_by_role("button", name="Make forecast").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("expected")
    page.locator('a[href^="/forecast/interval/"]').nth(12).click()
    expect(page.locator("#panel-body")).to_contain_text("expected, n =")
    page.keyboard.press("Escape")
    changed_by_the_planner(page, story)
    shoot(page, "plan-forecast", full=True)
    page.get_by_role("button", name="Staff this week").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agents needed")
    with enter(story.alpha.ref()):
        noon = datetime.combine(story.week, time(12), ZoneInfo(story.alpha.zone)).astimezone(UTC)
        row = RequirementInterval.objects.get(starts_at=noon)
    number = page.locator(f'a[href="/staffing/interval/{row.pk}/"]')
    expect(number).to_have_text(str(row.scheduled))
    number.click()
    panel = page.locator("#panel-body")
    expect(panel).to_contain_text(f"{numbers.number(row.calls, 2)} × {numbers.number(row.aht_seconds, 1)} s ÷ 1,800 s")
    expect(panel).to_contain_text("80")
    shoot(page, "plan-staffing-panel")
    page.keyboard.press("Escape")
    expect(number).to_be_focused()
    page.locator("form.targets [name=service_level]").fill("95")
    expect(page.locator("#what-if")).to_contain_text("Agents at the peak")
    with enter(story.alpha.ref()):
        assert RequirementInterval.objects.get(pk=row.pk).scheduled == row.scheduled, "nothing is kept"
    shoot(page, "plan-staffing", full=True)


def changed_by_the_planner(page: Page, story: Story) -> None:
    """An event noted and taken off, a change made with its reason and taken back."""
    day = (story.week + timedelta(days=2)).isoformat()
    form = page.locator('form[action="/forecast/events/add/"]')
    form.get_by_label("Event").fill("Street party")
    form.get_by_label("First day").fill(day)
    form.get_by_label("Last day").fill(day)
    form.get_by_label("Of the usual volume, %").fill("150")
    form.get_by_role("button", name="Note event").click()
    expect(page.get_by_text("150 % of the usual")).to_be_visible()
    page.get_by_role("button", name="Take off Street party").click()
    expect(page.get_by_text("None is known.")).to_be_visible()
    form = page.locator('form[action="/forecast/edits/add/"]')
    form.get_by_label("Day").fill(day)
    form.get_by_label("Of what is expected, %").fill("120")
    form.get_by_label("Reason").fill("A mailing goes out")
    form.get_by_role("button", name="Change").click()
    expect(page.get_by_text("A mailing goes out")).to_be_visible()
    with enter(story.alpha.ref()):
        assert [(one.factor, one.reason) for one in ForecastEdit.objects.all()] == [(1.2, "A mailing goes out")]
        assert [one.factor for one in SpecialEvent.objects.all()] == [1.5], "taken off, and still known"
    page.get_by_role("button", name="Take back: A mailing goes out").click()
    expect(page.get_by_text("None. A change lies beside the model")).to_be_visible()


def take_the_best_so_far(page: Page, installation: Installation, story: Story) -> None:
    """Of a later week, which a worker has been at; nobody waits for the end."""
    later = story.week + timedelta(days=7)
    with enter(story.alpha.ref()):
        plan = being_built(Queue.objects.get().pk, later)
    page.goto(installation.url("alpha", f"/board/?queue=billing&week={later.isoformat()}"))
    expect(page.locator("#building")).to_contain_text("Best so far costs 1,200, no roster can be under 900")
    shoot(page, "plan-best-so-far")
    page.get_by_role("button", name="Take the best so far").click()
    expect(page.locator("#building")).to_contain_text("It is being taken.")
    with enter(story.alpha.ref()):
        assert SchedulePlan.objects.get(pk=plan.pk).stop_asked
        SchedulePlan.objects.filter(pk=plan.pk).update(state="draft")
    expect(page.locator("#building")).to_have_count(0)  # the page asks, hears that it is done and loads anew
    expect(page.locator("#fairness-sum h2")).to_be_visible()  # what the page fetches then is of the plan, too
    with enter(story.alpha.ref()):
        SchedulePlan.objects.filter(pk=plan.pk).delete()


def build(page: Page, installation: Installation, story: Story) -> None:
    """With the shared person busy at beta on Tuesday, which the roster keeps clear of."""
    with enter(story.beta.ref()):
        theirs = drafted(story.theirs, [(story.shared, 1, "From 6")], week=story.week)
        publish(plan_id=theirs.pk, version=1, reason="First", by=system("tests"), now=timezone.now())
    page.get_by_role("button", name="Build roster").click()
    expect(page.locator("#building")).to_be_visible()
    shoot(page, "plan-building")
    expect(page.locator("[data-board]")).to_be_visible(timeout=40_000)
    with enter(story.alpha.ref()):
        plan = SchedulePlan.objects.get()
        assert plan.state == "draft"
        assert plan.bound is not None
        assert plan.objective is not None
        assert plan.bound <= plan.objective
        assert plan.shifts.exists()
    assert not Job.objects.exclude(state="done").exists()
    tuesday = page.locator(".board-days a").nth(1)
    tuesday.click()
    expect(page.locator(".busy-text")).to_have_count(1)
    shoot(page, "plan-board")
    page.locator("body").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-body")).to_contain_text("Another shift that day")
    shoot(page, "plan-shift-panel")
    page.keyboard.press("Escape")
    by_hand(page, story)


def by_hand(page: Page, story: Story) -> None:
    """The planner takes somebody's Tuesday out, gives them another shift, and changes it once more."""
    day = story.week + timedelta(days=1)
    with enter(story.alpha.ref()):
        busy = DraftShift.objects.filter(business_date=day).exclude(actor__display_name__in=(story.shared, "Agent"))
        actor = busy.order_by("pk")[0].actor
        DraftShift.objects.filter(actor=actor).exclude(business_date=day).delete()  # so that no rest rule is in the way
        soon = timezone.now() + timedelta(hours=18)  # on a Sunday, the shift that runs now leaves no rest before it
        DraftShift.objects.filter(actor__display_name="Agent", starts_at__lt=soon).delete()
    page.reload()
    name, panel, toasts = actor.display_name, page.locator("#panel-body"), page.locator("#toasts")
    shift = page.locator(f'.bar-link[aria-label^="{name}, "]').first
    shift.click()
    panel.get_by_role("button", name="Take this shift out").click()
    expect(toasts).to_contain_text(f"{name}’s shift is taken out.")
    page.locator(f'.bar-link[aria-label="Give {name} a shift"]').click()
    panel.locator("label", has_text="From 06:00").click()
    panel.get_by_role("button", name="Give shift").click()
    expect(toasts).to_contain_text(f"{name} has a shift.")
    shift.click()
    panel.locator("label", has_text="From 08:00").click()
    panel.get_by_role("button", name="Change shift").click()
    expect(toasts).to_contain_text(f"{name}’s shift is changed.")
    with enter(story.alpha.ref()):
        assert [one.template_name for one in DraftShift.objects.filter(actor=actor)] == ["From 08:00"]


def publish_week(page: Page, story: Story) -> None:
    review_week(page, story.alpha, shoot)
    page.get_by_role("link", name="Publish week").click()
    page.get_by_label("Reason").fill("First schedule of the week")
    shoot(page, "plan-publish")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.locator(".subtitle")).to_contain_text("as published, version 1")
    shoot(page, "plan-published", full=True)
    with enter(story.alpha.ref()):
        version = ScheduleVersion.objects.get()
        assert (version.number, version.reason) == (1, "First schedule of the week")
        blocks = set(PublishedShift.objects.values_list("block_id", flat=True))
        assert len(blocks) == DraftShift.objects.count()
    assert set(WorkBlock.objects.filter(client=story.alpha).values_list("pk", flat=True)) == blocks
    page.get_by_role("link", name="Version 1", exact=True).click()
    page.locator(".lane .bar-link").first.click()
    expect(page.locator("#panel-body")).to_contain_text("A published shift never changes")
    page.keyboard.press("Escape")
    page.go_back()
    expect(page.locator("[data-board]")).to_be_visible()
    eat_later(page, story.alpha, shoot)


def clash(page: Page, installation: Installation, story: Story) -> None:
    """Somebody forces a shift onto time that beta has booked: the database says no, the screen says why."""
    with enter(story.alpha.ref()):
        plan = SchedulePlan.objects.get()
        actor = Actor.objects.get(display_name=story.shared)
        day = story.week + timedelta(days=1)
        DraftShift.objects.filter(actor=actor, business_date=day).delete()
        start = datetime.combine(day, time(8), UTC)
        DraftShift.objects.create(
            plan=plan, actor=actor, template_name="Forced", starts_at=start, ends_at=start + timedelta(hours=4),
            business_date=day, zone=story.alpha.zone,
        )  # fmt: skip
    page.reload()
    page.get_by_role("link", name="Publish week").click()
    page.get_by_label("Reason").fill("More people on Tuesday")
    page.get_by_role("button", name="Publish version 4").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Nothing was published: 1 shift can’t be booked")
    expect(refusal).to_contain_text(story.shared)
    expect(refusal).to_contain_text("busy then, for another client; choose another shift")
    shoot(page, "plan-clash")
    with enter(story.alpha.ref()):
        assert ScheduleVersion.objects.count() == 3


def agents_day(page: Page, installation: Installation, story: Story, away: date) -> None:
    """On a phone: a shift that runs now, then the week that was planned, without the day of the absence."""
    with enter(story.alpha.ref()):
        actor_id = Actor.objects.get(display_name="Agent").pk
        planned = PublishedShift.objects.filter(actor_id=actor_id).order_by("starts_at").first()
    running(story, actor_id)
    page.goto(installation.url("alpha"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.locator(".shift-card .figure")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "agent-today")
    page.goto(installation.url("alpha", f"/my-schedule/?week={story.week.isoformat()}"))
    if planned is not None:
        local = planned.starts_at.astimezone(ZoneInfo(planned.zone))
        expect(page.locator(".my-week")).to_contain_text(f"{local:%H:%M}–")
    expect(page.locator(".my-day").nth(away.weekday())).to_contain_text("Day off")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "agent-week")
    page.goto(installation.url("alpha", "/me/"))
    expect(page.get_by_role("button", name="Sign out").last).to_be_visible()
    shoot(page, "agent-me", full=True)


def running(story: Story, actor_id: UUID) -> None:
    """A shift of this week that began three hours ago, published as any other."""
    now = timezone.now().replace(second=0, microsecond=0)
    start = now - timedelta(hours=3)
    day = start.astimezone(ZoneInfo(story.alpha.zone)).date()
    with enter(story.alpha.ref()):
        plan = SchedulePlan.objects.create(queue=Queue.objects.get(), week_start=monday_of(day), zone=story.alpha.zone)
        pauses = [{**PAUSES[0], "after": 120}, {**PAUSES[1], "after": 270}]
        DraftShift.objects.create(
            plan=plan, actor_id=actor_id, template_name="Now", starts_at=start, ends_at=start + timedelta(hours=9),
            business_date=day, zone=story.alpha.zone, pauses=pauses,
        )  # fmt: skip
        publish(plan_id=plan.pk, version=1, reason="Today", by=system("tests"), now=now)
    assert Seat.objects.filter(actor_id=actor_id, employee__isnull=False).exists()
