"""How a frozen figure is written. Screen, PDF, XLSX and CSV all come through here, so that their numbers are equal."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from bpo.ui.numbers import DASH, NARROW, interval, number, percent, too_few

Json = dict[str, Any]
TONES = {"met": "good", "amber": "warn", "missed": "bad"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure in words; empty where there is nothing to say."""

    ref: str
    code: str
    name: str
    value: str
    basis: str
    limits: str
    target: str
    result: str
    tone: str
    change: str
    clear: bool


def shown(entry: Json) -> Shown:
    """A figure as text, the same on every rendering."""
    few = entry["result"] == "too_few"
    return Shown(
        ref=entry["ref"],
        code=entry["code"],
        name=entry["name"],
        value=DASH if few else value_text(entry, entry["value"]),
        basis=too_few(entry["n"], entry["definition"]["needs"]) if few else basis(entry),
        limits="" if few else limits_text(entry),
        target=target_text(entry),
        result=result_text(entry),
        tone=TONES.get(entry["result"], ""),
        change=change_text(entry),
        clear=entry["change"]["verdict"] == "clear",
    )


def rounded(entry: Json, value: float | None) -> Decimal | None:
    """A value of this figure to the digits it is shown with; a share keeps two more, since it is shown in per cent."""
    if value is None:
        return None
    digits = _digits(entry) + (2 if entry["definition"]["unit"] == "%" else 0)
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def numbers(entry: Json, counts: Json | None = None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Value, low and high as shown, of a figure or of one point of its series; nothing where there are too few."""
    seen = entry if counts is None else counts
    if seen["value"] is None or seen["n"] < entry["definition"]["needs"]:
        return None, None, None
    return rounded(entry, seen["value"]), rounded(entry, seen["low"]), rounded(entry, seen["high"])


def point(entry: Json, counts: Json) -> Shown:
    """One week of a figure's series, written as the figure itself."""
    few = numbers(entry, counts)[0] is None
    return shown(entry | counts | {"result": "too_few" if few else "none", "target": None})


def value_text(entry: Json, value: float | None) -> str:
    """ "76.4 %", "412 s", "86.2", "4,968"; a dash for nothing."""
    exact, unit = rounded(entry, value), entry["definition"]["unit"]
    if exact is None:
        return DASH
    if unit == "%":
        return percent(exact, _digits(entry))
    return f"{number(exact, _digits(entry))}{NARROW}s" if unit == "s" else number(exact, _digits(entry))


def basis(entry: Json) -> str:
    """ "3,748 of 4,907" for a share, "n = 4,712" for a mean, "counted" for a count."""
    kind = entry["definition"]["interval"]
    if kind == "wilson":
        return _("%(part)s of %(whole)s") % {"part": number(entry["num"]), "whole": number(entry["den"])}
    if kind == "none":
        return _("counted")
    return _("n = %(n)s") % {"n": number(entry["n"])}


def limits_text(entry: Json) -> str:
    """ "75.2–77.5", in per cent or in the unit itself; empty where there is no interval."""
    low, high = rounded(entry, entry["low"]), rounded(entry, entry["high"])
    if low is None or high is None:
        return ""
    return interval(scaled(entry, low), scaled(entry, high), _digits(entry))


def target_text(entry: Json) -> str:
    target = entry["target"]
    if target is None:
        return ""
    text = value_text(entry, target["value"])
    return text if target["direction"] == "at_least" else _("at most %(value)s") % {"value": text}


def result_text(entry: Json) -> str:
    words = {"met": _("Met"), "amber": _("Amber"), "missed": _("Missed"), "too_few": _("n too small")}
    return words.get(entry["result"], "")


def change_text(entry: Json) -> str:
    """ "+1.2, no clear change"; a difference of shares is in points."""
    change = entry["change"]
    if change["verdict"] == "not_compared":
        return _("not compared")
    exact = rounded(entry, change["value"])
    unit = f"{NARROW}s" if entry["definition"]["unit"] == "s" else ""
    amount = number(scaled(entry, exact or Decimal(0)), _digits(entry), sign=True) + unit
    if change["verdict"] == "counted":
        return amount if exact else _("as the week before")
    words = _("clear change") if change["verdict"] == "clear" else _("no clear change")
    return _("%(amount)s, %(words)s") % {"amount": amount, "words": words}


def scaled(entry: Json, value: Decimal) -> Decimal:
    """A share in per cent, anything else as it is."""
    return value * 100 if entry["definition"]["unit"] == "%" else value


def _digits(entry: Json) -> int:
    return int(entry["definition"]["digits"])
