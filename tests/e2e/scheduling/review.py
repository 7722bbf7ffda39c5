"""A part of the planner's journey: a plan in review and back, and a version that moves a break alone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from bpo.tenancy.context import enter
from interactions.models import Queue
from scheduling.models import DraftShift, SchedulePlan

Shoot = Callable[[Page, str], None]


def review_week(page: Page, client: Any, shoot: Shoot) -> None:
    """Sent for review, refused an edit and, by the contract, its publication while it is there, taken back with a reason."""
    panel, toasts = page.locator("#panel-body"), page.locator("#toasts")
    page.get_by_role("link", name="Publish week").click()
    panel.get_by_label("Reason").fill("Please look at Tuesday")
    panel.get_by_role("button", name="Send for review").click()
    expect(page.locator(".note", has_text="In review, sent by")).to_contain_text("Please look at Tuesday")
    shoot(page, "plan-in-review")
    with enter(client.ref()):
        Queue.objects.update(second_person=True)  # as the terms say it, which a journey of the operator's changes
    page.get_by_role("link", name="Publish week").click()
    expect(panel).to_contain_text("Weeks of this queue are published by somebody other than who sent them for review.")
    expect(panel.get_by_role("button", name="Publish version")).to_have_count(0)
    shoot(page, "plan-second-person")
    page.keyboard.press("Escape")
    with enter(client.ref()):
        Queue.objects.update(second_person=False)
    page.locator(".lane .bar-link").first.click()
    panel.get_by_role("button", name="Take this shift out").click()
    expect(toasts).to_contain_text("This plan is in review. Take it back to draft first")
    page.get_by_role("link", name="Publish week").click()
    expect(panel.get_by_label("Reason")).to_have_value("Please look at Tuesday")
    shoot(page, "plan-review-panel")
    panel.get_by_label("What is to be changed").fill("Nothing, go ahead")
    panel.get_by_role("button", name="Take back to draft").click()
    expect(page.locator(".note", has_text="Taken back to draft:")).to_contain_text("Nothing, go ahead")
    with enter(client.ref()):
        assert [one.state for one in SchedulePlan.objects.all()] == ["draft"]


def eat_later(page: Page, client: Any, shoot: Shoot) -> None:
    """Somebody's meal moves by a quarter hour: a version of its own, which says so by person and day."""
    with enter(client.ref()):
        shift = DraftShift.objects.select_related("actor").order_by("starts_at", "pk")[0]
        rest, meal = shift.pauses
        DraftShift.objects.filter(pk=shift.pk).update(pauses=[rest, {**meal, "after": meal["after"] + 15}])
        SchedulePlan.objects.update(state="draft")
    page.reload()
    expect(page.locator(".subtitle")).to_contain_text("1 with other breaks")
    page.get_by_role("link", name="See changes").click()
    panel = page.locator("#panel-body")
    expect(panel.get_by_role("heading", name=shift.actor.display_name)).to_be_visible()
    expect(panel).to_contain_text("breaks: ")
    panel.get_by_label("Reason").fill("A later meal")
    panel.get_by_role("button", name="Publish version 2").click()
    expect(page.locator(".subtitle")).to_contain_text("as published, version 2")
    expect(page.locator("#toasts")).to_contain_text("Version 2 is published: 1 with other breaks.")
    page.get_by_role("link", name="What it changed").first.click()
    expect(panel).to_contain_text("published, holds")
    expect(panel).to_contain_text("breaks: ")
    shoot(page, "plan-version-panel")
    page.keyboard.press("Escape")
