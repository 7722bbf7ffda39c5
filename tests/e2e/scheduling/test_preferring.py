"""A preference's way in a browser: stated on a phone, met by a build, seen by the planner, and told to the agent."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from interactions.models import Actor, Queue
from scheduling.domain.requirement import Target
from scheduling.models import Preference, PublishedShift, SchedulePlan
from scheduling.services import make_forecast, make_requirement
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.scheduling.test_plan import BARRIERS, Story, arrive, shoot, told

BY = system("tests")


@pytest.mark.browser
def test_a_day_off_from_the_wish_to_the_week(alpha: object, beta: object, tmp_path: Path) -> None:
    story = told(alpha, beta)
    now = timezone.now()
    with enter(story.alpha.ref()):
        queue = Queue.objects.get()
        made = make_forecast(queue_id=queue.pk, week_start=story.week, zone=story.alpha.zone, by=BY, now=now)
        make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=BY, now=now)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            phone = arrive(browser, installation, "agent", problems)
            stated_on_a_phone(phone, installation, story)
            desk = arrive(browser, installation, "planner", problems)
            built_and_seen(desk, installation, story)
            published(desk, story)
            told_to_the_agent(phone, installation, story)
            assert BARRIERS == []
            assert [one for one in problems if "422 (Unprocessable Entity)" not in one] == []  # a date left out
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def stated_on_a_phone(page: Page, installation: Installation, story: Story) -> None:
    """A Wednesday off; first without its date, then a start that is taken back and put back."""
    page.goto(installation.url("alpha", "/my-schedule/"))
    form, toasts = page.locator(".preference-form"), page.locator("#toasts")
    expect(form.get_by_label("Date")).to_be_hidden()
    form.get_by_label("When").select_option("once")
    expect(form.get_by_label("From")).to_be_hidden()
    form.locator("label", has_text="matters much").click()
    form.get_by_role("button", name="Note it").click()
    expect(form).to_contain_text("Choose the date.")
    form.get_by_label("Date").fill((story.week + timedelta(days=2)).isoformat())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "preference-form", full=True)
    form.get_by_role("button", name="Note it").click()
    expect(toasts).to_contain_text("Your preference is noted.")
    form.get_by_label("When").select_option("4")
    form.get_by_label("I’d rather have").select_option("band")
    form.get_by_label("From").fill("06:00")
    form.get_by_label("Until").fill("08:30")
    form.get_by_role("button", name="Note it").click()
    stated = page.locator("#preferences .list-item")
    expect(stated).to_have_count(2)
    stated.filter(has_text="Every Friday").get_by_role("button", name=re.compile("Take back")).click()
    expect(stated).to_have_count(1)
    toasts.get_by_role("button", name="Undo").click()
    expect(stated.filter(has_text="start between 06:00 and 08:30")).to_have_count(1)
    shoot(page, "preference-stated", full=True)
    with enter(story.alpha.ref()):
        me = Actor.objects.get(display_name="Agent")
        rows = Preference.objects.filter(state="live").values_list("actor", "stated_by", "kind", "strength")
        assert sorted(rows) == sorted([(me.pk, me.pk, "off", "much"), (me.pk, me.pk, "start", "like")])


def built_and_seen(page: Page, installation: Installation, story: Story) -> None:
    page.goto(installation.url("alpha", f"/staffing/?queue=billing&week={story.week.isoformat()}"))
    page.get_by_role("button", name="Build roster").click()
    expect(page.locator("[data-board]")).to_be_visible(timeout=60_000)
    card = page.locator("#fairness-sum")
    expect(card).to_contain_text("of 2 preferences met")
    expect(card).to_contain_text("nobody carried 8 unsocial hours above a fair share")
    shoot(page, "preference-board", full=True)
    card.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preferences and fairness")
    wednesday = page.locator("#asked details").filter(has_text="day off")
    expect(wednesday).to_contain_text("met")
    wednesday.locator("summary").click()
    expect(wednesday.locator(".wish-detail")).to_contain_text("In this draft no shift.")
    form = page.locator(".preference-form")
    form.get_by_label("Who").select_option(label="Imran Shaikh")
    form.get_by_role("button", name="Note it for them").click()
    expect(page.locator("#toasts")).to_contain_text("Imran Shaikh’s preference is noted.")
    expect(page.locator("#live .list-item").filter(has_text="Imran Shaikh")).to_contain_text("noted by Planner")
    shoot(page, "preference-fairness", full=True)
    with enter(story.alpha.ref()):
        plan = SchedulePlan.objects.get()
        day = story.week + timedelta(days=2)
        assert not plan.shifts.filter(actor__display_name="Agent", business_date=day).exists()
        assert plan.shifts.filter(business_date=day).exists()
    page.get_by_role("link", name="To the board").click()


def published(page: Page, story: Story) -> None:
    page.get_by_role("link", name="Publish week").click()
    page.get_by_label("Reason").fill("First schedule of the week")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.locator(".subtitle")).to_contain_text("as published, version 1")
    with enter(story.alpha.ref()):
        assert PublishedShift.objects.exists()


def told_to_the_agent(page: Page, installation: Installation, story: Story) -> None:
    page.goto(installation.url("alpha", f"/my-schedule/?week={story.week.isoformat()}"))
    wednesday = page.locator(".my-day").nth(2)
    expect(wednesday).to_contain_text("Day off")
    expect(wednesday).to_contain_text("as preferred")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "preference-met", full=True)
