"""A cell's text to the value a field needs. Each converter takes (field, text) and raises CellError.

Texts arrive trimmed and with the mapping's own words replaced. An empty text is the caller's matter: a
converter is only asked about something.
"""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal
from typing import Final

from .problems import CellError
from .words import nearest, shown
from .words import phrase as _

MAX_SECONDS: Final = 31 * 86_400

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0{1,6})?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_CLOCK = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{1,2})")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.0{1,6})?")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YES: Final = frozenset({"y", "yes", "true", "1"})
_NO: Final = frozenset({"n", "no", "false", "0"})


def text(field: str, raw: str, limit: int = 200) -> str:
    """Return text in Unicode's composed form (NFC), so that one name stays one name."""
    found = unicodedata.normalize("NFC", raw)
    if _UNSTORABLE.search(found):
        raise CellError(field, _("There is a control character in the text."), _("Type the text again."))
    if len(found) > limit:
        raise CellError(
            field,
            _("The text has {count} characters; {limit} is the most.", count=len(found), limit=limit),
            _("Shorten it."),
        )
    return found


def integer(field: str, raw: str, *, low: int, high: int) -> int:
    """Read a whole number within low..high; "109.0", as spreadsheets write it, is one."""
    if not _WHOLE.fullmatch(raw):
        raise _unreadable(field, raw, _("a whole number"), _("Write digits only, without separators."))
    number = int(raw.partition(".")[0])
    if not low <= number <= high:
        raise CellError(
            field,
            _("{number} is not within {low} to {high}.", number=number, low=low, high=high),
            _("Correct the number, or translate it in the mapping's values."),
        )
    return number


def decimal(field: str, raw: str, *, low: Decimal, high: Decimal) -> Decimal:
    """Read a decimal number within low..high, written with a point and without separators."""
    if not _DECIMAL.fullmatch(raw):
        raise _unreadable(
            field,
            raw,
            _("a decimal number"),
            _("Write digits with a point before the decimals, as in 1234.5."),
        )
    number = Decimal(raw)
    if not low <= number <= high:
        raise CellError(
            field,
            _("{number} is not within {low} to {high}.", number=number, low=low, high=high),
            _("Correct the number."),
        )
    return number


def yes_no(field: str, raw: str) -> bool:
    """Read y, yes, true or 1 as True and n, no, false or 0 as False, in any case."""
    word = raw.casefold()
    if word not in _YES | _NO:
        raise _unreadable(
            field, raw, _("yes or no"), _("Write yes or no, or translate the word in the mapping's values.")
        )
    return word in _YES


def choice(field: str, raw: str, options: Collection[str]) -> str:
    """Read one of the options, in any case."""
    for option in options:
        if raw.casefold() == option.casefold():
            return option
    raise CellError(
        field,
        _('"{word}" is not one of the choices.', word=shown(raw)),
        _("{nearest} Or translate the word in the mapping's values.", nearest=nearest(raw, options)),
    )


def duration(field: str, raw: str) -> int:
    """Read a length of time as whole seconds, from "h:mm:ss", "mm:ss" or a number of seconds.

    The first part may be as long as it likes ("75:12" is 75 minutes), the parts after it go to 59.
    """
    if _SECONDS.fullmatch(raw):
        return _within(field, raw, int(raw.partition(".")[0]))
    parts = _CLOCK.fullmatch(raw)
    if not parts:
        raise _unreadable(field, raw, _("a length of time"), _("Write h:mm:ss, mm:ss or whole seconds."))
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    total = 3600 * hours + 60 * minutes + seconds
    if seconds > 59:
        raise _overfull(field, _("Seconds go to 59."), total)
    if parts[1] and minutes > 59:
        raise _overfull(field, _("Minutes go to 59."), total)
    return _within(field, raw, total)


def clock(seconds: int) -> str:
    """Write seconds as "h:mm:ss"."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _overfull(field: str, problem: str, total: int) -> CellError:
    return CellError(field, problem, _("Did you mean {clock}?", clock=clock(total)))


def _within(field: str, raw: str, seconds: int) -> int:
    if seconds > MAX_SECONDS:
        raise CellError(
            field,
            _("{text} is longer than 31 days.", text=shown(raw)),
            _("Give seconds or h:mm:ss; milliseconds are a usual mistake."),
        )
    return seconds


def _unreadable(field: str, raw: str, wanted: str, remedy: str) -> CellError:
    return CellError(field, _('"{text}" is not {wanted}.', text=shown(raw), wanted=wanted), remedy)
