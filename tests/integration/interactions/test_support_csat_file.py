"""Rated support answers through the command: every row accounted for, twice changes nothing, figures to the last digit."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from bpo.tenancy.context import enter
from bpo.ui.numbers import interval, number
from interactions.models import Actor, Interaction
from surveys.domain.metrics import wilson
from surveys.figures import figures
from surveys.selectors import Period
from tests.people import sign_in
from tests.support_csat import MAPPING, Counted, counted, generated, support_file


def check_groups(plain: Counted) -> None:
    """Each group on the satisfaction page, against the plain loop."""
    found = figures(Period(), timezone.now()).source_compared
    columns = {"reason": "sub_category", "queue": "category", "tenure": "tenure_bucket", "shift": "shift"}
    assert {one.key for one in found.dimensions} == set(columns)
    for one in found.dimensions:
        shown = {group.name: (group.rating.num, group.rating.den) for group in one.groups}
        assert shown == {
            name: (ratings[4] + ratings[5], ratings.total()) for name, ratings in plain.by[columns[one.key]].items()
        }


def run(source: Path, **options: Any) -> tuple[int, dict[str, Any]]:
    out, code = io.StringIO(), 0
    try:
        call_command("import_interactions", source, client="alpha", json=True, stdout=out, **options)
    except SystemExit as left:
        code = int(str(left.code))
    found: dict[str, Any] = json.loads(out.getvalue())
    return code, found


def counts(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["created"], found["updated"], found["unchanged"], len(found["rejected"])


def check_stored(plain: Counted) -> None:
    assert Interaction.objects.count() == plain.kept
    assert Actor.objects.filter(display_name__in=plain.people).count() == len(plain.people)
    for column, name in (("category", "queue__name"), ("sub_category", "reason__name"), ("shift", "shift")):
        stored = dict(Interaction.objects.order_by().values_list(name).annotate(n=Count("pk")))
        assert stored == {group: ratings.total() for group, ratings in plain.by[column].items()}
    days = dict(Interaction.objects.order_by().values_list("business_date").annotate(n=Count("pk")))
    assert {day.isoformat(): n for day, n in days.items()} == dict(plain.days)
    ways = dict(Interaction.objects.order_by().values_list("channel").annotate(n=Count("pk")))
    assert ways.get("email", 0) == plain.by["channel"].get("Email", plain.ratings.__class__()).total()


def test_every_row_is_accounted_for_and_each_figure_equals_a_plain_loop(alpha: Any, tmp_path: Path) -> None:
    source = support_file(tmp_path)
    plain = counted(source)
    assert plain.rows >= 400
    late = bool(plain.late)
    code, first = run(source, mapping=MAPPING)
    assert (code, first["file_rows"], counts(first)) == (late, plain.rows, (plain.kept, 0, 0, len(plain.late)))
    code, second = run(source)
    assert (code, second["file_rows"], counts(second)) == (late, plain.rows, (0, 0, plain.kept, len(plain.late)))
    with enter(alpha.ref()):
        check_stored(plain)
        check_groups(plain)
    browser = sign_in("alpha", "team_lead")
    found = browser.get("/api/v1/csat/").json()
    ratings = found["source_ratings"]
    assert (ratings["num"], ratings["den"], ratings["value"]) == (plain.good, plain.kept, plain.good / plain.kept)
    assert ratings["counts"] == {str(score): plain.ratings[score] for score in range(1, 6)}
    assert found["survey"]["den"] == 0, "a rating that came with the file is no survey answer"
    page = browser.get("/csat/").content.decode()
    low, high = wilson(plain.good, plain.kept)
    assert number(100 * plain.good / plain.kept, 1) in page
    assert f"{number(plain.good)} of {number(plain.kept)}" in page
    assert interval(100 * low, 100 * high) in page


def test_rows_answered_before_they_were_reported_wait_with_a_remedy(alpha: Any, tmp_path: Path) -> None:
    source = generated(tmp_path / "late.csv")
    plain = counted(source)
    assert len(plain.late) == 8
    code, found = run(source)
    assert (code, counts(found)) == (1, (plain.kept, 0, 0, len(plain.late)))
    assert [one["row"] for one in found["rejected"]] == plain.late
    assert {one["field"] for one in found["rejected"]} == {"ended_at"}
    assert all("before the start" in one["problem"] and one["remedy"] for one in found["rejected"])
    with enter(alpha.ref()):
        check_stored(plain)
    page = sign_in("alpha", "team_lead").get("/imports/").content.decode()
    assert number(len(plain.late)) in page


def test_two_files_in_either_order_give_the_same_rows(alpha: Any, beta: Any, tmp_path: Path) -> None:
    source = generated(tmp_path / "a.csv", rows=60)
    lines = source.read_text().splitlines(keepends=True)
    turned = tmp_path / "b.csv"
    turned.write_text(lines[0] + "".join(reversed(lines[1:])))
    run(source)
    assert counts(run(turned)[1])[:3] == (0, 0, counted(source).kept)
