"""What planners change: edits beside the model, and other targets tried without keeping anything."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import Client
from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from scheduling.domain import erlang
from scheduling.domain.requirement import ENGINE, Target
from scheduling.errors import NotPossible
from scheduling.models import ForecastEdit, ForecastInterval, Requirement, RequirementInterval
from scheduling.services import edit_forecast, make_forecast, make_requirement, take_back_edit
from tests.integration.scheduling.build import BY, NOW, Floor, employ, floor, past, staffed
from tests.people import sign_in

ABOUT = {"queue": "billing", "week": "2026-11-30"}
QUERY = "?queue=billing&week=2026-11-30"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TARGET = {"service_level": 80, "seconds": 20, "shrinkage": 0, "minimum": 0, "concurrency": 1}


@pytest.fixture
def ground(alpha: Any) -> Floor:
    found = floor(alpha, employ("Ana"))
    with enter(alpha.ref()):
        past(found)
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def change(ground: Floor, **more: Any) -> ForecastEdit:
    about = {"begins_at": NOON, "ends_at": NOON + timedelta(hours=1), "reason": "Mailing", "by": BY, "now": NOW}
    return edit_forecast(queue_id=ground.queue_id, **about | more)


@pytest.mark.services
def test_an_edit_lies_beside_the_model_and_staffing_follows_it(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plain = staffed(ground)
        mine = change(ground, factor=2.0)
        other = change(ground, begins_at=NOON + timedelta(minutes=30), volume=40.0)
        changed = staffed(ground)
        assert set(ForecastInterval.objects.filter(starts_at=NOON).values_list("volume", flat=True)) == {6}
        calls = [changed.intervals.get(starts_at=NOON + timedelta(minutes=at)).calls for at in (-30, 0, 30, 60)]
        assert calls == [6, 12, 40, 6]
        assert changed.edits == [str(mine.pk), str(other.pk)]
        take_back_edit(edit_id=other.pk, by=BY, now=NOW)
        take_back_edit(edit_id=other.pk, by=BY, now=NOW)
        take_back_edit(edit_id=mine.pk, by=BY, now=NOW)
        again = make_requirement(forecast_id=plain.forecast_id, target=Target(0.8, 20), by=BY, now=NOW)
        assert again.edits == []
        assert again.digest == plain.digest != changed.digest
        assert ForecastEdit.objects.count() == 4
        assert Entry.objects.filter(action="forecast.edit_taken_back").count() == 2


def test_an_edit_that_says_nothing_or_two_things_is_refused(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        for more in ({}, {"factor": 1.0, "volume": 1.0}):
            with pytest.raises(NotPossible, match="either a share or a number"):
                change(ground, **more)
        with pytest.raises(NotPossible, match="ends after it begins"):
            change(ground, factor=1.0, ends_at=NOON)
        made = change(ground, factor=1.0)
        for wrong in ({"reason": ""}, {"factor": None}, {"volume": 2.0}, {"ends_at": NOON}):
            with pytest.raises(IntegrityError), transaction.atomic():
                values = {"begins_at": NOON, "ends_at": NOON + timedelta(hours=1), "factor": 1.0, "reason": "x"} | wrong
                ForecastEdit.objects.create(queue_id=ground.queue_id, made_at=NOW, **values)
        assert ForecastEdit.objects.get() == made


@pytest.mark.services
def test_a_planner_changes_hours_of_a_day_on_the_page_and_takes_it_back(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        browser.post("/forecast/make/", ABOUT)
        sent = ABOUT | {
            "day": "2026-12-01",
            "begins": "10:00",
            "ends": "12:00",
            "share": "150",
            "reason": "Mailing to 9,000",
        }
        page = text(browser.post("/forecast/edits/add/", sent, follow=True))
        assert "Mailing to 9,000" in page
        assert "Together 12.0 against the model" in page
        assert "About 1,020 expected" in page
        with enter(alpha.ref()):
            made = ForecastEdit.objects.get()
            assert made.made_by is not None
            assert made.begins_at == datetime(2026, 12, 1, 10, tzinfo=ZoneInfo(alpha.zone))
            row = ForecastInterval.objects.get(starts_at=made.begins_at)
        panel = text(browser.get(f"/forecast/interval/{row.pk}/"))
        for words in ("Mailing to 9,000", "× 1.50", "Expected, as planners changed it", "9.00"):
            assert words in panel
        assert "Reason" in text(browser.post("/forecast/edits/add/", sent | {"reason": ""}, follow=True))
        browser.post(f"/forecast/edits/{made.pk}/take-back/", ABOUT)
        page = text(browser.get(f"/forecast/{QUERY}"))
        assert "About 1,008 expected" in page
        assert "None. A change lies beside the model" in page


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 11, 30), 24)]
)
def test_a_day_is_the_clients_own_with_23_or_25_hours(alpha: Any, ground: Floor, day: date, hours: int) -> None:
    Client.objects.filter(pk=alpha.pk).update(zone="Europe/Berlin")
    with time_machine.travel(NOW, tick=True):
        sent = ABOUT | {"day": day.isoformat(), "share": "110", "reason": "x"}
        sign_in("alpha", "planner").post("/forecast/edits/add/", sent)
        with enter(alpha.ref()):
            made = ForecastEdit.objects.get()
            assert made.ends_at - made.begins_at == timedelta(hours=hours)
            assert made.begins_at.hour in (22, 23)


@pytest.mark.services
def test_what_if_answers_and_keeps_nothing(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        staffed(ground)
    browser = sign_in("alpha", "planner")
    answer = browser.get("/staffing/what-if/", ABOUT | TARGET | {"service_level": 99, "patience": 120})
    page = text(answer)
    found = erlang.required_agents(calls=6, interval=1800, aht=300, service_level=0.99, target=20, patience=120)
    assert f"<b>{found.agents}</b>" in page
    assert "Nothing is kept" in page
    assert browser.get("/staffing/what-if/", ABOUT | TARGET | {"service_level": 200}).status_code == 422
    refused = {"definition": "short_abandons_as_served", "short": 60, "patience": 60}
    assert (
        "short must be at most target" in browser.get("/staffing/what-if/", ABOUT | TARGET | refused).content.decode()
    )
    assert "not staffed yet" in text(browser.get("/staffing/what-if/?queue=billing&week=2027-01-04"))
    with enter(alpha.ref()):
        assert Requirement.objects.count() == 1


@pytest.mark.services
def test_every_part_of_a_required_number_opens(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        browser.post("/forecast/make/", ABOUT)
        target = TARGET | {
            "absence": 8, "coaching": 5, "meetings": 2, "shrinkage": 0, "patience": 120, "max_asa": 5, "short": 10,
            "definition": "short_abandons_excluded",
        }  # fmt: skip
        browser.post("/staffing/make/", ABOUT | target)
        with enter(alpha.ref()):
            made = Requirement.objects.get()
            row = RequirementInterval.objects.get(starts_at=NOON)
            assert made.parts == [["absence", 0.08], ["coaching", 0.05], ["meetings", 0.02]]
            assert made.shrinkage == pytest.approx(1 - 0.92 * 0.95 * 0.98)
            assert (made.definition, made.short_seconds, made.engine, len(made.digest)) == (
                "short_abandons_excluded", 10, ENGINE, 64,
            )  # fmt: skip
            found = erlang.required_agents(
                calls=6, interval=1800, aht=300, service_level=0.8, target=20, patience=120, short=10, max_asa=5,
                sl_definition="short_abandons_excluded", shrinkage=made.shrinkage,
            )  # fmt: skip
            assert (row.agents, row.scheduled) == (found.agents, found.scheduled)
        panel = text(browser.get(f"/staffing/interval/{row.pk}/"))
        for words in ("in time, of all but short abandons", "short is 10 s", "coaching and training", "One agent fewer",
                      made.digest[:12], f"Engine version {ENGINE}", "Mean wait at most"):  # fmt: skip
            assert words in panel, words
        page = text(browser.get(f"/staffing/{QUERY}"))
        assert 'value="8' in page
        assert "What if" in page


def test_the_rule_that_decides_is_named() -> None:
    from scheduling.domain.requirement import required

    def why(calls: float, **more: Any) -> tuple[int, str]:
        [row] = required([(NOON, calls, 180)], Target(0.8, 20, **more), interval=1800)
        return row.staffing.agents, row.decided_by

    assert why(100) == (14, "level")
    assert why(100, max_asa=1.0) == (17, "wait")
    assert why(100, max_occupancy=0.5) == (20, "occupancy")
    assert why(100, minimum=30) == (30, "minimum")
    assert why(0) == (0, "")
    assert why(0, minimum=2) == (2, "minimum")


@pytest.mark.parametrize("week", [date(2026, 10, 26), date(2026, 11, 30)])
def test_a_forecast_made_again_keeps_the_edits(alpha: Any, ground: Floor, week: date) -> None:
    with enter(alpha.ref()):
        begins = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)
        change(ground, factor=3.0, begins_at=begins, ends_at=begins + timedelta(minutes=30))
        for _again in range(2):
            made = make_forecast(queue_id=ground.queue_id, week_start=week, zone="UTC", by=BY, now=NOW)
            found = make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=BY, now=NOW)
            row = made.intervals.get(starts_at=begins)
            assert found.intervals.get(starts_at=begins).calls == row.volume * 3
