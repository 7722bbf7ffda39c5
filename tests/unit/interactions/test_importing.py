import dataclasses
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpo.imports
from bpo.imports.domain.mapping import Mapping, MappingError
from bpo.imports.domain.problems import Problem
from bpo.imports.domain.reader import read_csv
from bpo.imports.domain.suggest import suggest_mapping
from interactions.domain.importing import (
    ALIASES,
    FIELDS,
    InteractionRow,
    fingerprint,
    key_of,
    parse_row,
    parse_rows,
    read_mapping,
)

FREE = [
    field for field in FIELDS if field not in ("source", "started_date", "started_time", "ended_date", "ended_time")
]
WHOLE = {"zone": "Europe/Berlin", "columns": {field: field for field in FREE}, "constants": {"source": "acd"}}
CALL = {
    "external_id": "C1",
    "direction": "in",
    "channel": "voice",
    "queue": "sales",
    "started_at": "2026-01-05 23:30",
}


def mapping(**changes: Any) -> Mapping:
    return read_mapping({**WHOLE, **changes})


def parsed(**cells: str) -> InteractionRow:
    found = parse_row({**CALL, **cells}, mapping())
    assert isinstance(found, InteractionRow), found
    return found


def problems(**cells: str) -> list[Problem]:
    found = parse_row({**CALL, **cells}, mapping(), number=7)
    assert isinstance(found, list)
    return found


def test_reads_every_field() -> None:
    row = parsed(
        ended_at="2026-01-06 00:10",
        reason="Billing",
        disposition="Refunded",
        agent="ann.k",
        customer_ref="K-9",
        customer_name="Zoë Z",
        customer_email="zoe@example.com",
        wait_seconds="12",
        talk_seconds="0:02:23",
        hold_seconds="1:05",
        after_call_seconds="30",
        transferred="yes",
        escalated="n",
        resolved="Y",
        case_ref="T-1",
        auth_method="voice print",
        auth_mode="passive",
        auth_result="passed",
        auth_seconds="4",
        abusive="yes",
        abusive_reason="shouted",
        callback_of="C0",
        source_rating="5",
    )
    assert row == InteractionRow(
        source="acd",
        external_id="C1",
        direction="in",
        channel="voice",
        queue="sales",
        started_at=datetime(2026, 1, 5, 22, 30, tzinfo=UTC),
        ended_at=datetime(2026, 1, 5, 23, 10, tzinfo=UTC),
        business_date=date(2026, 1, 5),
        zone="Europe/Berlin",
        answered=True,
        abandoned=False,
        reason="Billing",
        disposition="Refunded",
        agent="ann.k",
        customer_ref="K-9",
        customer_name="Zoë Z",
        customer_email="zoe@example.com",
        wait_seconds=12,
        talk_seconds=143,
        hold_seconds=65,
        after_call_seconds=30,
        transferred=True,
        escalated=False,
        resolved=True,
        case_ref="T-1",
        auth_method="voice print",
        auth_mode="passive",
        auth_result="passed",
        auth_seconds=4,
        abusive=True,
        abusive_reason="shouted",
        callback_of="C0",
        source_rating=5,
    )


def test_every_column_of_a_row_can_be_imported() -> None:
    made = {"business_date", "zone"}
    assert {field.name for field in dataclasses.fields(InteractionRow)} - made <= set(FIELDS)
    assert set(ALIASES) == set(FIELDS)


def test_what_the_file_does_not_say_stays_unsaid() -> None:
    row = parsed()
    assert (row.resolved, row.wait_seconds, row.source_rating, row.agent) == (None, None, None, "")
    assert (row.answered, row.abandoned) == (True, False)


def test_the_business_date_is_local() -> None:
    assert parsed(started_at="2026-01-05T23:30:00Z").business_date == date(2026, 1, 6)


def test_a_start_may_come_as_a_date_and_a_time() -> None:
    columns = {field: field for field in FREE if field not in ("started_at", "ended_at")}
    columns |= {"Date": "started_date", "Time": "started_time", "Until": "ended_time", "Day": "ended_date"}
    split = mapping(columns=columns, dates=["%d/%m/%Y"])
    cells = {**CALL, "Date": "05/07/2026", "Time": "9:05:00", "Day": "05/07/2026", "Until": "9:10"}
    row = parse_row(cells, split)
    assert isinstance(row, InteractionRow)
    assert row.started_at == datetime(2026, 7, 5, 7, 5, tzinfo=UTC)
    assert row.ended_at == datetime(2026, 7, 5, 7, 10, tzinfo=UTC)
    without_time = parse_row({**cells, "Time": ""}, split)
    assert isinstance(without_time, list)
    assert without_time[0].field == "started_time"
    skipped = parse_row({**cells, "Date": "29/03/2026", "Time": "2:30"}, split)
    assert isinstance(skipped, list)
    assert "never was" in skipped[0].problem


