import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.chain import GENESIS, Break, Link, canonical, link, verify

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
MOMENTS = st.datetimes(timezones=st.just(UTC)) | st.dates() | st.uuids()
ENTRIES = st.dictionaries(WORDS, JSON | MOMENTS, max_size=6)


def chain(count: int) -> list[Link]:
    links: list[Link] = []
    before = GENESIS
    for seq in range(1, count + 1):
        entry = {"verb": "vote", "n": seq}
        links.append(Link(seq, before, link(before, entry), entry))
        before = links[-1].hash
    return links


def head(links: list[Link]) -> tuple[int, str]:
    return links[-1].seq, links[-1].hash


def test_the_format_is_what_it_always_was() -> None:
    entry = {
        "when": datetime(2026, 3, 29, 10, 30, tzinfo=timezone(timedelta(hours=2))),
        "who": UUID("018F3C5E-0000-7000-8000-0000000000AB"),
        "day": date(2026, 3, 29),
        "Änderung": ["\u00e9", "e\u0301", 'quote " and \n', None, True, 12],
        "Z": {"b": 1, "a": ()},
    }
    written = canonical(entry)
    assert (
        written
        == (
            '{"Z":{"a":[],"b":1},"day":"2026-03-29","when":"2026-03-29T08:30:00.000000Z",'
            '"who":"018f3c5e-0000-7000-8000-0000000000ab",'
            '"Änderung":["\u00e9","e\u0301","quote \\" and \\n",null,true,12]}'
        ).encode()
    )
    assert link(GENESIS, entry) == hashlib.sha256(b"0" * 64 + b"\n" + written).hexdigest()
    assert link(GENESIS, entry) == "ab89f883119982926938cc8f8e77a3548220c75a73108e3a07f51ee6ad9fc3b9"


@given(ENTRIES)
def test_what_was_stored_as_json_reads_back_to_the_same_bytes(entry: dict[str, object]) -> None:
    written = canonical(entry)
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(WORDS, JSON, min_size=2, max_size=6))
def test_the_order_of_keys_does_not_matter(entry: dict[str, object]) -> None:
    assert canonical(dict(reversed(entry.items()))) == canonical(entry)


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"score": 0.5}, "entry.score is a float"),
        ({"a": [1, {"cost": Decimal("1.5")}]}, r"entry.a\[1\].cost is a Decimal"),
        ({"at": datetime(2026, 1, 1)}, "entry.at is a datetime without a zone"),  # noqa: DTZ001 - the fault under test
        ({1: "one"}, "the key 1"),
        ({"a": {None: "x"}}, "entry.a has the key None"),
        ({"a": b"raw"}, "entry.a is a bytes"),
        ({"a": "\ud800"}, "Unicode"),
    ],
)
def test_refuses_what_has_no_canonical_form(entry: dict[str, object], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        canonical(entry)


@pytest.mark.parametrize("prev_hash", ["", "0" * 63, "G" * 64, "A" * 64])
def test_refuses_to_link_to_what_is_no_hash(prev_hash: str) -> None:
    with pytest.raises(ValueError, match="prev_hash"):
        link(prev_hash, {})


@given(st.integers(0, 12))
def test_a_sound_chain_has_no_break(count: int) -> None:
    links = chain(count)
    assert verify(links, head(links) if links else None) == []


@given(st.integers(1, 8), st.integers(1, 8))
def test_any_changed_entry_is_named(count: int, place: int) -> None:
    links = chain(count)
    at = (place - 1) % count
    links[at] = replace(links[at], entry={**links[at].entry, "verb": "veto"})
    assert verify(links, None) == [Break(at + 1, "changed")]


def test_an_entry_that_cannot_be_written_is_a_changed_one() -> None:
    links = chain(2)
    links[0] = replace(links[0], entry={"score": 0.5})
    assert verify(links, None) == [Break(1, "changed")]


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_removed_entry_is_named(at: int) -> None:
    links = chain(5)
    del links[at - 1]
    assert verify(links, None) == [Break(at, "removed")]


def test_a_gap_is_one_break() -> None:
    links = chain(6)
    assert verify(links[:1] + links[4:], None) == [Break(2, "removed")]


def test_two_entries_that_change_places_are_both_named_and_the_one_after_them_is_not() -> None:
    links = chain(5)
    links[1], links[2] = replace(links[2], seq=2), replace(links[1], seq=3)
    assert verify(links, head(chain(5))) == [Break(2, "swapped"), Break(3, "swapped")]


def test_an_entry_out_of_order_is_swapped() -> None:
    links = chain(4)
    links[1], links[2] = links[2], links[1]
    assert verify(links, None) == [Break(2, "removed"), Break(2, "swapped")]


def test_an_entry_rewritten_together_with_its_hash_shows_at_the_next() -> None:
    links = chain(4)
    entry = {"verb": "veto"}
    links[1] = Link(2, links[0].hash, link(links[0].hash, entry), entry)
    assert verify(links, None) == [Break(3, "swapped")]


def test_a_removed_entry_hidden_by_new_numbers_still_shows() -> None:
    links = chain(4)
    renumbered = [links[0], replace(links[2], seq=2), replace(links[3], seq=3)]
    assert verify(renumbered, head(links)) == [Break(2, "swapped"), Break(4, "truncated")]


def test_a_seq_that_occurs_twice_is_named() -> None:
    links = chain(3)
    assert verify([*links[:2], links[1], links[2]], None) == [Break(2, "duplicate")]


def test_a_cut_end_shows_against_the_head() -> None:
    links = chain(5)
    assert verify(links[:3], head(links)) == [Break(4, "truncated")]
    assert verify([], head(links)) == [Break(1, "truncated")]


def test_another_hash_at_the_head_shows() -> None:
    links = chain(3)
    assert verify(links, (3, GENESIS)) == [Break(3, "truncated")]


def test_a_head_noted_earlier_serves_while_the_chain_grows() -> None:
    links = chain(5)
    assert verify(links, (3, links[2].hash)) == []


def test_a_chain_may_start_after_an_archived_part() -> None:
    links = chain(5)
    assert verify(links[2:], head(links), start=(2, links[1].hash)) == []
    assert verify(links[2:], None, start=(2, GENESIS)) == [Break(3, "swapped")]
