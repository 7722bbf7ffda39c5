"""The bank's year through the command: every row accounted for, twice changes nothing, sums equal to a plain loop."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.models import Sum

from bpo.tenancy.context import enter
from interactions.models import Interval
from tests.arrivals import MINUTES, ROOT, bank_file, counted

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
