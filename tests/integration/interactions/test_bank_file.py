"""The bank's year through the command: every row accounted for, twice changes nothing, sums equal to a plain loop."""

import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db.models import Sum

from bpo.tenancy.context import enter
from interactions.domain.regrain import regrain
from interactions.interval_reading import counted_day, counted_days, counts_of, origins
from interactions.models import Interval
from tests.arrivals import MINUTES, ROOT, Counted, bank_file, counted
from tests.people import sign_in
from tests.words import text_of

MAPPING = ROOT / "bpo" / "imports" / "mappings" / "bank_6min.json"


def run(source: Path, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_intervals", source, client="alpha", json=True, stdout=out, **options)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_every_row_is_accounted_for_and_the_second_time_changes_nothing(alpha: Any, tmp_path: Path) -> None:
    source = bank_file(tmp_path)
    plain = counted(source)
    first = run(source, mapping=MAPPING)
    second = run(source)  # the packaged mapping is found by the file's shape
    none = {"created": 0, "updated": 0, "unchanged": 0}
    assert first == {
        **none, "file_rows": plain.rows, "created": plain.rows, "rejected": [], "values": {**none, "created": plain.values}
    }  # fmt: skip
    assert second == {
        **none, "file_rows": plain.rows, "unchanged": plain.rows, "rejected": [],
        "values": {**none, "unchanged": plain.values},
    }  # fmt: skip
    with enter(alpha.ref()):
        assert Interval.objects.count() == plain.values
        assert set(Interval.objects.values_list("minutes", "version").distinct()) == {(MINUTES, 1)}
        assert Interval.objects.aggregate(calls=Sum("offered"))["calls"] == plain.calls
    check_selectors(alpha, plain)
    check_screens(plain)


def check_selectors(alpha: Any, plain: Counted) -> None:
    with enter(alpha.ref()):
        (origin,) = origins()
        found = {one.day.isoformat(): one for one in map(counted_day, counted_days(origin))}
        assert {on: one.offered for on, one in found.items()} == {on: sum(row) for on, row in plain.days.items()}
        assert {(one.known, one.expected) for one in found.values()} == {(240, 240)}
        kept = counts_of(origin, [one.day for one in found.values()])
        assert {on.isoformat(): [one.offered for one in row] for on, row in kept.items()} == plain.days
        for on, row in kept.items():
            summed = [bucket.offered for bucket in regrain(row, 30, ZoneInfo(found[on.isoformat()].zone))]
            assert summed == plain.summed(on.isoformat(), 30)


def check_screens(plain: Counted) -> None:
    browser = sign_in("alpha", "planner")
    listed = text_of(browser.get("/intervals/"))
    for on in sorted(plain.days)[-14:]:
        half_hours = plain.summed(on, 30)
        at = half_hours.index(max(half_hours)) * 30
        said = f"{date.fromisoformat(on):%Y} {sum(plain.days[on]):,} 240 of 240 {max(half_hours):,} from {at // 60:02d}:{at % 60:02d}"
        assert said in listed
    for minutes in (6, 30, 60, 1440):
        on = "1999-03-28"
        told = browser.get(f"/intervals/?minutes={minutes}&day={on}").content.decode()
        figures = re.findall(r'<th scope="row" class="num">(\d\d:\d\d)</th><td class="n value">([\d,]+)</td>', told)
        starts = [f"{at // 60:02d}:{at % 60:02d}" for at in range(0, 1440, minutes)]
        assert figures == list(zip(starts, [f"{one:,}" for one in plain.summed(on, minutes)], strict=True))
