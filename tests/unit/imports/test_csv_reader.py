import contextlib
import csv
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import FileError
from bpo.imports.domain.reader import Row, read_csv
from bpo.imports.domain.records import MAX_COLUMNS, records


def mapping(**changes: Any) -> Mapping:
    return Mapping.from_dict({"columns": {"Id": "id", "Name": "name"}, "zone": "UTC", **changes})


def read(data: bytes, **changes: Any) -> list[Row]:
    return list(read_csv(io.BytesIO(data), mapping(**changes)))


def refused(data: bytes, **changes: Any) -> FileError:
    with pytest.raises(FileError) as caught:
        read(data, **changes)
    assert caught.value.problem
    assert caught.value.remedy
    return caught.value


class Endless(io.RawIOBase):
    """A stream of one repeated byte after a start, too long to hold."""

    def __init__(self, start: bytes, filler: bytes, length: int) -> None:
        self.start, self.filler, self.left = start, filler, length

    def read(self, size: int = -1) -> bytes:
        if self.start:
            start, self.start = self.start, b""
            return start
        count = min(size, self.left)
        self.left -= count
        return self.filler * count


def test_reads_rows_under_their_headers_and_numbers_them_from_the_header() -> None:
    table = read_csv(io.BytesIO(b"Id,Name,Extra\n1,Ann,x\n2,Bob,y\n"), mapping())
    assert table.headers == ("Id", "Name", "Extra")
    assert [(row.number, dict(row.cells)) for row in table] == [
        (2, {"Id": "1", "Name": "Ann", "Extra": "x"}),
        (3, {"Id": "2", "Name": "Bob", "Extra": "y"}),
    ]


def test_accepts_a_byte_order_mark_mixed_line_ends_and_no_last_one() -> None:
    rows = read("\ufeffId,Name\r\n1,Ann\n2,Bob\r3,Zoë".encode())
    assert [row.cells["Name"] for row in rows] == ["Ann", "Bob", "Zoë"]


def test_counts_rows_as_a_spreadsheet_does() -> None:
    rows = read(b'Id,Name\n1,"Ann\nMary"\n\n,\n2,Bob\n')
    assert [(row.number, row.cells["Name"]) for row in rows] == [(2, "Ann\nMary"), (5, "Bob")]


def test_trims_cells_and_leaves_formulas_as_text() -> None:
    rows = read(b'Id,Name\n 1 ,"  =cmd|/C calc!A0 "\n')
    assert dict(rows[0].cells) == {"Id": "1", "Name": "=cmd|/C calc!A0"}


def test_takes_a_quote_in_the_middle_of_a_cell_for_a_character() -> None:
    assert read(b'Id,Name\n1,5" pipe\n')[0].cells["Name"] == '5" pipe'


def test_takes_a_quote_after_blanks_for_the_start_of_a_quoted_cell() -> None:
    assert read(b'Id, Name\n1,  "a, b"  \n')[0].cells["Name"] == "a, b"


def test_reads_doubled_quotes_and_empty_quotes() -> None:
    assert [row.cells["Name"] for row in read(b'Id,Name\n1,"say ""hi"""\n2,""\n3,""""')] == ['say "hi"', "", '"']


@pytest.mark.parametrize(
    ("delimiter", "text"), [(";", "Id;Name\n1;a,b"), ("\t", "Id\tName\n1\ta,b"), ("^", "Id^Name\n1^a,b")]
)
def test_parts_cells_at_the_delimiter_of_the_mapping(delimiter: str, text: str) -> None:
    assert read(text.encode(), delimiter=delimiter)[0].cells["Name"] == "a,b"


def test_reads_other_encodings_when_told() -> None:
    assert read("Id,Name\n1,Zoë’s".encode("cp1252"), encoding="cp1252")[0].cells["Name"] == "Zoë’s"
    assert read("Id,Name\n1,Zoë".encode("utf-16"), encoding="utf-16")[0].cells["Name"] == "Zoë"
    assert read("Id,Name\n1,Zoë".encode("utf-16-le"), encoding="utf-16-le")[0].cells["Name"] == "Zoë"


def test_tolerates_empty_cells_beyond_the_header() -> None:
    assert read(b"Id,Name,,\n1,Ann,,\n2,Bob,,,\n")[1].problems == ()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"1", "has 1 cells, the header has 2"),
        (b"1,Ann,more", "has 3 cells, the header has 2"),
        (b'1,"he said "hi" there"', "follows a closing quote"),
    ],
)
def test_a_bad_row_is_a_problem_of_that_row_alone(row: bytes, problem: str) -> None:
    rows = read(b"Id,Name\n1,Ann\n" + row + b"\n3,Bob\n")
    assert [bool(one.problems) for one in rows] == [False, True, False]
    assert rows[1].problems[0].row == 3
    assert problem in rows[1].problems[0].problem


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_says_that_a_file_is_utf_16(encoding: str) -> None:
    error = refused("Id,Name\n1,Ann\n".encode(encoding))
    assert "UTF-16" in error.problem
    assert "utf-16" in error.remedy


