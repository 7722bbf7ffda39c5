"""A mail queue on the planner's screens: staffed by due time, tried, opened, and built from."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from bpo.tenancy.context import enter
from interactions.models import Queue
from scheduling.domain.due import DueTarget
from scheduling.domain.requirement import Target
from scheduling.errors import NotPossible
from scheduling.models import Requirement, RequirementInterval
from scheduling.services import make_forecast, make_requirement
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, employ, floor, past, staffed
from tests.people import sign_in

ABOUT = {"queue": "billing", "week": "2026-11-30"}
QUERY = "?queue=billing&week=2026-11-30"
DUE = {"due_hours": 24, "opens": "08:00", "closes": "16:00", "weekends": "on", "shrinkage": 10, "minimum": 0}


@pytest.fixture
def ground(alpha: Any) -> Floor:
    found = floor(alpha, employ("Ana"))
    with enter(alpha.ref()):
        past(found)
        Queue.objects.filter(key="billing").update(channel="email", answer_within_seconds=86_400)
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.services
def test_mail_is_staffed_by_due_time_from_the_page_on(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        browser.post("/forecast/make/", ABOUT)
        browser.post("/staffing/make/", ABOUT)  # the queue's own promise
        with enter(alpha.ref()):
            made = Requirement.objects.get()
            assert (made.method, made.target_seconds, made.service_level) == ("due", 86_400, None)
        page = text(browser.get(f"/staffing/{QUERY}"))
        assert "everything is done within 24.0 hours of its arrival" in page
        assert "All done within, hours" in page
        assert "Erlang" not in page
        browser.post("/staffing/make/", ABOUT | DUE)
        with enter(alpha.ref()):
            made = Requirement.objects.first()
            rows = list(made.intervals.all())
            assert {row.service_level for row in rows} == {None}
            assert sum(row.late for row in rows) == 0
            # 144 items of five minutes a day are 24 half hours: three people for eight hours
            assert max(row.agents for row in rows) in (2, 3)
            busy = next(row for row in rows if row.agents)
        panel = text(browser.get(f"/staffing/interval/{busy.pk}/"))
        for words in ("all done within 24.0 h", "Open at its end", "No queueing model is used", "a time work is due"):
            assert words in panel, words
        tried = text(browser.get("/staffing/what-if/", ABOUT | DUE | {"due_hours": 2}))
        assert "Agents at the peak" in tried
        assert "Service level" not in tried
        assert browser.get("/staffing/what-if/", ABOUT | DUE | {"due_hours": 0}).status_code == 422


def test_a_target_without_time_to_work_is_refused_in_words(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        made = make_forecast(queue_id=ground.queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW)
        for wrong in (DueTarget(seconds=60), DueTarget(seconds=86_400, opens=600, closes=600)):
            with pytest.raises(NotPossible, match="can't be staffed"):
                make_requirement(forecast_id=made.pk, target=wrong, by=BY, now=NOW)
        assert not Requirement.objects.exists()


def test_the_database_knows_the_two_ways_apart(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        made = staffed(ground)
        for wrong in ({"service_level": None}, {"method": "due"}, {"opens_minute": 60, "closes_minute": 60}):
            values = {"method": "answer", "service_level": 0.8} | wrong
            with pytest.raises(IntegrityError), transaction.atomic():
                Requirement.objects.create(forecast_id=made.forecast_id, target_seconds=20, made_at=NOW, **values)
        row = RequirementInterval.objects.get(requirement=made, starts_at=datetime(2026, 11, 30, 12, tzinfo=UTC))
        assert (row.left, row.late) == (None, None)
        assert made.service_level == Target(0.8, 20).service_level
