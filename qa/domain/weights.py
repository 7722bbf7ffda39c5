"""What each section and question counts, as shares of 100, while a scorecard is still being written."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qa.domain.form import decimal_of

Content = Mapping[str, Any]
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Share:
    """Shares 0..1; None where a bonus question or a weight that is no number has none."""

    of_section: float | None
    of_form: float | None


@dataclass(frozen=True, slots=True)
class Weights:
    """`total` is what is added up in this mode: section weights, question weights, or points."""

    total: float
    sections: Mapping[str, float | None]
    questions: Mapping[str, Share]


def weights_of(content: Content) -> Weights:
    """Shares of a form of which every question applies; what is no number counts nothing."""
    mode = content.get("mode", "nested")
    sections = content.get("sections") or []
    stakes = {s["key"]: {q["key"]: _stake(mode, s, q) for q in s.get("questions") or []} for s in sections}
    sums = {key: sum(found.values(), NOTHING) for key, found in stakes.items()}
    outer = {s["key"]: _number(s.get("weight")) for s in sections} if mode == "nested" else sums
    everything = sum(outer.values(), NOTHING)
    bonus = {q["key"] for s in sections for q in s.get("questions") or [] if q.get("bonus") is True}
    questions = {}
    for name, found in stakes.items():
        part = _share(outer[name], everything)
        for key, stake in found.items():
            inner = None if key in bonus else _share(stake, sums[name])
            questions[key] = Share(inner, None if inner is None or part is None else inner * part)
    return Weights(_total(mode, sections, sums), {key: _share(outer[key], everything) for key in outer}, questions)


def ceiling(question: Mapping[str, Any]) -> Fraction:
    """The most points a question gives: its "max", or its best option or range."""
    if decimal_of(question.get("max")) is not None:
        return _number(question["max"])
    rows = question.get("ranges") if question.get("type") == "number" else question.get("options")
    return max([NOTHING, *(_number(row.get("points")) for row in rows or [])])


def _stake(mode: str, section: Mapping[str, Any], question: Mapping[str, Any]) -> Fraction:
    most = ceiling(question)
    if question.get("bonus") is True or not most:
        return NOTHING
    if mode == "points":
        return most
    if mode == "points_x_weight":
        return _number(section.get("weight")) * most
    return _number(question.get("weight"))


def _total(mode: str, sections: list[Mapping[str, Any]], sums: Mapping[str, Fraction]) -> float:
    if mode in ("nested", "points_x_weight"):
        return float(sum((_number(section.get("weight")) for section in sections), NOTHING))
    return float(sum(sums.values(), NOTHING))


def _number(value: Any) -> Fraction:
    number = decimal_of(value)
    return Fraction(number) if number is not None and number > 0 else NOTHING


def _share(part: Fraction, whole: Fraction) -> float | None:
    return float(part / whole) if whole else None