def test_says_where_windows_bytes_are_and_what_they_should_read() -> None:
    error = refused(b"Id,Name\n1,Ann\n2,Zo\xeb\n")
    assert (error.row, "0xEB" in error.problem) == (3, True)
    assert 'cp1252" if it should read "ë"' in error.remedy


def test_says_where_a_bad_byte_is_far_into_the_file() -> None:
    error = refused(b"Id,Name\n" + b"1,Ann\n" * 50_000 + b"1,\xff\n")
    assert error.row == 50_002


def test_says_that_a_cut_off_character_ends_the_file() -> None:
    assert refused(b"Id,Name\n1,Zo\xc3").row == 2


def test_says_that_a_file_is_utf_8_when_told_otherwise() -> None:
    assert "UTF-8" in refused("\ufeffId,Name\n".encode(), encoding="cp1252").problem


def test_names_the_row_of_a_nul() -> None:
    error = refused(b"Id,Name\n1,Ann\n2,B\0b\n")
    assert (error.row, "NUL" in error.problem) == (3, True)


def test_names_a_missing_header_and_the_nearest_ones() -> None:
    error = refused(b"Id,Naem,Other\n1,Ann,x\n")
    assert error.problem == 'There is no column "Name".'
    assert '"Naem"' in error.remedy
    assert error.row == 1


def test_guesses_that_the_delimiter_is_wrong() -> None:
    assert "';'" in refused(b"Id;Name\n1;Ann\n").remedy


def test_names_headers_that_occur_twice() -> None:
    error = refused(b"Id,Name,Id\n1,Ann,2\n")
    assert error.problem == 'Headers occur more than once: "Id".'


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n\r\n", b",,,\n"])
def test_says_that_a_file_is_empty(data: bytes) -> None:
    assert "empty" in refused(data).problem


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert read(b"Id,Name\n") == []


def test_names_the_row_where_an_open_quote_opened() -> None:
    error = refused(b'Id,Name\n1,Ann\n2,"Bob\n3,Cid\n4,Dan\n')
    assert error.row == 3
    assert "never closed" in error.problem


@pytest.mark.parametrize("start", [b"Id,Name\n1,", b'Id,Name\n1,"', b"", b'Id,Name\n1,"\n'])
def test_a_cell_of_ten_megabytes_is_refused_without_holding_it(start: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(FileError, match="longer than 1000000 characters"):
        list(read_csv(Endless(start, b"x", 10_000_000), mapping()))  # type: ignore[arg-type]  # a raw stream reads alike
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_says_that_a_quote_may_be_to_blame_for_a_huge_cell() -> None:
    error = refused(b'Id,Name\n1,"Ann\n' + b"2,Bob\n" * 200_000)
    assert error.row == 2
    assert "quote" in error.remedy


def test_a_row_of_many_large_cells_is_refused() -> None:
    assert "row is longer" in refused(b"Id,Name\n" + (b"x" * 900_000 + b",") * 6).problem


def test_a_row_of_endless_cells_is_refused() -> None:
    error = refused(b"Id,Name\n" + b"," * 100_000)
    assert f"more than {MAX_COLUMNS} cells" in error.problem


def test_many_quotes_in_one_cell_take_no_long_time() -> None:
    assert len(read(b"Id,Name\n1," + b'a"' * 400_000)[0].cells["Name"]) == 800_000


def test_memory_does_not_grow_with_the_rows() -> None:
    tracemalloc.start()
    table = read_csv(io.BytesIO(b"Id,Name\n" + b"1,Ann\n" * 30_000), mapping())
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert sum(1 for _row in table) == 30_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - before < 1_000_000


PIECES = st.lists(st.sampled_from(["a", "b c", ",", '"', "\n", "\r", "\r\n", " ", '""', '","', "é"]), max_size=40)


@given(PIECES, st.data())
def test_it_does_not_matter_where_the_text_is_cut(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[low:high] for low, high in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert outcome([text]) == outcome(pieces)


def outcome(pieces: list[str]) -> object:
    try:
        return list(records(pieces, ","))
    except FileError as error:
        return str(error)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",;\n\r\t'), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_reads_back_what_the_standard_writer_wrote(table: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    assert [one.cells for one in records(iter([text.getvalue()]), delimiter)] == [
        [cell.strip() for cell in row] for row in table
    ]


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "cp1252", "utf-16", "gb18030"]))
def test_any_bytes_are_a_table_or_a_file_error(data: bytes, encoding: str) -> None:
    for start in (b"", "Id,Name\n".encode(encoding)):
        with contextlib.suppress(FileError):
            read(start + data, encoding=encoding)


def test_reads_as_it_goes() -> None:
    def pieces() -> Iterator[str]:
        yield "a,b\n1,2\n"
        raise AssertionError("read too far")

    found = records(pieces(), ",")
    assert next(found).cells == ["a", "b"]
    assert next(found).cells == ["1", "2"]
