"""manage.py import_intervals, on real databases."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bpo.imports.models import ImportRun
from bpo.tenancy.context import enter
from interactions.models import Interval, Queue
from tests.integration.interactions.files import written

HOURS = [f"{hour:02d}:00" for hour in range(24)]
HOW: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "constants": {"queue": "Billing", "source": "acd"},
    "create_missing": ["queue"],
    "wide": {"date": "day", "minutes": 60, "field": "offered"},
}


def day(on: str, first: str = "1") -> str:
    return ",".join([on, first, *["1"] * 23])


def run(folder: Path, *rows: str, how: dict[str, Any] = HOW, **options: Any) -> tuple[int, dict[str, Any]]:
    out, code = io.StringIO(), 0
    file = written(folder, "counts.csv", "\n".join([",".join(["day", *HOURS]), *rows]).encode())
    try:
        call_command(
            "import_intervals", file, client="alpha", mapping=written(folder, "how.json", how), json=True,
            stdout=out, stderr=io.StringIO(), **options,
        )  # fmt: skip
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def test_a_changed_count_updates_one_interval_and_keeps_the_others(alpha: Any, tmp_path: Path) -> None:
    assert run(tmp_path, day("2026-06-01"), day("2026-06-02"))[0] == 0
    code, found = run(tmp_path, day("2026-06-01", "8"), day("2026-06-02"), day("2026-06-03"))
    assert (code, found["created"], found["updated"], found["unchanged"]) == (0, 1, 1, 1)
    assert found["values"] == {"created": 24, "updated": 1, "unchanged": 47}
    with enter(alpha.ref()):
        changed = Interval.objects.get(version=2)
        assert (changed.offered, changed.business_date.isoformat(), changed.minutes) == (8, "2026-06-01", 60)
        assert changed.import_run_id == ImportRun.objects.first().pk
        assert Interval.objects.count() == 72


def test_a_rejected_day_leaves_nothing_and_the_rest_goes_in(alpha: Any, tmp_path: Path) -> None:
    code, found = run(tmp_path, day("2026-03-29"), day("2026-03-30"), day("2026-03-31", "many"))
    assert (code, found["file_rows"], found["created"]) == (1, 3, 1)
    assert [(one["row"], one["field"]) for one in found["rejected"]] == [(2, "02:00"), (4, "00:00")]
    with enter(alpha.ref()):
        assert set(Interval.objects.values_list("business_date", flat=True)) == {Interval.objects.first().business_date}
        run_ = ImportRun.objects.get()
        assert (run_.file_rows, run_.created, run_.rejected) == (3, 1, 2)


def test_another_grain_of_the_same_source_is_refused_for_the_day(alpha: Any, tmp_path: Path) -> None:
    run(tmp_path, day("2026-06-01"))
    half = {**HOW, "wide": None, "columns": {"day": "starts_at", "00:00": "offered"}}
    half["constants"] = {**HOW["constants"], "minutes": "30"}
    code, found = run(tmp_path, day("2026-06-01 08:00"), day("2026-06-02 08:00"), how=half)
    assert (code, found["created"], len(found["rejected"])) == (1, 1, 1)
    assert "acd has intervals of 60 minutes in Europe/Berlin on 2026-06-01" in found["rejected"][0]["problem"]


def test_another_zone_of_the_same_source_is_refused_for_the_day(alpha: Any, tmp_path: Path) -> None:
    run(tmp_path, day("2026-06-01"))
    code, found = run(tmp_path, day("2026-06-01"), how={**HOW, "zone": "Asia/Manila"})
    assert (code, len(found["rejected"])) == (1, 1)
    with enter(alpha.ref()):
        assert Interval.objects.count() == 24


def test_an_unknown_queue_is_refused_unless_it_may_be_made(alpha: Any, tmp_path: Path) -> None:
    code, found = run(tmp_path, day("2026-06-01"), how={**HOW, "create_missing": []})
    assert (code, found["rejected"][0]["field"]) == (1, "queue")
    with enter(alpha.ref()):
        assert not Queue.objects.exists()
        assert not Interval.objects.exists()


def test_a_dry_run_counts_and_keeps_nothing(alpha: Any, tmp_path: Path) -> None:
    code, found = run(tmp_path, day("2026-06-01"), dry_run=True)
    assert (code, found["created"], found["values"]["created"]) == (0, 1, 24)
    with enter(alpha.ref()):
        assert not Interval.objects.exists()
        assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("header", "how", "words"),
    [
        (["day", "total", *HOURS[1:]], HOW, "neither mapped nor a time of day"),
        (["date", *HOURS], HOW, 'no column "day"'),
        (["day", *HOURS], {**HOW, "constants": {}}, 'Nothing fills "queue"'),
        (["day", *HOURS], {**HOW, "columns": {"day": "agent"}}, 'no field "agent"'),
    ],
)
def test_a_file_or_mapping_that_cannot_work_is_a_bad_call(
    alpha: Any, tmp_path: Path, header: list[str], how: dict[str, Any], words: str
) -> None:
    file = written(tmp_path, "counts.csv", "\n".join([",".join(header), day("2026-06-01")]).encode())
    with pytest.raises(CommandError, match=words) as caught:
        call_command("import_intervals", file, client="alpha", mapping=written(tmp_path, "how.json", how))
    assert caught.value.returncode == 2
    with enter(alpha.ref()):
        assert not Interval.objects.exists()