def test_an_unanswered_call_that_came_in_is_abandoned_and_has_no_talk() -> None:
    row = parsed(answered="N", talk_seconds="0:00:00")
    assert (row.answered, row.abandoned, row.talk_seconds) == (False, True, None)


@pytest.mark.parametrize("cells", [{"direction": "out"}, {"channel": "email"}])
def test_other_unanswered_work_is_not_abandoned(cells: dict[str, str]) -> None:
    row = parsed(answered="N", **cells)
    assert (row.answered, row.abandoned) == (False, False)


def test_abandoned_means_not_answered() -> None:
    assert parsed(abandoned="Y").answered is False


@pytest.mark.parametrize(
    ("cells", "field", "problem"),
    [
        ({"ended_at": "2026-01-05 23:29"}, "ended_at", "is before the start"),
        ({"answered": "Y", "abandoned": "Y"}, "abandoned", "both answered and abandoned"),
        ({"answered": "N", "talk_seconds": "5"}, "talk_seconds", "talk of 0:00:05"),
        ({"abusive": "Y"}, "abusive_reason", "without a reason"),
        ({"abusive_reason": "shouted"}, "abusive", "no mark"),
        ({"source_rating": "6"}, "source_rating", "6 is not within 1 to 5"),
        ({"source_rating": "good"}, "source_rating", "not a whole number"),
        ({"queue": ""}, "queue", "must not be"),
        ({"external_id": ""}, "external_id", "must not be"),
        ({"started_at": ""}, "started_at", "must not be"),
        ({"started_at": "soon"}, "started_at", "not a date"),
        ({"channel": "fax"}, "channel", "not one of the choices"),
        ({"customer_email": "zoe@example"}, "customer_email", "not a mail address"),
        ({"customer_email": "a b@example.com"}, "customer_email", "not a mail address"),
        ({"talk_seconds": "0:75:12"}, "talk_seconds", "Minutes go to 59."),
        ({"agent": "x" * 81}, "agent", "81 characters"),
    ],
)
def test_a_bad_row_names_field_problem_and_remedy(cells: dict[str, str], field: str, problem: str) -> None:
    found = problems(**cells)
    assert [(one.row, one.field) for one in found] == [(7, field)]
    assert problem in found[0].problem
    assert found[0].remedy


def test_a_rating_outside_the_scale_says_how_to_translate_it() -> None:
    assert "1 to 5" in problems(source_rating="10")[0].remedy


def test_every_bad_cell_is_named_at_once() -> None:
    assert [one.field for one in problems(channel="fax", talk_seconds="x", answered="oui")] == [
        "channel",
        "talk_seconds",
        "answered",
    ]


@given(st.dictionaries(st.sampled_from(FREE), st.text(max_size=30)))
def test_any_cells_are_a_row_or_problems_short_enough_to_store(cells: dict[str, str]) -> None:
    found = parse_row({**CALL, **cells}, mapping(), number=2)
    if isinstance(found, InteractionRow):
        assert fingerprint(found) == fingerprint(found)
    else:
        assert all(0 < len(one.problem) <= 500 and 0 < len(one.remedy) <= 500 for one in found)


def test_a_fingerprint_changes_with_what_the_row_says_and_only_then() -> None:
    row = parsed(agent="Ann")
    assert fingerprint(row) == fingerprint(parsed(agent=" Ann ".strip(), transferred="no", hold_seconds=""))
    changed = [parsed(agent="Bob"), parsed(agent="Ann", transferred="yes"), parsed(agent="Ann", hold_seconds="0")]
    assert len({fingerprint(one) for one in [row, *changed]}) == 4


def test_the_fingerprint_is_the_same_in_years_to_come() -> None:
    assert fingerprint(parsed(agent="Ann")) == "cb64b314cc41da33523c6321f2e191247d76f9a1f9a39cdeb5684ceba0fd2282"


def rows_of(text: str, with_mapping: Mapping) -> list[tuple[int, InteractionRow | list[Problem]]]:
    return list(parse_rows(read_csv(io.BytesIO(text.encode()), with_mapping), with_mapping))


SHORT = {
    "zone": "UTC",
    "columns": {"id": "external_id", "start": "started_at", "who": "agent"},
    "constants": {"source": "acd", "direction": "in", "channel": "voice", "queue": "all"},
}


