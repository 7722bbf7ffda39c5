from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.imports.domain import convert, moments
from bpo.imports.domain.problems import CellError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("0:02:23", 143),
        ("2:23", 143),
        ("143", 143),
        ("143.0", 143),
        ("75:12", 4512),
        ("0:00:00", 0),
        ("100:00:00", 360_000),
    ],
)
def test_reads_a_length_of_time(raw: str, seconds: int) -> None:
    assert convert.duration("talk_seconds", raw) == seconds


@pytest.mark.parametrize(
    ("raw", "problem", "remedy"),
    [
        ("0:75:12", "Minutes go to 59.", "Did you mean 1:15:12?"),
        ("0:00:60", "Seconds go to 59.", "Did you mean 0:01:00?"),
        ("5:75", "Seconds go to 59.", "Did you mean 0:06:15?"),
        ("-5", '"-5" is not a length of time.', "Write h:mm:ss, mm:ss or whole seconds."),
        ("1.5", '"1.5" is not a length of time.', "Write h:mm:ss, mm:ss or whole seconds."),
        ("1:2:3:4", '"1:2:3:4" is not a length of time.', "Write h:mm:ss, mm:ss or whole seconds."),
        (
            "900000000",
            "900000000 is longer than 31 days.",
            "Give seconds or h:mm:ss; milliseconds are a usual mistake.",
        ),
    ],
)
def test_refuses_a_length_of_time_with_its_remedy(raw: str, problem: str, remedy: str) -> None:
    with pytest.raises(CellError) as caught:
        convert.duration("talk_seconds", raw)
    assert (caught.value.field, caught.value.problem, caught.value.remedy) == ("talk_seconds", problem, remedy)


@given(st.integers(0, convert.MAX_SECONDS))
def test_a_length_written_as_a_clock_reads_back(seconds: int) -> None:
    assert convert.duration("x", convert.clock(seconds)) == seconds == convert.duration("x", str(seconds))


@pytest.mark.parametrize(("raw", "number"), [("109", 109), ("+5", 5), ("-0", 0), ("7.00", 7)])
def test_reads_a_whole_number(raw: str, number: int) -> None:
    assert convert.integer("n", raw, low=0, high=200) == number


@pytest.mark.parametrize("raw", ["1,234", "1.5", "1e3", "", "٣", "0x10", "9" * 5000, "201", "-1"])
def test_refuses_what_is_no_whole_number_in_range(raw: str) -> None:
    with pytest.raises(CellError) as caught:
        convert.integer("n", raw, low=0, high=200)
    assert len(str(caught.value)) < 200


def test_reads_a_decimal_number() -> None:
    assert convert.decimal("cost", "12.50", low=Decimal(0), high=Decimal(100)) == Decimal("12.50")


@pytest.mark.parametrize("raw", ["1,5", "NaN", "Infinity", "1e5", "101", "-0.1"])
def test_refuses_what_is_no_decimal_number_in_range(raw: str) -> None:
    with pytest.raises(CellError):
        convert.decimal("cost", raw, low=Decimal(0), high=Decimal(100))


@pytest.mark.parametrize(
    ("raw", "answer"),
    [("Y", True), ("yes", True), ("TRUE", True), ("1", True), ("N", False), ("No", False), ("0", False)],
)
def test_reads_yes_and_no(raw: str, answer: bool) -> None:
    assert convert.yes_no("answered", raw) is answer


def test_refuses_another_word_for_yes() -> None:
    with pytest.raises(CellError, match='"oui" is not yes or no'):
        convert.yes_no("answered", "oui")


def test_reads_a_choice_in_any_case_and_names_the_nearest() -> None:
    assert convert.choice("channel", "Voice", ("voice", "chat")) == "voice"
    with pytest.raises(CellError, match='Nearest: "voice"'):
        convert.choice("channel", "voise", ("voice", "chat"))


def test_reads_text_in_its_composed_form() -> None:
    assert convert.text("agent", "Zoe\u0308") == "Zoë"


@pytest.mark.parametrize("raw", ["a\0b", "a\x1bb", "\ud800", "x" * 201])
def test_refuses_text_that_cannot_be_kept(raw: str) -> None:
    with pytest.raises(CellError):
        convert.text("agent", raw)


@pytest.mark.parametrize(
    ("raw", "formats", "day"),
    [
        ("2021-01-31", [], date(2021, 1, 31)),
        ("31/01/2021", ["%d/%m/%Y"], date(2021, 1, 31)),
        ("01-Aug-23", ["%d/%m/%Y", "%d-%b-%y"], date(2023, 8, 1)),
        ("2021-01-31 00:00:00", ["%d/%m/%Y"], date(2021, 1, 31)),
    ],
)
def test_reads_a_date_by_the_formats_given_or_as_iso(raw: str, formats: list[str], day: date) -> None:
    assert moments.local_date("day", raw, formats) == day


@pytest.mark.parametrize(
    "raw", ["31.01.2021", "2021-02-30", "2021-01-31 09:00", "1066-10-14", "9999-12-31", "soon", "\0"]
)
def test_refuses_what_is_no_date(raw: str) -> None:
    with pytest.raises(CellError):
        moments.local_date("day", raw, ["%d/%m/%Y"])


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("9:12:58", time(9, 12, 58)),
        ("09:12", time(9, 12)),
        ("12:00 AM", time(0, 0)),
        ("12:30 pm", time(12, 30)),
        ("1:05:09 p.m.", time(13, 5, 9)),
        ("23:59:59.25", time(23, 59, 59, 250_000)),
    ],
)
def test_reads_a_time_of_day(raw: str, at: time) -> None:
    assert moments.time_of_day("t", raw) == at


@pytest.mark.parametrize("raw", ["24:00", "9:60", "9:00:60", "13:00 PM", "0:30 AM", "9", "noon"])
def test_refuses_what_is_no_time_of_day(raw: str) -> None:
    with pytest.raises(CellError):
        moments.time_of_day("t", raw)


def test_reads_local_times_in_the_zone_and_offsets_as_they_are() -> None:
    assert moments.instant("t", "2026-01-05 09:00", [], BERLIN) == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert moments.instant("t", "05/07/2026 09:00", ["%d/%m/%Y %H:%M"], BERLIN) == datetime(2026, 7, 5, 7, tzinfo=UTC)
    assert moments.instant("t", "2026-01-05T09:00:00-05:00", [], BERLIN) == datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert moments.instant("t", "2026-01-05T09:00:00Z", [], BERLIN).tzinfo is UTC


def test_refuses_an_hour_that_never_was_and_names_it() -> None:
    with pytest.raises(CellError, match="2026-03-29 02:30 never was in Europe/Berlin"):
        moments.instant("started_at", "2026-03-29 02:30", [], BERLIN)


def test_takes_the_first_of_an_hour_that_comes_twice() -> None:
    assert moments.instant("t", "2026-10-25 02:30", [], BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 1)),  # noqa: DTZ001 - wall clocks
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Manila", "Australia/Lord_Howe", "America/Sao_Paulo"]),
)
def test_a_local_time_reads_back_or_never_was(local: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    try:
        found = moments.to_utc("t", local, zone)
    except CellError:
        later = (local.replace(tzinfo=zone) - timedelta(days=1)).astimezone(UTC) + timedelta(days=1)
        found = later.astimezone(zone).replace(tzinfo=None)
        shifted = abs(found - local)
        assert timedelta(0) < shifted <= timedelta(hours=1)
    else:
        assert found.astimezone(zone).replace(tzinfo=None, fold=0) == local
