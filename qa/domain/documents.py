"""A scorecard as a JSON file: written whole, and read with every error named by its path.

Reading checks the shape: names, types, lengths, keys. Whether what it says can be scored is the list of problems.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from qa.domain.form import MODES, TYPES, decimal_of
from qa.domain.intents import LENGTHS, MOST_ROWS

FORMAT: Final = "bpo.scorecard"
EDITION: Final = 1
MOST_BYTES: Final = 1_000_000
MOST_ERRORS: Final = 50
KEY: Final = 60
MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` as in content.sections[0].questions[2].weight; "" is the file."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}" if self.path else self.problem


class DocumentError(ValueError):
    """The file isn't a scorecard; `faults` are all that is wrong with it, at most 50."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults[:MOST_ERRORS]
        super().__init__("; ".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: words for a new scorecard, and the content."""

    key: str
    name: str
    channel: str
    content: dict[str, Any]


def write(document: Document) -> str:
    """The file's text, ending in a new line: the same document gives the same bytes."""
    made = {
        "format": FORMAT, "edition": EDITION, "key": document.key, "name": document.name, "channel": document.channel,
        "content": document.content,
    }  # fmt: skip
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def read(text: str | bytes) -> Document:
    """The scorecard in a file. Raises DocumentError with every fault and its path."""
    if len(text) > MOST_BYTES:
        raise DocumentError([Fault("", f"is larger than {MOST_BYTES:,} bytes")])
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError([Fault("", f"is no JSON: {error}")]) from error
    faults = list(_document(data))
    if faults:
        raise DocumentError(faults)
    return Document(data.get("key", ""), data.get("name", ""), data.get("channel", ""), data["content"])


Check = Callable[[Any, str], Iterator[Fault]]


def _document(data: Any) -> Iterator[Fault]:
    if isinstance(data, Mapping) and data.get("format", FORMAT) != FORMAT:
        yield Fault("format", f"{data['format']!r} is not {FORMAT!r}")
    elif isinstance(data, Mapping) and data.get("edition", EDITION) != EDITION:
        yield Fault("edition", f"{data['edition']!r} is not {EDITION}: another release wrote this file")
    else:
        yield from _object(_DOCUMENT, "content")(data, "")


def _object(fields: Mapping[str, Check], *needed: str) -> Check:
    def check(data: Any, path: str) -> Iterator[Fault]:
        if not isinstance(data, Mapping):
            yield Fault(path, "is no object")
            return
        for name in needed:
            if name not in data:
                yield Fault(_at(path, name), "is missing")
        for name, value in data.items():
            if name not in fields:
                yield Fault(_at(path, str(name)), "is no field that is known here")
            else:
                yield from fields[name](value, _at(path, name))

    return check


def _rows(row: Check, most: int, *, keyed: bool = False) -> Check:
    def check(data: Any, path: str) -> Iterator[Fault]:
        if not isinstance(data, list):
            yield Fault(path, "is no list")
            return
        if len(data) > most:
            yield Fault(path, f"has more than {most} entries")
        seen: set[str] = set()
        for place, value in enumerate(data[:most]):
            yield from row(value, f"{path}[{place}]")
            key = value.get("key") if keyed and isinstance(value, Mapping) else None
            if isinstance(key, str) and key in seen:
                yield Fault(f"{path}[{place}].key", f"{key!r} stands twice")
            seen.add(str(key))

    return check


def _text(most: int) -> Check:
    def check(data: Any, path: str) -> Iterator[Fault]:
        if not isinstance(data, str):
            yield Fault(path, "is no text")
        elif len(data) > most:
            yield Fault(path, f"is longer than {most} characters")

    return check


def _key(data: Any, path: str) -> Iterator[Fault]:
    if not isinstance(data, str) or not data.strip() or len(data) > KEY:
        yield Fault(path, f"is no key of 1 to {KEY} characters")


def _number(data: Any, path: str) -> Iterator[Fault]:
    if data is not None and decimal_of(data) is None:
        yield Fault(path, f"{data!r} is no number")


def _flag(data: Any, path: str) -> Iterator[Fault]:
    if not isinstance(data, bool):
        yield Fault(path, f"{data!r} is neither true nor false")


def _one_of(*words: str | None) -> Check:
    def check(data: Any, path: str) -> Iterator[Fault]:
        if not (data is None or isinstance(data, str)) or data not in words:
            yield Fault(path, f"{data!r} is none of {', '.join('null' if one is None else one for one in words)}")

    return check


def _condition(data: Any, path: str) -> Iterator[Fault]:
    if data is not None:
        shape = _object({"question": _key, "in": _rows(_key, MOST_ROWS)}, "question", "in")
        yield from shape(data, path)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_RANGE: Final = _object({"from": _number, "to": _number, "points": _number}, "from", "to", "points")
_EXAMPLE: Final = _object({"text": _text(600), "argues_for": _text(KEY)}, "text")
_OPTION: Final = _object(
    {"key": _key, "label": _text(LENGTHS["label"]), "points": _number, "autofail": _flag}, "key", "points"
)
_QUESTION: Final = _object(
    {
        "key": _key,
        "type": _one_of(*TYPES),
        "text": _text(LENGTHS["text"]),
        "short": _text(LENGTHS["short"]),
        "guidance": _text(LENGTHS["guidance"]),
        "weight": _number,
        "max": _number,
        "min": _number,
        "bonus": _flag,
        "allow_na": _flag,
        "na": _one_of("drop", "full"),
        "error_class": _one_of(None, "customer", "business", "compliance"),
        "autofail_scope": _one_of(None, "section", "form"),
        "show_if": _condition,
        "options": _rows(_OPTION, MOST_ROWS, keyed=True),
        "ranges": _rows(_RANGE, MOST_ROWS),
        "precedents": _rows(_EXAMPLE, MOST_ROWS),
    },
    "key",
    "type",
)
_SECTION: Final = _object(
    {"key": _key, "title": _text(LENGTHS["title"]), "weight": _number, "questions": _rows(_QUESTION, 100, keyed=True)},
    "key",
)
_CONTENT: Final = _object(
    {
        "mode": _one_of(*MODES),
        "pass_mark": _number,
        "cap_at_100": _flag,
        "autofail_effect": _one_of("zero", "keep"),
        "sections": _rows(_SECTION, 30, keyed=True),
    },
    "sections",
)
_DOCUMENT: Final[Mapping[str, Check]] = {
    "format": _text(40), "edition": _number, "key": _text(KEY), "name": _text(120), "channel": _text(12),
    "content": _CONTENT,
}  # fmt: skip
