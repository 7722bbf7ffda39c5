"""The planner's forecast: the model taken beside the naive rule, its trial, and the events it knows."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from interactions.models import Interval
from scheduling.domain.forecasting import MODELS
from scheduling.errors import NotPossible
from scheduling.models import Forecast, SpecialEvent
from scheduling.services import add_event, make_forecast, remove_event
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, employ, floor, past
from tests.people import sign_in

ABOUT = {"queue": "billing", "week": "2026-11-30"}
QUERY = "?queue=billing&week=2026-11-30"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana"))


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def expect(ground: Floor, **more: Any) -> Forecast:
    return make_forecast(queue_id=ground.queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW, **more)


@pytest.mark.services
def test_a_long_past_is_tried_and_the_page_says_how_each_model_did(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground, weeks=20)
        made = expect(ground)
        assert made.method == "middle"
        assert [row["name"] for row in made.trial["models"]] == list(MODELS)
        assert max(row["wape"] for row in made.trial["models"]) < 1e-6
        noon = made.intervals.get(starts_at=NOON)
        assert set(noon.models) == set(MODELS)
        assert noon.low < noon.volume < noon.high
        assert [row[0] for row in made.days] == [(WEEK + timedelta(days=number)).isoformat() for number in range(7)]
    browser = sign_in("alpha", "planner")
    page = text(browser.get(f"/forecast/{QUERY}"))
    for words in (
        "Middle of the four",
        "Last four same weekdays",
        "Noise floor: chance alone",
        "WAPE, interval",
        "Bias",
    ):
        assert words in page, words
    assert 'class="band"' in page
    panel = text(browser.get(f"/forecast/interval/{noon.pk}/"))
    assert "Day, week and month" in panel
    assert "p10 to p90" in panel


def test_a_short_past_says_that_nothing_could_be_tried(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground, weeks=5)
        assert expect(ground).method == "weekday"
    page = text(sign_in("alpha", "planner").get(f"/forecast/{QUERY}"))
    assert "Too little history to try models" in page
    assert "Last six usual weekdays" in page


def test_quarters_of_an_hour_are_forecast_where_they_are_asked_for(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground)
        made = expect(ground, minutes=15)
        assert made.intervals.count() == 7 * 96
        assert made.intervals.get(starts_at=NOON).volume == pytest.approx(3)  # of a half hour's six


def test_events_are_noted_taken_into_account_and_taken_off(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground, weeks=20)
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        sent = ABOUT | {"name": "Sale", "first_day": "2026-12-01", "last_day": "2026-12-01", "share": "250"}
        page = text(browser.post("/forecast/events/add/", sent, follow=True))
        assert "Forecast again to take it into account" in page
        assert re.search(r"250\s?% of the usual", page)
        hours = {
            "name": "Mail",
            "first_day": "2026-12-02",
            "last_day": "2026-12-02",
            "begins": "12:00",
            "ends": "14:00",
        }
        assert "12:00–14:00: learned from earlier days" in text(
            browser.post("/forecast/events/add/", ABOUT | hours, follow=True)
        )
        wrong = browser.post("/forecast/events/add/", sent | {"last_day": "2026-11-30"}, follow=True)
        assert "An event lasts from one day to 31" in text(wrong)
        assert "Event" in text(browser.post("/forecast/events/add/", ABOUT | {"name": ""}, follow=True))
        browser.post("/forecast/make/", ABOUT)
        with enter(alpha.ref()):
            made = Forecast.objects.get()
            volumes = [row[1] for row in made.days]
            assert volumes == pytest.approx([144, 360, 144, 144, 144, 144, 144])
            assert made.effects[0] == ["Sale", "2026-12-01", 2.5, 0]
            sale = SpecialEvent.objects.get(name="Sale")
        browser.post(f"/forecast/events/{sale.pk}/remove/")
        with enter(alpha.ref()):
            assert expect(ground).days[1][1] == pytest.approx(144)
            assert Entry.objects.filter(action__startswith="event.").count() == 3
            assert Forecast.objects.get(pk=made.pk).effects == made.effects


def test_an_event_that_cannot_be_is_refused(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        about = {"queue_id": ground.queue_id, "name": "x", "factor": None, "by": BY, "now": NOW}
        for more in ({"last_day": WEEK - timedelta(days=1)}, {"last_day": WEEK + timedelta(days=31)}):
            with pytest.raises(NotPossible, match="lasts from one day"):
                add_event(first_day=WEEK, **about, **more)
        with pytest.raises(NotPossible, match="ends after it begins"):
            add_event(first_day=WEEK, last_day=WEEK, begins_minute=600, ends_minute=600, **about)
        made = add_event(first_day=WEEK, last_day=WEEK, **about)
        for _again in range(2):
            remove_event(event_id=made.pk, by=BY, now=NOW)
        assert Entry.objects.filter(action="event.removed").count() == 1


@pytest.mark.parametrize(("week", "hours"), [(date(2026, 10, 19), 169), (date(2027, 3, 22), 167)])
def test_a_week_of_a_clock_change_in_the_clients_zone(alpha: Any, ground: Floor, week: date, hours: int) -> None:
    """Berlin: six an hour around the clock before, as many in each hour there really is, and days of 23 and 25."""
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(week.year, week.month, week.day, tzinfo=zone).astimezone(UTC)
    with enter(alpha.ref()):
        Interval.objects.bulk_create(
            Interval(
                queue_id=ground.queue_id, source="acd", starts_at=at, minutes=30, zone="Europe/Berlin",
                business_date=at.astimezone(zone).date(), offered=3,
            )
            for at in (start - timedelta(minutes=30 * number) for number in range(1, 10 * 336 + 1))
        )  # fmt: skip
        made = make_forecast(
            queue_id=ground.queue_id, week_start=week, zone="Europe/Berlin", by=BY, now=start + timedelta(hours=1)
        )
        rows = list(made.intervals.values_list("starts_at", "volume"))
        assert len(rows) == hours * 2
        assert {round(volume, 6) for _at, volume in rows} == {3}
        assert made.days[-1][1] == pytest.approx((hours - 144) * 6)