def test_a_repeated_key_names_the_row_that_had_it_first() -> None:
    found = rows_of(
        "id,start,who\n1,2026-01-05 09:00,A\n2,2026-01-05 09:01,A\n1,2026-01-05 09:02,A\n", read_mapping(SHORT)
    )
    assert [number for number, one in found if isinstance(one, InteractionRow)] == [2, 3]
    assert found[2] == (4, [Problem(4, "external_id", "Row 2 has the same key.", "Keep one of the two rows.")])


def test_a_refused_row_does_not_claim_its_key() -> None:
    found = rows_of("id,start,who\n1,never,A\n1,2026-01-05 09:02,A\n", read_mapping(SHORT))
    assert isinstance(found[1][1], InteractionRow)


def test_a_row_the_reader_found_broken_is_not_parsed() -> None:
    found = rows_of("id,start,who\n1,2026-01-05 09:00\n", read_mapping(SHORT))
    assert isinstance(found[0][1], list)
    assert "2 cells" in found[0][1][0].problem


def test_a_file_without_ids_gets_them_from_its_key() -> None:
    anonymous = read_mapping(
        {**SHORT, "columns": {"start": "started_at", "who": "agent"}, "key": ["agent", "started_at"]}
    )
    found = rows_of("start,who\n2026-01-05 09:00,A\n2026-01-05 09:00,B\n2026-01-05 09:00,A\n", anonymous)
    first, second, repeated = (one for _number, one in found)
    assert isinstance(first, InteractionRow)
    assert isinstance(second, InteractionRow)
    assert isinstance(repeated, list)
    assert len(first.external_id) == 32
    assert first.external_id != second.external_id
    assert "Row 2" in repeated[0].problem


def test_a_key_is_told_as_text() -> None:
    key = key_of(parsed(), ("source", "external_id", "started_at", "resolved"))
    assert key == ("acd", "C1", "2026-01-05T22:30:00+00:00", "")


@pytest.mark.parametrize(
    ("changes", "path", "problem"),
    [
        ({"columns": {"a": "agnet"}}, "columns.a", "agnet"),
        ({"constants": {}}, "columns", '"source"'),
        ({"columns": {"id": "external_id"}}, "columns", '"started_at"'),
        ({"columns": {"id": "external_id", "d": "started_date"}}, "columns", '"started_at"'),
        ({"columns": {"start": "started_at"}}, "columns", '"external_id"'),
        ({"key": ["source"]}, "key", "leaves out external_id"),
        ({"key": ["external_id", "agent"]}, "key[1]", '"agent"'),
        ({"columns": {"d": "started_date", "t": "started_time"}, "key": ["started_date"]}, "key[0]", "started_date"),
        ({"constants": {**SHORT["constants"], "direction": "inbound"}}, "constants.direction", "inbound"),
        ({"values": {"agent": {"A": "x" * 99}}}, "values.agent.A", "99 characters"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_before_any_row(changes: dict[str, Any], path: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        read_mapping({**SHORT, **changes})
    assert caught.value.path == path
    assert problem in caught.value.problem
    assert caught.value.remedy


def test_values_may_translate_another_scale_and_blank_a_word() -> None:
    stars = mapping(values={"source_rating": {"great": "5", "n/a": ""}})
    rows = [parse_row({**CALL, "source_rating": word}, stars) for word in ("Great", "N/A")]
    assert [row.source_rating for row in rows if isinstance(row, InteractionRow)] == [5, None]


TELECOM = """\ufeffCall Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,Satisfaction rating
ID0001,Diane,2021-01-01,9:12:58,Contract related,Y,Y,109,0:02:23,3
ID0006,Stewart,2021-01-01,10:00:29,Technical Support,N,N,,,
"""


def test_the_mapping_shipped_for_the_telecom_file_reads_its_two_shapes_of_row() -> None:
    shipped = Path(bpo.imports.__file__).parent / "mappings" / "telecom_calls.json"
    telecom = read_mapping(shipped.read_bytes())
    answered, lost = (row for _number, row in rows_of(TELECOM, telecom))
    assert isinstance(answered, InteractionRow)
    assert isinstance(lost, InteractionRow)
    assert answered.started_at == datetime(2021, 1, 1, 1, 12, 58, tzinfo=UTC)
    assert (answered.wait_seconds, answered.talk_seconds, answered.source_rating, answered.resolved) == (
        109,
        143,
        3,
        True,
    )
    assert (lost.abandoned, lost.talk_seconds, lost.source_rating, lost.resolved) == (True, None, None, False)
    headers = TELECOM.splitlines()[0].lstrip("\ufeff").split(",")
    assert suggest_mapping(headers, ALIASES) == json.loads(shipped.read_text())["columns"]
