import csv
import io
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.imports.domain.problems import CellError, FileError, Problem, error_file, safe_cell
from bpo.imports.domain.suggest import suggest_mapping
from bpo.imports.domain.words import nearest, phrase, quoted


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "\rx", "＝1", "＠x", "-1+2", "=", "-"])
def test_a_formula_comes_out_as_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "plain", "-5", "+49", "-1.25", "a=b", "1-2"])
def test_other_text_and_plain_numbers_stay(text: str) -> None:
    assert safe_cell(text) == text


def test_the_error_file_is_a_csv_file_that_spreadsheets_open() -> None:
    problems = [Problem(7, "agent", '=HYPERLINK("x"), "y"', "Zoë"), Problem(9, "", "two\nlines", "-5")]
    data = b"".join(error_file(problems))
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["row", "field", "problem", "remedy"],
        ["7", "agent", '\'=HYPERLINK("x"), "y"', "Zoë"],
        ["9", "", "two\nlines", "-5"],
    ]


@given(st.lists(st.builds(Problem, st.integers(1, 99), st.text(), st.text(), st.text()), max_size=4))
def test_no_cell_of_the_error_file_starts_a_formula(problems: list[Problem]) -> None:
    text = b"".join(error_file(_encodable(problems))).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell != safe_cell(cell) and not cell.startswith("'")]


def _encodable(problems: list[Problem]) -> list[Problem]:
    return [p for p in problems if (p.field + p.problem + p.remedy).isprintable()]


def test_an_error_reads_as_problem_and_remedy() -> None:
    assert str(FileError("It broke.", "Mend it.", 3)) == "Row 3: It broke. Mend it."
    assert str(CellError("agent", "It broke.", "Mend it.")) == "It broke. Mend it."


def test_a_phrase_is_translated_with_its_parts() -> None:
    german = {"Row {row}: {problem}": "Zeile {row}: {problem}", "No {thing}.": "Kein {thing}."}
    said = phrase("Row {row}: {problem}", row=3, problem=phrase("No {thing}.", thing="{x}"))
    assert said == "Row 3: No {x}."
    assert said.translated(german.__getitem__) == "Zeile 3: Kein {x}."
    assert pickle.loads(pickle.dumps(said)).translated(german.__getitem__) == "Zeile 3: Kein {x}."  # noqa: S301 - our own bytes


@given(st.text(max_size=2000), st.lists(st.text(max_size=2000), max_size=40))
def test_a_remedy_stays_short_whatever_the_file_holds(name: str, known: list[str]) -> None:
    assert len(nearest(name, known)) < 500
    assert len(quoted(known)) < 500


def test_headers_are_matched_by_likeness_each_field_once() -> None:
    fields = {"external_id": ["call id"], "agent": [], "talk_seconds": ["talk time"], "answered": []}
    headers = ["Call ID", "Agent", "AGENTS", "Talk-Time", "Answered (Y/N)", "Weather"]
    assert suggest_mapping(headers, fields) == {
        "Call ID": "external_id",
        "Agent": "agent",
        "Talk-Time": "talk_seconds",
        "Answered (Y/N)": "answered",
    }
    assert suggest_mapping(["Queue"], ["queue", "reason"]) == {"Queue": "queue"}
