import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bpo.imports.domain import xlsx
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import FileError
from bpo.imports.domain.table import Row
from bpo.imports.domain.xlsx import read_xlsx

MAPPING = Mapping.from_dict({"columns": {"Id": "id", "Name": "name"}, "zone": "UTC"})
Parts = dict[str, bytes]


def workbook(*rows: list[Any], change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def repacked(data: bytes, change: Callable[[Parts], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read(data: bytes) -> list[Row]:
    return list(read_xlsx(io.BytesIO(data), MAPPING))


def refused(data: bytes) -> FileError:
    with pytest.raises(FileError) as caught:
        read(data)
    assert caught.value.remedy
    return caught.value


GOOD = workbook(["Id", "Name"], [1, "Ann"])
SHEET = "xl/worksheets/sheet1.xml"


def test_writes_cells_as_a_csv_file_would_have_them() -> None:
    headers = ["Id", "Name", "day", "moment", "clock", "length", "share", "big", "yes", "formula", "empty"]
    values = [
        7.0,
        " Zoë ",
        dt.date(2026, 3, 29),
        dt.datetime(2026, 3, 29, 9, 12, 58),  # noqa: DTZ001 - spreadsheets know no zones
        dt.time(0, 2, 23),
        dt.timedelta(hours=30, minutes=5),
        0.25,
        1e15,
        True,
        "'=1+1",
        None,
    ]
    rows = read(workbook(headers, values))
    assert rows[0].number == 2
    assert dict(rows[0].cells) == {
        "Id": "7",
        "Name": "Zoë",
        "day": "2026-03-29",
        "moment": "2026-03-29 09:12:58",
        "clock": "00:02:23",
        "length": "30:05:00",
        "share": "0.25",
        "big": "1000000000000000",
        "yes": "true",
        "formula": "'=1+1",
        "empty": "",
    }


def test_numbers_rows_as_the_sheet_does_and_skips_blank_ones() -> None:
    def leave_a_gap(book: Workbook) -> None:
        book.active["A9"] = 9
        book.active["B9"] = "Ida"

    rows = read(workbook(["Id", "Name"], [1, "Ann"], [None, None], change=leave_a_gap))
    assert [(row.number, row.cells["Name"]) for row in rows] == [(2, "Ann"), (9, "Ida")]


def test_cells_left_out_at_the_end_are_empty_and_cells_beyond_the_header_a_problem() -> None:
    rows = read(workbook(["Id", "Name"], [1], [2, "Bob", None, "note"]))
    assert dict(rows[0].cells) == {"Id": "1", "Name": ""}
    assert rows[0].problems == ()
    assert "has 4 cells" in rows[1].problems[0].problem


def test_reads_the_first_sheet_that_shows() -> None:
    def hide_first(book: Workbook) -> None:
        second = book.create_sheet("Calls")
        second.append(["Id", "Name"])
        second.append([5, "Eve"])
        book.active.sheet_state = "hidden"

    assert read(workbook(["secret"], change=hide_first))[0].cells["Name"] == "Eve"


def test_ignores_what_the_sheet_says_about_its_size() -> None:
    def lie(parts: Parts) -> None:
        parts[SHEET] = parts[SHEET].replace(b'ref="A1:B2"', b'ref="A1:A1"')

    assert read(repacked(GOOD, lie))[0].cells["Name"] == "Ann"


def test_cells_that_are_only_formatted_count_for_nothing() -> None:
    def format_whole_row(book: Workbook) -> None:
        for column in (3, 16_384):
            book.active.cell(2, column).number_format = "0.00"

    assert read(workbook(["Id", "Name"], [1, "Ann"], change=format_whole_row))[0].problems == ()


def test_a_row_of_too_many_cells_is_refused_with_its_number() -> None:
    error = refused(workbook(["Id", "Name"], [1, "Ann"], [2] * 2_001))
    assert (error.row, "more than 2000 cells" in error.problem) == (3, True)


def test_checks_headers_as_for_csv() -> None:
    assert refused(workbook(["Id", "Nmae"], [1, "x"])).problem == 'There is no column "Name".'
    assert "more than once" in refused(workbook(["Id", "Name", "Name"], [1, "x", "y"])).problem
    assert "empty" in refused(workbook()).problem


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"Id,Name\n1,Ann\n", "no readable workbook"),
        (b"PK\x03\x04 and then nothing", "no readable workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "has a password"),
        (GOOD[: len(GOOD) // 2], "no readable workbook"),
        (repacked(GOOD, lambda parts: parts.pop("xl/workbook.xml") and None), "damaged"),
        (repacked(GOOD, lambda parts: parts.update({SHEET: b"<worksheet><sheetData><row>"})), "damaged"),
        (repacked(GOOD, lambda parts: parts.update({"../evil.xml": b""})), "outside the workbook"),
        (repacked(GOOD, lambda parts: parts.update({"/etc/passwd": b""})), "outside the workbook"),
        (repacked(GOOD, lambda parts: parts.update({"xl\\evil.xml": b""})), "outside the workbook"),
        (repacked(GOOD, lambda parts: parts.update({"C:evil.xml": b""})), "outside the workbook"),
        (repacked(GOOD, lambda parts: parts.update({f"x/{n}": b"" for n in range(1000)})), "1000 is the most"),
        (repacked(GOOD, lambda parts: parts.update({"zeros": bytes(20_000_000)})), "100 times its size"),
    ],
)
def test_refuses_what_is_no_workbook_or_not_safe(data: bytes, problem: str) -> None:
    assert problem in refused(data).problem


def test_counts_the_bytes_that_come_out_and_not_those_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_INFLATED", 1_000)
    assert "more than 1000 bytes" in refused(GOOD).problem


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_refuses_two_parts_of_one_name() -> None:
    data = io.BytesIO(GOOD)
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert "one name" in refused(data.getvalue()).problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("padding", [0, 65_530, 65_536])
def test_never_resolves_an_entity(encoding: str, padding: int) -> None:
    evil = (
        " " * padding
        + '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
        + "<worksheet><sheetData><row><c t='str'><v>&secret;</v></c></row></sheetData></worksheet>"
    ).encode(encoding)
    assert "XML entities" in refused(repacked(GOOD, lambda parts: parts.update({SHEET: evil}))).problem


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="99999999999"><c r="A1"><v>1</v></c></row>',
        b'<row r="5"><c r="ZZZZZZZ5"><v>1</v></c></row>',
        b'<row r="x"><c><v>1</v></c></row>',
        b'<row r="5"><c t="s"><v>77</v></c></row>',
        b'<row r="5"><c t="d"><v>no date</v></c></row>',
    ],
)
def test_strange_rows_end_in_an_answer(row: bytes) -> None:
    def add(parts: Parts) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row + b"</sheetData>")

    with contextlib.suppress(FileError):
        assert len(read(repacked(GOOD, add))) == 1


@settings(max_examples=150, deadline=None)
@example(GOOD.rindex(b"PK\x05\x06") + 19, b"\x01")  # the list of parts is said to start before the file does
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_any_damaged_workbook_is_a_table_or_a_file_error(place: int, put: bytes) -> None:
    with contextlib.suppress(FileError):
        read(GOOD[:place] + put + GOOD[place + len(put) :])
