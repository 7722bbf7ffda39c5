"""A part of the planner's journey: somebody is absent, the least change that makes up for it is found and accepted."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from playwright.sync_api import Page, expect

from bpo.tenancy.context import enter
from scheduling.models import Absence, PublishedShift, Repair, ScheduleVersion

Shoot = Callable[[Page, str], None]


def mend_week(page: Page, client: Any, name: str, shoot: Shoot) -> date:
    """Report somebody absent on their last day, look twice, withdraw once, accept; the day is returned."""
    with enter(client.ref()):
        held = ScheduleVersion.objects.latest("number")
        shift = PublishedShift.objects.filter(version=held, actor__display_name=name).latest("starts_at")
        day = shift.business_date
    page.get_by_role("link", name="Absences").click()
    expect(page.get_by_role("heading", name="Nobody is reported absent")).to_be_visible()
    shoot(page, "repair-empty")
    report(page, name, day)
    look(page)
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#proposal")).to_have_count(0)
    page.get_by_role("button", name=f"Withdraw the absence of {name}").click()
    expect(page.locator("#toasts")).to_contain_text("absence is withdrawn")
    report(page, name, day)
    report(page, name, day)
    expect(page.get_by_role("alert")).to_contain_text("is reported absent then already")
    look(page)
    row = page.locator("#proposal tbody tr").first
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("absent")
    shoot(page, "repair-proposed")
    page.get_by_role("button", name=re.compile("Accept and publish|Publish the absences")).click()
    expect(page.locator(".subtitle")).to_contain_text(f"as published, version {held.number + 1}")
    with enter(client.ref()):
        made = ScheduleVersion.objects.latest("number")
        assert made.reason == "Makes up for 1 absent shift"
        assert not PublishedShift.objects.filter(version=made, actor__display_name=name, business_date=day).exists()
        assert [one.state for one in Repair.objects.order_by("asked_at")] == ["discarded", "accepted"]
        assert Absence.objects.filter(withdrawn_at=None).count() == 1
    page.locator(f'[data-day="{day.isoformat()}"]').click()
    expect(page.locator(".busy.absent")).to_contain_text("absent")
    shoot(page, "board-absent")
    return day


def report(page: Page, name: str, day: date) -> None:
    page.get_by_label("Who").select_option(label=name)
    page.get_by_label("First day").fill(day.isoformat())
    page.get_by_label("Last day").fill(day.isoformat())
    page.get_by_label("Why").select_option("sick")
    page.get_by_role("button", name="Report absent").click()


def look(page: Page) -> None:
    """The page shows what was found by itself."""
    page.get_by_role("button", name="Find a repair").click()
    expect(page.locator("#proposal")).to_contain_text("absent shift", timeout=40_000)
