"""How a number is written: locale, rounding half up, true minus, narrow no-break space before the unit."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Number = int | float | Decimal
NARROW = "\u202f"  # narrow no-break space
DASH = "–"
MINUS = "\u2212"


def number(value: Number | None, digits: int = 0, *, sign: bool = False) -> str:
    """`value` with exactly `digits` decimals, grouped; with `sign` a plus too. None is a dash."""
    if value is None:
        return DASH
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = number_format(abs(rounded), digits, use_l10n=True, force_grouping=True)
    if rounded < 0:
        return MINUS + text
    return "+" + text if sign and rounded > 0 else text


def percent(share: Number | None, digits: int = 1, *, sign: bool = False) -> str:
    """A share, 0..1, as "83.6 %". None is a dash."""
    if share is None:
        return DASH
    return f"{number(Decimal(str(share)) * 100, digits, sign=sign)}{NARROW}%"


def interval(low: Number, high: Number, digits: int = 1) -> str:
    """Two limits in the measure's own unit: "80.4–86.3"; "to" where a limit is below zero."""
    if low < 0:
        return _("%(low)s to %(high)s") % {
            "low": number(low, digits, sign=True),
            "high": number(high, digits, sign=True),
        }
    return f"{number(low, digits)}–{number(high, digits)}"


def duration(seconds: Number | timedelta | None) -> str:
    """Seconds as a clock: 8:41, 1:15:12. None is a dash."""
    if seconds is None:
        return DASH
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    whole = int(Decimal(str(total)).quantize(Decimal(1), ROUND_HALF_UP))
    hours, rest = divmod(abs(whole), 3600)
    minutes, last = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{last:02}" if hours else f"{minutes}:{last:02}"
    return MINUS + text if whole < 0 else text


def hours(minutes: Number) -> str:
    """Minutes as a number of hours, with a decimal where they are none whole: 8, 7.5. The unit follows elsewhere."""
    return number(Decimal(str(minutes)) / 60, 1 if minutes % 60 else 0)


def span(seconds: Number | timedelta | None) -> str:
    """A length of time as people say it, in its two largest units: "1 h 33 min", "2 days 4 h", "40 s"."""
    if seconds is None:
        return DASH
    total = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    days, rest = divmod(abs(total), 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, last = divmod(rest, 60)
    parts = [
        (days, ngettext("%(n)s day", "%(n)s days", days)),
        (hours, _("%(n)s h")),
        (minutes, _("%(n)s min")),
        (last if not (days or hours) else 0, _("%(n)s s")),
    ]
    shown = [pattern % {"n": count} for count, pattern in parts if count][:2]
    return " ".join(shown) or _("%(n)s s") % {"n": 0}


@dataclass(frozen=True)
class Measure:
    """A number in full: value, what it is made of, how sure it is, and against what it changed.

    `value`, `low` and `high` are shares 0..1 when `unit` is "%", else in the unit itself. `numerator` of
    `denominator` for shares; `n` for means. Below `needs` the value is not shown at all.
    """

    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    low: Number | None = None
    high: Number | None = None
    n: int | None = None
    needs: int = 5
    unit: str = "%"
    digits: int = 1
    code: str = ""
    change: str | Promise = ""
    change_detail: str | Promise = ""
    url: str = ""

    @property
    def count(self) -> int:
        """How many observations stand behind it."""
        if self.n is not None:
            return self.n
        return int(self.denominator or 0)

    @property
    def too_few(self) -> bool:
        return self.value is None or self.count < self.needs

    @property
    def figure(self) -> str:
        if self.too_few:
            return DASH
        if self.unit == "%":
            return percent(self.value, self.digits)
        text = number(self.value, self.digits)
        return f"{text}{NARROW}{self.unit}" if self.unit else text

    @property
    def basis(self) -> str:
        """ "505 of 604, 95 % 80.4–86.3", "n = 44, 95 % 83.6–88.8" or "n = 3, needs 5"."""
        if self.too_few:
            return too_few(self.count, self.needs)
        made_of = self._made_of()
        if self.low is None or self.high is None:
            return made_of
        scale = 100 if self.unit == "%" else 1
        limits = interval(Decimal(str(self.low)) * scale, Decimal(str(self.high)) * scale, self.digits)
        return f"{made_of}, 95{NARROW}% {limits}"

    def _made_of(self) -> str:
        if self.numerator is None:
            return _("n = %(n)s") % {"n": number(self.count)}
        parts = {"part": number(self.numerator), "whole": number(self.denominator)}
        return _("%(part)s of %(whole)s") % parts


def too_few(n: int, needs: int) -> str:
    """What stands where a value would be: how many there are and how many it takes."""
    return _("n = %(n)s, needs %(needs)s") % {"n": number(n), "needs": number(needs)}
