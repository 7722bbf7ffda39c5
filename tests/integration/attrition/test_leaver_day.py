"""Leaver day: at the midnight after the last day, where the person works, nothing of theirs opens anything."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import HandOff, Membership, Token, User
from accounts.services import create_token
from attrition.leavers import BY, end_due, end_if_left
from attrition.services import correct_separation, record_separation, take_back
from bpo.ops_audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.registry import load
from bpo.outbox.slots import HOURLY
from console.people import seat_of
from tests.integration.accounts.test_hosts_and_sessions import OPS, arrived, person, sign_in
from tests.integration.attrition.build import person as hired
from workforce.models import Employee, Employment, Seat, Site
from workforce.selectors.spells import has_left, over_at
from workforce.services import hire

START = date(2026, 3, 2)


def employed(alpha: Any, zone: str = "UTC") -> tuple[User, Employment]:
    """A lead who signs in, has a seat at alpha, and an employment at a site."""
    user = person("team_lead", alpha)
    employee = Seat.objects.get(user=user).employee
    site = Site.objects.create(name=f"Site {zone}", zone=zone, country="XX")
    return user, Employment.objects.create(employee=employee, site=site, starts_on=START)


def leaves(employment: Employment, last_day: date, now: datetime | None = None) -> Any:
    return record_separation(
        employment=employment, last_day=last_day, reason="commute", by=BY, now=now or timezone.now()
    )


def test_a_past_last_day_ends_everything_at_once_in_the_same_breath(alpha: Any, beta: Any) -> None:
    user, employment = employed(alpha)
    other = person("agent", alpha, "colleague@bpo.example")
    at_ops, at_alpha = sign_in(OPS), arrived("alpha")
    colleague = arrived("alpha", "colleague@bpo.example")
    _, clear = create_token(
        user=user, client=alpha, name="t", scopes=["see_interactions"], days=9, by=BY, now=timezone.now()
    )
    api = Browser(HTTP_HOST="alpha.bpo.test", HTTP_AUTHORIZATION=f"Bearer {clear}")
    code = urlsplit(at_ops.post("/cross/alpha/")["Location"]).query
    assert at_alpha.get("/notices/").status_code == api.get("/api/v1/interactions/").status_code == 200

    leaves(employment, timezone.now().date() - timedelta(days=2))

    assert at_alpha.get("/notices/").status_code == 302, "signed out"
    assert at_ops.get("/").status_code == 302
    assert api.get("/api/v1/interactions/").status_code == 401
    assert Browser(HTTP_HOST="alpha.bpo.test").get(f"/arrive/?{code}").status_code == 403
    assert colleague.get("/notices/").status_code == 200
    assert not Membership.objects.filter(user=user, ends_at=None).exists()
    assert Membership.objects.filter(user=other, ends_at=None).count() == 1
    assert not Token.objects.exists()
    assert not HandOff.objects.filter(used_at=None).exists()
    seat = Seat.objects.get(employee=employment.employee)
    assert seat.user is None, "what they did stays theirs; nobody signs in to it"
    written = list(Entry.objects.order_by("seq").values_list("action", flat=True))
    for action in ("separation.recorded", "membership.ended", "token.revoked", "session.ended", "seat.left"):
        assert written.count(action) == 1, action

    lines = Entry.objects.count()
    assert end_if_left(employee_id=employment.employee_id, now=timezone.now()) == 0
    assert end_due(now=timezone.now()) == 0
    assert Entry.objects.count() == lines, "a second time finds nothing and says nothing"
    assert seat_of(user, alpha, timezone.now()).pk == seat.pk, "hired again, they have the seat again"


# Zone, last day, and the instant at which it is over. Each has an odd midnight, but for the first.
MIDNIGHTS = [
    ("Asia/Manila", date(2026, 12, 31), "2026-12-31T16:00:00+00:00"),
    ("America/Bogota", date(2026, 12, 31), "2027-01-01T05:00:00+00:00"),
    ("Asia/Kolkata", date(2026, 12, 31), "2026-12-31T18:30:00+00:00"),
    ("Europe/Warsaw", date(2027, 3, 28), "2027-03-28T22:00:00+00:00"),  # a day of 23 hours
    ("Europe/Warsaw", date(2027, 10, 31), "2027-10-31T23:00:00+00:00"),  # a day of 25 hours
    ("Africa/Cairo", date(2027, 4, 29), "2027-04-29T22:00:00+00:00"),  # the midnight after it does not happen
    ("Asia/Beirut", date(2027, 3, 27), "2027-03-27T22:00:00+00:00"),  # nor this one
    ("Africa/Cairo", date(2027, 10, 28), "2027-10-28T21:00:00+00:00"),  # that midnight is struck twice
]


def test_it_is_over_at_midnight_on_the_clock_of_the_site_whatever_the_clock_does(alpha: Any) -> None:
    user, employment = employed(alpha)
    assert employment.site is not None
    before = timezone.now() - timedelta(days=1)
    for zone, last_day, instant in MIDNIGHTS:
        Site.objects.filter(pk=employment.site.pk).update(zone=zone)
        Employment.objects.filter(pk=employment.pk).update(ends_on=None)
        made = leaves(Employment.objects.get(pk=employment.pk), last_day, before)
        at = datetime.fromisoformat(instant)
        current = Employment.objects.select_related("site").get(pk=employment.pk)
        found = over_at(current)
        assert found is not None
        if zone == "Africa/Cairo" and last_day.month == 10:
            assert found.astimezone(ZoneInfo(zone)).date() in (last_day, last_day + timedelta(days=1))
            at = found.astimezone(UTC)
        assert found.astimezone(UTC) == at, zone
        assert not has_left(current.employee, now=at - timedelta(seconds=1)), zone
        assert has_left(current.employee, now=at), zone
        [job] = Job.objects.filter(kind="attrition.leaver_day", run_at=at)
        assert job.payload == {"employee_id": str(employment.employee_id)}
        take_back(separation=made, version=1, by=BY, now=before)
    assert Membership.objects.get(user=user).ends_at is None


def test_the_hour_ends_whoever_left_however_that_was_written(alpha: Any, beta: Any) -> None:
    """By an import that writes rows alone; for who has no seat and is known by e-mail; and not for who was hired again."""
    load()
    assert "attrition.end_leavers" in HOURLY
    now = timezone.now()
    today = now.date()
    user, employment = employed(alpha)
    Employment.objects.filter(pk=employment.pk).update(ends_on=today)
    # HR without a seat, known by the address; another of whom two employees claim the address; one hired again.
    hr = person("hr", None, "tunde@bpo.example")
    shared = person("hr", None, "shared@bpo.example")
    back = person("agent", beta, "back@bpo.example")
    for number, email in (("H1", "Tunde@bpo.example"), ("S1", "shared@bpo.example"), ("S2", "shared@bpo.example")):
        spell = hired(number, START)
        Employee.objects.filter(pk=spell.employee_id).update(email=email)
        Employment.objects.filter(pk=spell.pk).update(ends_on=today - timedelta(days=3))
    again = Seat.objects.get(user=back).employee
    assert again is not None
    Employment.objects.create(employee=again, starts_on=START, ends_on=today - timedelta(days=9))
    Employment.objects.create(employee=again, starts_on=today - timedelta(days=2))
    job = Job.objects.create(kind="attrition.end_leavers", dedupe_key="now")
    assert execute(job.pk, job.kind) == "done"
    held = set(Membership.objects.exclude(ends_at__lte=timezone.now()).values_list("user__email", flat=True))
    assert held == {shared.email, back.email}
    assert user.email not in held
    assert hr.email not in held
    assert end_due(now=timezone.now()) == 0


def test_who_is_hired_for_later_is_out_until_then(alpha: Any) -> None:
    user, employment = employed(alpha)
    today = timezone.now().date()
    Employment.objects.filter(pk=employment.pk).update(ends_on=today + timedelta(days=1))
    Employment.objects.create(employee=employment.employee, starts_on=today + timedelta(days=30))
    assert end_due(now=timezone.now()) == 0
    Employment.objects.filter(pk=employment.pk).update(ends_on=today)
    assert end_due(now=timezone.now()) == 1
    assert not Membership.objects.exclude(ends_at__lte=timezone.now()).filter(user=user).exists()


def test_a_correction_into_the_past_counts_at_once_and_one_into_the_future_waits(alpha: Any) -> None:
    user, employment = employed(alpha)
    today = timezone.now().date()
    browser = arrived("alpha")
    made = leaves(employment, today + timedelta(days=9))
    assert browser.get("/notices/").status_code == 200
    [first] = Job.objects.filter(kind="attrition.leaver_day")
    later = correct_separation(
        separation=made, version=1, last_day=today + timedelta(days=20), reason="commute", by=BY, now=timezone.now()
    )
    Job.objects.filter(pk=first.pk).update(run_at=timezone.now())
    assert execute(first.pk, first.kind) == "done", "the midnight that is no longer theirs ends nothing"
    assert browser.get("/notices/").status_code == 200
    correct_separation(
        separation=later, version=2, last_day=today - timedelta(days=1), reason="commute", by=BY, now=timezone.now()
    )
    assert browser.get("/notices/").status_code == 302
    assert not Session.objects.filter(pk=browser.cookies["bpo_session"].value).exists()
    assert Membership.objects.get(user=user).ends_at is not None


def test_the_last_operator_admin_keeps_the_role_and_nothing_else(alpha: Any) -> None:
    admin = person("operator_admin", None, "only@bpo.example")
    spell = hire(number="X1", name="Only", starts_on=START, by=BY, now=timezone.now())
    Employee.objects.filter(pk=spell.employee_id).update(email=admin.email)
    browser = sign_in(OPS, admin.email)
    leaves(spell, timezone.now().date() - timedelta(days=1))
    assert Membership.objects.get(user=admin).ends_at is None
    assert browser.get("/").status_code == 302
    person("operator_admin", None, "heir@bpo.example")
    assert end_due(now=timezone.now()) == 1
    assert Membership.objects.get(user=admin).ends_at is not None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_farthest_zones_are_looked_at(alpha: Any, zone: str) -> None:
    user, employment = employed(alpha, zone)
    local = timezone.now().astimezone(ZoneInfo(zone)).date()
    Employment.objects.filter(pk=employment.pk).update(ends_on=local + timedelta(days=1))
    assert end_due(now=timezone.now()) == 0
    Employment.objects.filter(pk=employment.pk).update(ends_on=local)
    assert end_due(now=timezone.now()) == 1
    assert Membership.objects.get(user=user).ends_at is not None
