import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.imports.domain.mapping import ENCODINGS, Mapping, MappingError, Wide

FIELDS = ("external_id", "agent", "started_at", "answered", "channel")
WHOLE = {
    "version": 3,
    "encoding": "cp1252",
    "delimiter": ";",
    "zone": "Europe/Berlin",
    "dates": ["%d/%m/%Y %H:%M", "%d-%b-%y"],
    "columns": {"Call": "external_id", " Agent ": "agent", "OK": "answered"},
    "values": {"answered": {"Ja": "yes", "Nein": "no"}},
    "constants": {"channel": "voice"},
    "key": ["external_id"],
    "create_missing": ["queue", "actor"],
    "wide": {"date": "Day", "minutes": 15, "field": "calls"},
}


def mapping(**changes: Any) -> Mapping:
    return Mapping.from_dict({**WHOLE, **changes}, fields=FIELDS)


def test_reads_every_key() -> None:
    read = mapping()
    assert (read.version, read.encoding, read.delimiter, read.zone.key) == (3, "cp1252", ";", "Europe/Berlin")
    assert dict(read.columns) == {"Call": "external_id", "Agent": "agent", "OK": "answered"}
    assert read.wide == Wide("Day", 15, "calls")
    assert read.create_missing == {"actor", "queue"}


def test_needs_only_columns_and_a_zone() -> None:
    read = Mapping.from_dict({"columns": {"A": "agent"}}, zone="Asia/Manila")
    assert (read.encoding, read.delimiter, read.zone.key, read.key, read.wide) == (
        "utf-8",
        ",",
        "Asia/Manila",
        (),
        None,
    )


def test_survives_being_stored() -> None:
    read = mapping()
    assert Mapping.from_dict(json.loads(json.dumps(read.as_dict())), fields=FIELDS) == read


def test_turns_cells_into_fields() -> None:
    cells = {"Call": "7", "Agent": "Ann", "OK": "ja", "Other": "x"}
    assert mapping().fields_of(cells) == {"external_id": "7", "agent": "Ann", "answered": "yes", "channel": "voice"}


def test_prefers_the_very_word_over_the_same_word_in_another_case() -> None:
    read = mapping(values={"answered": {"Y": "yes", "y": "no"}})
    assert read.fields_of({"OK": "y"})["answered"] == "no"


def test_a_mapping_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        mapping().columns["X"] = "agent"  # type: ignore[index]  # that it refuses is the point


@pytest.mark.parametrize(
    ("changes", "path", "problem", "remedy"),
    [
        ({"colums": {}}, "colums", "not known", '"columns"'),
        ({"version": "3"}, "version", "a text", "whole number"),
        ({"version": True}, "version", "yes or no", "whole number"),
        ({"version": 0}, "version", "a number", "from 1"),
        ({"encoding": 8}, "encoding", "a number", "a text"),
        ({"encoding": "utf-9"}, "encoding", "utf-9", '"utf-8"'),
        ({"encoding": "rot13"}, "encoding", "rot13", "one of"),
        ({"encoding": "hex"}, "encoding", "hex", "one of"),
        ({"encoding": "utf\0"}, "encoding", "not known", ""),
        ({"delimiter": ""}, "delimiter", "''", "one character"),
        ({"delimiter": '"'}, "delimiter", "cannot part", "one character"),
        ({"delimiter": ",,"}, "delimiter", "cannot part", "one character"),
        ({"zone": "Europe/Berlinn"}, "zone", "Berlinn", "IANA"),
        ({"zone": "../../etc/passwd"}, "zone", "passwd", "IANA"),
        ({"zone": "Europe"}, "zone", "Europe", "IANA"),
        ({"zone": None}, "zone", "missing", "a text"),
        ({"dates": "%Y"}, "dates", "a text", "list of texts"),
        ({"dates": ["%d/%m/%Y", 3]}, "dates[1]", "a number", "a text"),
        ({"dates": ["%H:%M"]}, "dates[0]", "day, a month and a year", "%d"),
        ({"dates": ["%d/%m/%Y %"]}, "dates[0]", "day, a month and a year", "%d"),
        ({"columns": {}, "wide": None}, "columns", "No column", "Map each"),
        ({"columns": ["A"]}, "columns", "a list", "an object"),
        ({"columns": {"A": 3}}, "columns.A", "a number", "a text"),
        ({"columns": {"A": "agnet"}}, "columns.A", "agnet", '"agent"'),
        ({"columns": {"A": "agent", "B": "agent"}}, "columns.B", "columns.A already", "Keep one"),
        ({"columns": {"A": "agent"}, "constants": {"agent": "x"}}, "constants.agent", "already", "Keep one"),
        ({"constants": {"channel": 1}}, "constants.channel", "a number", "a text"),
        ({"values": {"colour": {}}}, "values.colour", "not known", "Use one of"),
        ({"values": {"answered": {"Y": True}}}, "values.answered.Y", "yes or no", "a text"),
        ({"values": {"answered": ["Y"]}}, "values.answered", "a list", "an object"),
        ({"key": ["external_id", "zzz"]}, "key[1]", "zzz", "Use one of"),
        ({"key": ["agent", "agent"]}, "key[1]", "twice", "Keep one"),
        ({"create_missing": ["customer"]}, "create_missing[0]", "customer", "actor"),
        ({"wide": {"date": "D", "minutes": 7, "field": "calls"}}, "wide.minutes", "7 minutes", "divides 1440"),
        ({"wide": {"date": "D", "minutes": 15}}, "wide.field", "missing", "a text"),
        ({"wide": {"date": "D", "minutes": 15, "field": "c", "x": 1}}, "wide.x", "not known", "Use one of"),
        ({"wide": 15}, "wide", "a number", "an object"),
    ],
)
def test_names_the_place_the_problem_and_the_remedy(
    changes: dict[str, Any], path: str, problem: str, remedy: str
) -> None:
    with pytest.raises(MappingError) as caught:
        mapping(**changes)
    assert caught.value.path == path
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("loaded", [None, [], "x", 3, {1: 2}])
def test_refuses_what_is_no_object(loaded: object) -> None:
    with pytest.raises(MappingError):
        Mapping.from_dict(loaded)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"[" * 10_000, "nests more than"),
        (b'{"a":' * 10_000, "nests more than"),
        (b'{"columns": {"A": "x", "A": "y"}}', '"A" occurs twice'),
        (b'{"columns": {"A": "x",}}', "Line 1, column"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"version": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"version": NaN}', "NaN"),
        (b" " * 1_000_001, "longer than"),
        (b"", "not JSON"),
    ],
)
def test_refuses_json_that_is_not_ours_to_trust(data: bytes, problem: str) -> None:
    with pytest.raises(MappingError, match=problem):
        Mapping.from_json(data)


def test_counts_no_brackets_inside_strings() -> None:
    read = Mapping.from_json(json.dumps({"columns": {"[" * 99 + '\\"{': "agent"}}), zone="UTC")
    assert list(read.columns.values()) == ["agent"]


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_json_is_a_mapping_or_a_mapping_error(loaded: object) -> None:
    for candidate in (loaded, {**WHOLE, "columns": loaded}, {**WHOLE, "values": loaded}, {**WHOLE, "wide": loaded}):
        with contextlib.suppress(MappingError):
            Mapping.from_dict(candidate)


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_every_encoding_offered_decodes(encoding: str) -> None:
    assert Mapping.from_dict({"columns": {"A": "a"}, "encoding": encoding}, zone="UTC").encoding == encoding
    assert "A".encode(encoding).decode(encoding) == "A"
