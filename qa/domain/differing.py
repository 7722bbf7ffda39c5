"""What differs between two texts, line by line and word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Sign = Literal["same", "out", "in"]
_WORDS: Final = re.compile(r"\s+|[^\s]+")
ALIKE: Final = 0.4  # two lines at least so alike are shown as one line with words changed


@dataclass(frozen=True, slots=True)
class Part:
    sign: Sign
    text: str


Line = tuple[Part, ...]


def differences(old: str, new: str) -> list[Line]:
    """Every line of both, in order: what stayed, what went out and what came in."""
    before, after = old.splitlines(), new.splitlines()
    found: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [(Part("same", line),) for line in before[a:b]]
        else:
            found += _changed(before[a:b], after[c:d])
    return found


def _changed(out: list[str], come: list[str]) -> Iterator[Line]:
    pairs = min(len(out), len(come))
    for old, new in zip(out, come, strict=False):
        changed = words(old, new)
        if changed:
            yield changed
        else:
            yield (Part("out", old),)
            yield (Part("in", new),)
    yield from ((Part("out", line),) for line in out[pairs:])
    yield from ((Part("in", line),) for line in come[pairs:])


def words(old: str, new: str, least: float = ALIKE) -> Line:
    """One line with its words out and in; nothing where the two are less alike than `least`, from 0 to 1."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)  # a space alone is no likeness
    if matcher.ratio() < least:
        return ()
    parts: list[Part] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(before[a:b])))
            continue
        parts += [Part("out", "".join(before[a:b]))] if b > a else []
        parts += [Part("in", "".join(after[c:d]))] if d > c else []
    return tuple(parts)
