"""Forecasts made elsewhere and promised callbacks: through the importer into the forecast and the requirement."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from bpo.tenancy.context import enter
from scheduling.domain.requirement import Target
from scheduling.errors import NotPossible
from scheduling.models import ExternalInterval, Forecast, ForecastInterval, PromisedCallback
from scheduling.services import make_forecast, make_requirement
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, employ, floor, past, staffed
from tests.people import sign_in

ABOUT = {"queue": "billing", "week": "2026-11-30"}
QUERY = "?queue=billing&week=2026-11-30"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana"))


def bring(capsys: Any, folder: Path, kind: str, text: str, *, zone: str = "UTC") -> tuple[int, dict[str, Any]]:
    """Import a file whose headers are our fields."""
    file, mapping = folder / "brought.csv", folder / "mapping.json"
    file.write_text(text, encoding="utf-8")
    fields = text.splitlines()[0].split(",")
    mapping.write_text(json.dumps({"version": 1, "zone": zone, "columns": {one: one for one in fields}}))
    capsys.readouterr()
    code = 0
    try:
        call_command(f"import_{kind}", str(file), client="alpha", mapping=mapping, json=True)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, json.loads(capsys.readouterr().out)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


HOURS = "queue,source,starts_at,minutes,volume,aht_seconds\n" + "".join(
    f"billing,wfm,2026-11-{30:02d}T{hour:02d}:00,60,20,240\n" for hour in range(8, 20)
)


@pytest.mark.services
def test_a_forecast_made_elsewhere_is_imported_taken_and_staffed(
    alpha: Any, ground: Floor, capsys: Any, tmp_path: Path
) -> None:
    with enter(alpha.ref()):
        past(ground, weeks=20)
    code, told = bring(capsys, tmp_path, "forecast", HOURS)
    assert (code, told["created"]) == (0, 12)
    code, told = bring(capsys, tmp_path, "forecast", HOURS.replace("08:00,60,20", "08:00,60,30"))
    assert (code, told["created"], told["updated"], told["unchanged"]) == (0, 0, 1, 11)
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        assert "Take wfm" in text(browser.get(f"/forecast/{QUERY}"))
        page = text(browser.post("/forecast/make/", ABOUT | {"source": "wfm"}, follow=True))
        assert "Made elsewhere: wfm" in page
        assert "About 250 expected" in page
        assert "Noise floor" in page  # our own models stand beside it
        with enter(alpha.ref()):
            made = Forecast.objects.get()
            assert (made.method, made.source) == ("external", "wfm")
            eight, noon = (made.intervals.get(starts_at=NOON + timedelta(hours=hour)) for hour in (-4, 0))
            assert (eight.volume, noon.volume, noon.aht_seconds, noon.aht_of) == (15, 10, 240, "given")
            assert noon.models["naive"] == pytest.approx(6)
            found = make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=BY, now=NOW)
            assert found.intervals.get(starts_at=NOON).calls == 10
        assert "AHT, as it was given" in text(browser.get(f"/forecast/interval/{noon.pk}/"))


def test_rows_that_cannot_be_are_named_and_the_others_kept(
    alpha: Any, ground: Floor, capsys: Any, tmp_path: Path
) -> None:
    code, told = bring(
        capsys, tmp_path, "forecast",
        "queue,source,starts_at,minutes,volume\n"
        "billing,wfm,2026-11-30T08:00,30,5\n"
        "billing,wfm,2026-11-30T08:00,30,6\n"
        "nowhere,wfm,2026-11-30T08:30,30,5\n"
        "billing,wfm,2026-11-30T09:00,30,-5\n"
        "billing,wfm,2026-03-29T02:30,30,5\n",
        zone="Europe/Berlin",
    )  # fmt: skip
    assert code == 1
    assert (told["created"], {(one["row"], one["field"]) for one in told["rejected"]}) == (
        1, {(3, "row"), (4, "queue"), (5, "volume"), (6, "starts_at")},
    )  # fmt: skip


def test_a_new_queue_needs_handling_times_with_its_forecast(
    alpha: Any, ground: Floor, capsys: Any, tmp_path: Path
) -> None:
    about = {"queue_id": ground.queue_id, "week_start": WEEK, "zone": "UTC", "by": BY, "now": NOW, "source": "wfm"}
    with enter(alpha.ref()), pytest.raises(NotPossible, match="wfm has no forecast of this week"):
        make_forecast(**about)
    bring(capsys, tmp_path, "forecast", "queue,source,starts_at,minutes,volume\nbilling,wfm,2026-11-30T08:00,30,5\n")
    with enter(alpha.ref()), pytest.raises(NotPossible, match="how long the work"):
        make_forecast(**about)
    bring(capsys, tmp_path, "forecast", HOURS)
    with enter(alpha.ref()):
        made = make_forecast(**about)
        assert (made.trial, made.used, made.intervals.get(starts_at=NOON).volume) == ({}, [], 10)
    page = text(sign_in("alpha", "planner").get(f"/forecast/{QUERY}"))
    assert "Made elsewhere: wfm" in page
    assert "Too little history to try models" in page


@pytest.mark.parametrize(("week", "hours"), [(date(2026, 10, 19), 169), (date(2027, 3, 22), 167)])
def test_local_times_of_a_file_meet_the_hours_there_really_are(
    alpha: Any, ground: Floor, capsys: Any, tmp_path: Path, week: date, hours: int
) -> None:
    """Berlin: a file says each local hour once; the one that comes twice is the first, the skipped one is refused."""
    rows = [
        f"billing,wfm,{week + timedelta(days=day)}T{hour:02d}:00,60,12,300" for day in range(7) for hour in range(24)
    ]
    header = "queue,source,starts_at,minutes,volume,aht_seconds\n"
    _code, told = bring(capsys, tmp_path, "forecast", header + "\n".join(rows) + "\n", zone="Europe/Berlin")
    assert told["created"] == (168 if hours == 169 else 167)
    with enter(alpha.ref()):
        made = make_forecast(
            queue_id=ground.queue_id, week_start=week, zone="Europe/Berlin", by=BY, now=NOW, source="wfm"
        )
        volumes = list(made.intervals.values_list("volume", flat=True))
        assert len(volumes) == hours * 2
        assert sum(volumes) == pytest.approx(12 * told["created"])


@pytest.mark.services
def test_promised_callbacks_add_their_work_over_their_windows(
    alpha: Any, ground: Floor, capsys: Any, tmp_path: Path
) -> None:
    with enter(alpha.ref()):
        past(ground)
        plain = staffed(ground)
    header = "queue,source,external_id,window_start,window_end,handle_seconds,state\n"
    rows = [f"billing,crm,cb{number},2026-11-30T12:00,2026-11-30T14:00,600,due" for number in range(18)]
    code, told = bring(capsys, tmp_path, "callbacks", header + "\n".join(rows) + "\n")
    assert (code, told["created"]) == (0, 18)
    with enter(alpha.ref()):
        found = staffed(ground, shrinkage=0.2)
        at = {row.starts_at: row for row in found.intervals.all()}
        before = {row.starts_at: row for row in plain.intervals.all()}
        row = at[NOON]
        # 18 calls of ten minutes over two hours are 1.5 Erlangs, three whole agents for every two of the steps
        assert row.callback_load == pytest.approx(1.5)
        taken = [at[NOON + timedelta(minutes=30 * step)].callback_agents for step in range(-1, 5)]
        assert taken == [0, 2, 1, 2, 1, 0]
        assert row.agents == before[NOON].agents + 2
        assert row.scheduled == -(-row.agents * 10 // 8)
        assert found.digest != plain.digest
    panel = text(sign_in("alpha", "planner").get(f"/staffing/interval/{row.pk}/"))
    assert "Promised callbacks, 1.50 Erlang over their windows" in panel
    done = header + "\n".join(rows).replace(",due", ",done") + "\n"
    code, told = bring(capsys, tmp_path, "callbacks", done)
    assert (code, told["updated"]) == (0, 18)
    with enter(alpha.ref()):
        assert PromisedCallback.objects.filter(state="done").count() == 18
        assert staffed(ground).intervals.get(starts_at=NOON).callback_agents == 0


def test_a_window_over_midnight_and_the_end_of_the_week_counts_its_part(
    alpha: Any, ground: Floor, capsys: Any, tmp_path: Path
) -> None:
    with enter(alpha.ref()):
        past(ground)
    code, told = bring(
        capsys, tmp_path, "callbacks",
        "queue,source,external_id,window_start,window_end\n"
        "billing,crm,a,2026-12-06T23:00,2026-12-07T01:00\n"
        "billing,crm,b,2026-12-02T10:00,2026-12-02T09:00\n",
    )  # fmt: skip
    assert (code, [one["field"] for one in told["rejected"]]) == (1, ["window_end"])
    with enter(alpha.ref()):
        found = staffed(ground)
        late = found.intervals.filter(callback_load__gt=0)
        assert [row.starts_at.hour for row in late] == [23, 23]
        assert late[0].callback_load == pytest.approx(300 / 4 / 1800)  # the queue's handling time, a quarter a step
        assert ForecastInterval.objects.filter(forecast_id=found.forecast_id).count() == 336
        assert not ExternalInterval.objects.exists()
