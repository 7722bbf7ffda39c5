"""Counts by interval out of rows: wide and long, across changes of clocks."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bpo.imports.domain.mapping import MappingError
from bpo.imports.domain.problems import FileError, Problem
from bpo.imports.domain.suggest import suggest_wide
from bpo.imports.domain.table import Row
from interactions.domain.intervals import IntervalRow, parse_rows, read_mapping

HOURS = [f"{hour:02d}:00" for hour in range(24)]
WIDE: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "constants": {"queue": "Billing", "source": "acd"},
    "wide": {"date": "day", "minutes": 60, "field": "offered"},
}
LONG: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "columns": {"Q": "queue", "Start": "starts_at", "Calls": "offered", "Taken": "answered", "Fast": "in_target"},
    "constants": {"minutes": "30"},
}


def read(mapping: dict[str, Any], *rows: Mapping[str, str]) -> list[Any]:
    numbered = (Row(number, cells) for number, cells in enumerate(rows, start=2))
    return [found for _number, found in parse_rows(numbered, read_mapping(mapping))]


def day(on: str, **counts: str) -> dict[str, str]:
    return {"day": on} | {hour: counts.get(f"h{hour[:2]}", "1") for hour in HOURS}


def test_a_day_keeps_the_grain_of_its_source():
    (found,) = read(WIDE, day("2026-06-01", h05="7"))
    assert isinstance(found, IntervalRow)
    assert (found.queue, found.source, found.channel, found.date) == ("Billing", "acd", "voice", date(2026, 6, 1))
    assert (found.intervals, found.minutes, found.offered) == (24, 60, 30)
    assert found.starts_at == datetime(2026, 5, 31, 22, tzinfo=UTC)
    assert found.counts[5].offered == 7


def test_an_empty_cell_is_unknown_and_no_zero():
    (found,) = read(WIDE, day("2026-06-01", h00="", h01="0"))
    assert [count.offered for count in found.counts][:2] == [0, 1]
    assert found.intervals == 23
    (wrong,) = read(WIDE, {"day": "2026-06-01"} | dict.fromkeys(HOURS, ""))
    assert wrong[0].problem == "The day has no count."


def test_the_hour_that_clocks_skip_must_be_empty_or_zero():
    for skipped in ("0", ""):
        (found,) = read(WIDE, day("2026-03-29", h02=skipped))
        assert found.intervals == 23
        assert len({count.starts_at for count in found.counts}) == 23
    (wrong,) = read(WIDE, day("2026-03-29", h02="3"))
    assert [(one.row, one.field) for one in wrong] == [(2, "02:00")]
    assert "never was in Europe/Berlin" in wrong[0].problem


def test_the_hour_shown_twice_is_the_first_and_the_days_sum_is_the_files():
    (found,) = read(WIDE, day("2026-10-25", h02="9"))
    assert found.offered == 32
    assert {count.offered: count.starts_at for count in found.counts}[9] == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert found.counts[3].starts_at == datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_every_wrong_cell_of_a_day_is_told_and_a_day_twice():
    wrong, first, second = read(
        WIDE, day("2026-06-01", h01="x", h02="-1"), day("2026-06-02"), day("2026-06-02", h01="5")
    )
    assert [one.field for one in wrong] == ["01:00", "02:00"]
    assert isinstance(first, IntervalRow)
    assert second == [Problem(4, "day", "Row 3 counts the same time.", "Keep one of the two rows.")]


@pytest.mark.parametrize(("header", "words"), [("total", "neither mapped nor a time"), ("01:30", "No interval of 60")])
def test_a_column_that_is_no_interval_is_refused_by_name(header: str, words: str):
    with pytest.raises(FileError, match=words) as caught:
        read(WIDE, day("2026-06-01") | {header: "24"})
    assert header in str(caught.value)


def long(start: str, calls: str = "5", taken: str = "4", fast: str = "3") -> dict[str, str]:
    return {"Q": "Billing", "Start": start, "Calls": calls, "Taken": taken, "Fast": fast}


def test_a_row_an_interval():
    (found,) = read(LONG, long("2026-06-01 00:30"))
    (count,) = found.counts
    assert (count.starts_at, count.minutes) == (datetime(2026, 5, 31, 22, 30, tzinfo=UTC), 30)
    assert (count.offered, count.answered, count.in_target, count.abandoned) == (5, 4, 3, None)
    assert (found.source, found.date) == ("file", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (long("2026-06-01 00:10"), "minutes"),
        (long("2026-03-29 02:30"), "starts_at"),
        (long("2026-06-01 00:30", calls=""), "offered"),
        (long("2026-06-01 00:30", taken="6"), "answered"),
        (long("2026-06-01 00:30", taken=""), "in_target"),
        (long("2026-06-01 00:30") | {"Q": ""}, "queue"),
        (long(""), "starts_at"),
    ],
)
def test_a_row_that_cannot_be_is_told_by_field(cells: dict[str, str], field: str):
    (found,) = read(LONG, cells)
    assert [one.field for one in found] == [field]


def test_date_and_time_may_be_apart():
    columns = {"D": "date", "T": "time", "Calls": "offered"}
    apart = {**LONG, "columns": columns, "constants": {"minutes": "15", "queue": "Billing"}}
    (found,) = read(apart, {"D": "2026-06-01", "T": "8:15", "Calls": "2"})
    assert found.starts_at == datetime(2026, 6, 1, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"constants": {"source": "acd"}}, "columns"),
        ({"constants": {"queue": "B", "channel": "pigeon"}}, "constants.channel"),
        ({"wide": {"date": "day", "minutes": 60, "field": "answered"}}, "wide.field"),
        ({"columns": {"x": "offered"}}, "columns"),
        ({"columns": {"x": "colour"}}, "columns.x"),
        ({"wide": None, "columns": {"x": "offered"}}, "columns"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_by_path(changes: dict[str, Any], path: str):
    with pytest.raises(MappingError) as caught:
        read_mapping({**WIDE, **changes})
    assert caught.value.path == path


def test_wide_tables_are_recognised_by_their_headers():
    assert suggest_wide(["day", *HOURS]) == {"date": "day", "minutes": 60}
    assert suggest_wide(["day", *HOURS[:-1]]) is None
    assert suggest_wide(["day", *HOURS, "total"]) is None
    assert suggest_wide(["Call Id", "Agent", "Date"]) is None
