"""Payment card numbers in text, and the text without them.

A number is taken for a card's when its digits have an issuer's prefix and length, pass the Luhn check (ISO/IEC 7812-1),
and stand as people write cards: alone, in equal groups, or in a few groups from four digits on. The check alone would
also take one in ten order numbers, telephone numbers and times.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, Final

LEAST, MOST = 13, 19
KEPT: Final = 4  # the last digits, which PCI DSS 3.4.1 lets stay
MASK: Final = "*"  # in any encoding a file may have
# Issuer → first digits (a range of the same length, ends included) and the lengths its numbers have.
ISSUERS: Final[tuple[tuple[str, str, range], ...]] = (
    ("34", "34", range(15, 16)),  # American Express
    ("37", "37", range(15, 16)),
    ("300", "305", range(14, 20)),  # Diners Club
    ("309", "309", range(14, 20)),
    ("36", "36", range(14, 20)),
    ("38", "39", range(14, 20)),
    ("3528", "3589", range(16, 20)),  # JCB
    ("4", "4", range(13, 20, 3)),  # Visa: 16, and the 13 and 19 digits of old and of some debit cards
    ("50", "50", range(13, 20)),  # Maestro, Verve, RuPay, Elo
    ("51", "55", range(16, 17)),  # Mastercard
    ("56", "58", range(13, 20)),  # Maestro
    ("2221", "2720", range(16, 17)),
    ("2200", "2204", range(16, 20)),  # Mir
    ("60", "60", range(16, 20)),  # Discover, RuPay
    ("62", "62", range(16, 20)),  # UnionPay
    ("63", "63", range(16, 20)),  # Maestro
    ("64", "65", range(16, 20)),  # Discover, RuPay, Elo, Verve
    ("67", "67", range(13, 20)),  # Maestro
    ("81", "82", range(16, 20)),  # UnionPay, RuPay
    ("9792", "9792", range(16, 17)),  # Troy
)
# Between groups: spaces of any width, dashes, dots, slashes, underscores, and characters that are not seen at all.
_JOINT: Final = (
    r"[\s.,/_\-·•\u00ad\u180e\u200b-\u200f\u2010-\u2015\u2060\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\ufeff]{1,3}"
)
_RUN: Final = re.compile(rf"\d+(?:{_JOINT}\d+)*")
_GROUP: Final = re.compile(r"\d+")
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_MOST_GROUPS, _WIDEST = 6, 6
# What may touch a number on its left, as in "visa4111…": any other letter makes it part of a code.
_TELLS: Final = re.compile(r"(?:card|visa|master|amex|credit|debit|number|num|pan|nr|no|karte|carte|tarjeta)$", re.I)


def masked(text: str) -> str:
    """The text with all but the last four digits of each card number as asterisks; of the same length."""
    hidden = set()
    for start, end in cards(text):
        hidden.update([at for at in range(start, end) if text[at].isdecimal()][:-KEPT])
    if not hidden:
        return text
    return "".join(MASK if at in hidden else character for at, character in enumerate(text))


def masked_all(value: Any) -> Any:
    """Every text in what JSON can hold, `masked`; keys too. A whole number that is a card's becomes text."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {masked_all(key): masked_all(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(masked_all(one) for one in value)
    if type(value) is int and 10 ** (LEAST - 1) <= value < 10**MOST:
        hidden = masked(str(value))
        return value if hidden == str(value) else hidden
    return value


def cards(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand, from left to right: start and end of each."""
    ours = [one.span() for one in _UUID.finditer(text)]
    for run in _RUN.finditer(text):
        if run.end() - run.start() < LEAST or _is_telephone(text, run) or _within(run, ours):
            continue
        groups = [(one.start(), one.end()) for one in _GROUP.finditer(text, run.start(), run.end())]
        first = 0
        while first < len(groups):
            last = next(_ends(text, groups, first), None)
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = first + 1 if last is None else last + 1


def _within(run: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of the spans, from left to right, holds all of the run."""
    at = bisect_right(spans, run.start(), key=lambda span: span[0]) - 1
    return at >= 0 and run.end() <= spans[at][1]


def _is_telephone(text: str, run: re.Match[str]) -> bool:
    """A plus before it and no more digits than ITU-T E.164 allows."""
    before = text[max(0, run.start() - 4) : run.start()].rstrip("( \t")
    return before.endswith(("+", "＋")) and sum(map(str.isdecimal, run.group())) <= 15


def _ends(text: str, groups: Sequence[tuple[int, int]], first: int) -> Iterator[int]:
    """The groups with which a card's number could end that begins with group `first`, the longest number first."""
    if not _may_begin(text, groups[first][0]):
        return
    digits, ends = "", []
    for last in range(first, len(groups)):
        start, end = groups[last]
        digits += "".join(str(int(one)) for one in text[start:end])
        if len(digits) > MOST:
            break
        if len(digits) >= LEAST and _may_end(text, end):
            sizes = [stop - begin for begin, stop in groups[first : last + 1]]
            if _as_written(sizes) and _is_issued(digits) and _passes(digits):
                ends.append(last)
    yield from reversed(ends)


def _may_begin(text: str, at: int) -> bool:
    before = text[max(0, at - 12) : at]
    if before[-1:] == "." and before[-2:-1].isdecimal():
        return False  # the digits after a decimal point
    return not before[-1:].isalpha() or _TELLS.search(before) is not None


def _may_end(text: str, at: int) -> bool:
    return not text[at : at + 1].isalpha() or text[at : at + 1].isspace()


def _as_written(sizes: Sequence[int]) -> bool:
    """Whether people group a card's digits so: all alike but the last, or a few groups from four digits on."""
    *head, last = sizes
    alike = not head or (len(set(head)) == 1 and head[0] <= _WIDEST and last <= max(head[0], KEPT))
    return alike or (sizes[0] >= KEPT and len(sizes) <= _MOST_GROUPS and min(sizes) > 1)


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and low <= digits[: len(low)] <= high for low, high, lengths in ISSUERS)


def _passes(digits: str) -> bool:
    """The Luhn check: every second digit from the right doubled and its digits added, all divides by ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
