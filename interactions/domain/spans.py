"""Stretches of a recording that are silenced, and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

Kind = Literal["card", "identity", "health", "other_person", "other"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CARD: Final = "card"  # nobody hears it: the original's bytes go once the copy stands
MOST: Final = 200  # spans of one recording


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Milliseconds from the start of the sound, half-open, and what was said there."""

    from_ms: int
    to_ms: int
    kind: Kind = "other"

    def as_dict(self) -> dict[str, Any]:
        return {"from_ms": self.from_ms, "to_ms": self.to_ms, "kind": self.kind}


def spans_of(rows: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Spans as a recording keeps them, in order of time. One kept before kinds were known is "other"."""
    return sorted(Span(row["from_ms"], row["to_ms"], row.get("kind", "other")) for row in rows)


def checked(spans: Iterable[Span], *, length_ms: int) -> list[Span]:
    """The spans in order. ValueError names the one that is outside the sound, empty, or of no known kind."""
    found = sorted(spans)
    for one in found:
        if not 0 <= one.from_ms < one.to_ms <= length_ms:
            raise ValueError(f"span {one.from_ms}–{one.to_ms} ms does not lie inside 0–{length_ms} ms")
        if one.kind not in KINDS:
            raise ValueError(f"kind {one.kind!r} must be one of {', '.join(KINDS)}")
    if len(found) > MOST:
        raise ValueError(f"spans: {len(found)} are more than {MOST}")
    return found


def silenced(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The same as stretches of time that neither touch nor overlap."""
    merged: list[tuple[int, int]] = []
    for one in sorted(spans):
        if merged and one.from_ms <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], one.to_ms))
        else:
            merged.append((one.from_ms, one.to_ms))
    return merged


def hushed(peaks: Mapping[str, Any], stretches: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """Peaks with nothing in the stretches, so that not even how loud it was is drawn."""
    quiet: dict[str, Any] = {key: list(value) if isinstance(value, list) else value for key, value in peaks.items()}
    for start, end in stretches:
        first, last = start * peaks["per_second"] // 1000, -(-end * peaks["per_second"] // 1000)
        for values in (value for value in quiet.values() if isinstance(value, list)):
            values[first:last] = [0] * len(values[first:last])
    return quiet


def in_samples(stretches: Iterable[tuple[int, int]], rate: int) -> list[tuple[int, int]]:
    """Stretches of milliseconds as samples, half-open and never narrower than the time they stand for."""
    return [(start * rate // 1000, -(-end * rate // 1000)) for start, end in stretches]


def covering(spans: Sequence[Span], start_ms: int, end_ms: int) -> Span | None:
    """The first span that a line of a transcript touches; a line of no length is a point."""
    return next((one for one in spans if one.from_ms < max(end_ms, start_ms + 1) and start_ms < one.to_ms), None)


def moment_ms(text: str) -> int:
    """A moment as people write it, "1:53", "1:53.5", "0:01:53" or "113.5", in milliseconds. ValueError for any other."""
    match = re.fullmatch(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5}(?:[.,]\d{1,3})?)", text.strip(), re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is no moment: write minutes and seconds, as in 1:53")
    hours, minutes, seconds = match[1] or "0", match[2] or "0", match[3].replace(",", ".")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def clock(ms: int) -> str:
    """Minutes, seconds and tenths, as 1:53.5; the tenths are left out where they are none."""
    tenths = round(ms / 100)
    rest = f".{tenths % 10}" if tenths % 10 else ""
    return f"{tenths // 600}:{tenths // 10 % 60:02d}{rest}"
