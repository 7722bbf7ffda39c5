"""The audit hash chain. Its format is fixed for ever: old links must verify with any later version.

An entry is written as canonical JSON: UTF-8, keys sorted by code point, no white space, strings exactly as
they are (no Unicode normalisation), no floats; an instant is `2026-01-31T09:30:00.000000Z`, a date
`2026-01-31`, a UUID lower case with dashes. Reading that JSON back and writing it again gives the same bytes,
so a chain can be verified from what the database stored.

A link's hash is the lower-case hex SHA-256 of the previous link's hash (64 hex digits), a line feed, and the
canonical entry. The first link follows GENESIS. A link's place is its `seq`, counted from 1 without gaps.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

GENESIS = "0" * 64

_HASH = re.compile(r"[0-9a-f]{64}")

BreakKind = Literal["changed", "removed", "swapped", "truncated", "duplicate"]


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry of a chain, with the hash it was linked to and the hash it got."""

    seq: int
    prev_hash: str
    hash: str
    entry: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold.

    changed    the entry is not the one its hash was made from
    removed    this seq, and perhaps some after it, are missing
    swapped    the entry is intact but does not follow the one before it: it changed places, or the one
               before it was rewritten together with its hash; or it comes after an entry with a higher seq
    duplicate  this seq occurs again
    truncated  the chain ends before the known head, or has another hash there
    """

    seq: int
    kind: BreakKind


def canonical(entry: Mapping[str, object]) -> bytes:
    """Write an entry as canonical JSON.

    Raises ValueError naming the place of a value that has no canonical form: a float, a Decimal (store it as
    text), a naive datetime, a key that is not text, a lone surrogate.
    """
    plain = _plain(entry, "entry")
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"entry holds text that is not valid Unicode: {error.reason}") from error


def link(prev_hash: str, entry: Mapping[str, object]) -> str:
    """Return the hash of an entry that follows the link with hash `prev_hash` (GENESIS for the first).

    Raises ValueError when `prev_hash` is no hash or the entry has no canonical form.
    """
    if not _HASH.fullmatch(prev_hash):
        raise ValueError(f"prev_hash {prev_hash!r} is not 64 lower-case hex digits")
    return hashlib.sha256(prev_hash.encode() + b"\n" + canonical(entry)).hexdigest()


def verify(
    entries: Iterable[Link],
    head: tuple[int, str] | None,
    *,
    start: tuple[int, str] = (0, GENESIS),
    kept: Iterable[tuple[int, str]] = (),
) -> list[Break]:
    """Walk links in the order of their seq and return every break, in the order found; [] is a sound chain.

    `head` is (seq, hash) noted somewhere else at some earlier time, and `kept` more of them; the chain may have
    grown since. `start` is the (seq, hash) before the first entry given, for a chain whose oldest part is archived.
    """
    known: dict[int, set[str]] = {}
    for seq, hash_ in [*([head] if head else []), *kept]:
        known.setdefault(seq, set()).add(hash_)
    walk = _Walk(start)
    if known.get(start[0], {start[1]}) != {start[1]}:
        walk.note(start[0], "truncated")
    for entry in entries:
        walk.step(entry)
        if known.get(entry.seq, {entry.hash}) != {entry.hash}:
            walk.note(entry.seq, "truncated")
    if walk.seq < max(known, default=0):
        walk.note(walk.seq + 1, "truncated")
    return walk.breaks


@dataclass
class _Walk:
    """The state of one verification: where it stands, and what it found."""

    position: tuple[int, str]
    breaks: list[Break] = field(default_factory=list)
    displaced: set[str] = field(default_factory=set)

    @property
    def seq(self) -> int:
        return self.position[0]

    def note(self, seq: int, kind: BreakKind) -> None:
        self.breaks.append(Break(seq, kind))

    def step(self, entry: Link) -> None:
        if entry.seq <= self.seq:
            self.note(entry.seq, "duplicate" if entry.seq == self.seq else "swapped")
            return
        if entry.seq > self.seq + 1:
            self.note(self.seq + 1, "removed")
        elif entry.prev_hash != self.position[1]:
            self._out_of_place(entry)
        if not _intact(entry):
            self.note(entry.seq, "changed")
        self.position = (entry.seq, entry.hash)

    def _out_of_place(self, entry: Link) -> None:
        """Note a swap, unless the entry rightly follows one that is itself already noted as displaced."""
        if entry.prev_hash not in self.displaced and _intact(entry):
            self.note(entry.seq, "swapped")
            self.displaced.add(entry.hash)


def _intact(entry: Link) -> bool:
    try:
        return link(entry.prev_hash, entry.entry) == entry.hash
    except ValueError:
        return False  # what cannot be written canonically was never hashed


def _plain(value: object, path: str) -> object:
    """Turn a value into what JSON can hold, or raise ValueError naming its path."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return _moment(value, path)
    if isinstance(value, Mapping):
        return {_key(key, path): _plain(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise ValueError(f"{path} is a {type(value).__name__}, which has no canonical form; store it as text")


def _key(key: object, path: str) -> str:
    if isinstance(key, str):
        return key
    raise ValueError(f"{path} has the key {key!r}, which is not text")


def _moment(value: date, path: str) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.utcoffset() is None:
        raise ValueError(f"{path} is a datetime without a zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
