"""Scores one evaluation: same form, same answers, same number, to the last digit.

Everything is counted in whole fractions and rounded once, half-up to 0.01; the number shown is the number
compared with the pass mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal

from qa.domain.form import Form, FormError, Mode, Option, Question, Range, Section, decimal_of

__all__ = [
    "Answer", "AnswerError", "Answers", "Form", "FormError", "Option", "Question", "Range", "Score", "Section", "score",
]  # fmt: skip

Answer = str | Sequence[str] | int | float | Decimal | None
Answers = Mapping[str, Answer]
CENT: Final = Decimal("0.01")
ENGINE_VERSION: Final = 1  # goes up when the same answers could score differently


class AnswerError(ValueError):
    """An answer that the form doesn't take; `question` is its key."""

    def __init__(self, question: str, problem: str) -> None:
        super().__init__(f"{question}: {problem}")
        self.question = question
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Score:
    """The result in per cent, each None where nothing applied.

    `raw` leaves auto-fail and cap out, `uncapped` the cap alone, `final` neither. `triggers` are the
    questions that failed the evaluation, in the order of the form. A section stands as (key, its score with
    auto-fail applied, its weight among the sections as applied, 0 if it dropped out).
    """

    raw: Decimal | None
    uncapped: Decimal | None
    final: Decimal | None
    outcome: Literal["PASS", "FAIL", "UNSCORED"]
    triggers: tuple[str, ...]
    sections: tuple[tuple[str, Decimal | None, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one applicable question adds: `earned` of `most`, a bonus to `earned` alone."""

    question: Question
    earned: Fraction
    most: Fraction
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A section added up; `bonus` is what its bonus questions could have brought."""

    earned: Fraction
    most: Fraction
    bonus: Fraction


def score(form: Form, answers: Answers) -> Score:
    """Score the answers, {question: option | [options] | number | None for N/A}.

    A hidden question counts as N/A whatever was answered. Raises AnswerError for an answer that is missing,
    unknown to the form, out of every range, or N/A where that is forbidden.
    """
    parts = _parts(form, answers)
    tallies = [tally(section_parts) for section_parts in parts]
    raw = total(form, tallies)
    triggers = [part for section_parts in parts for part in section_parts if part.fails]
    uncapped = raw
    if triggers and form.autofail_effect == "zero":
        tallies = [_failed(found, section) for found, section in zip(tallies, parts, strict=True)]
        uncapped = total(form, tallies)
        if uncapped is not None and any(part.question.autofail_scope == "form" for part in triggers):
            uncapped = Fraction(0)
    final = capped(form, uncapped)
    return Score(
        raw=percent(raw),
        uncapped=percent(uncapped),
        final=final,
        outcome=_outcome(form, final, failed=bool(triggers)),
        triggers=tuple(part.question.key for part in triggers),
        sections=tuple(_shown(form, *pair) for pair in zip(form.sections, tallies, strict=True)),
    )


def tally(parts: Sequence[Part]) -> Tally:
    """Add up the parts of one section."""
    return Tally(
        earned=sum((part.earned for part in parts), Fraction(0)),
        most=sum((part.most for part in parts if not part.question.bonus), Fraction(0)),
        bonus=sum((part.most for part in parts if part.question.bonus), Fraction(0)),
    )


def total(form: Form, tallies: Sequence[Tally]) -> Fraction | None:
    """Join the sections to a fraction of 1, None where nothing but bonus applied."""
    pairs = [weighed(form.mode, *pair) for pair in zip(form.sections, tallies, strict=True)]
    applied = sum((most for _, most in pairs), Fraction(0))
    return sum((earned for earned, _ in pairs), Fraction(0)) / applied if applied else None


def weighed(mode: Mode, section: Section, found: Tally) -> tuple[Fraction, Fraction]:
    """Return what the section adds to the form's numerator and denominator."""
    if mode != "nested":
        return found.earned, found.most
    weight = Fraction(section.weight)
    if found.most:
        return weight * found.earned / found.most, weight
    return (weight * found.earned / found.bonus if found.bonus else Fraction(0)), Fraction(0)


def stake(mode: Mode, section: Section, question: Question) -> Fraction:
    """Return what a perfect answer counts in this mode; 0 where the question only informs."""
    if not question.ceiling:
        return Fraction(0)
    if mode == "points":
        return Fraction(question.ceiling)
    if mode == "points_x_weight":
        return Fraction(section.weight) * Fraction(question.ceiling)
    return Fraction(question.weight)


def part_of(form: Form, section: Section, question: Question, answer: Answer) -> Part | None:
    """Return what an answer to a question that is asked adds; None where it drops out. Raises AnswerError."""
    most = stake(form.mode, section, question)
    if answer is None:
        if not question.allow_na:
            raise AnswerError(question.key, "can't be N/A")
        return absent(question, most)
    points, fails = _points(question, answer)
    held = min(max(points, question.floor), question.ceiling)
    share = Fraction(held) / Fraction(question.ceiling) if question.ceiling else Fraction(0)
    return Part(question, most * share, most, fails)


def absent(question: Question, most: Fraction) -> Part | None:
    """Return what a question that is hidden or N/A adds."""
    return Part(question, most, most) if question.na == "full" else None


def shown(question: Question, chosen: Mapping[str, frozenset[str]]) -> bool:
    """Say whether the question is asked, `chosen` being the options picked in the questions asked before."""
    condition = question.show_if
    return condition is None or not condition.options.isdisjoint(chosen.get(condition.question, frozenset()))


def picked(question: Question, answer: Answer) -> frozenset[str]:
    """Return the options an answer picks: what later questions depend on."""
    if answer is None or question.type == "number":
        return frozenset()
    return frozenset([answer] if isinstance(answer, str) else answer)  # type: ignore[arg-type]


def percent(share: Fraction | None) -> Decimal | None:
    """Return a fraction of 1 in per cent, half-up to 0.01."""
    if share is None:
        return None
    cents, rest = divmod(share.numerator * 10000, share.denominator)
    return (Decimal(cents + (2 * rest >= share.denominator)) / 100).quantize(CENT, ROUND_HALF_UP)


def capped(form: Form, uncapped: Fraction | None) -> Decimal | None:
    """Return the number that is shown and compared."""
    if uncapped is not None and form.cap_at_100:
        uncapped = min(uncapped, Fraction(1))
    return percent(uncapped)


def _parts(form: Form, answers: Answers) -> list[list[Part]]:
    known = {question.key for question in form.questions}
    for key in answers:
        if key not in known:
            raise AnswerError(str(key), "is no question of the form")
    chosen: dict[str, frozenset[str]] = {}
    return [
        [part for question in section.questions if (part := _part(form, section, question, answers, chosen))]
        for section in form.sections
    ]


def _part(
    form: Form, section: Section, question: Question, answers: Answers, chosen: dict[str, frozenset[str]]
) -> Part | None:
    if not shown(question, chosen):
        return absent(question, stake(form.mode, section, question))
    if question.key not in answers:
        raise AnswerError(question.key, "is not answered")
    answer = answers[question.key]
    part = part_of(form, section, question, answer)
    chosen[question.key] = picked(question, answer)
    return part


def _points(question: Question, answer: Answer) -> tuple[Decimal, bool]:
    if question.type == "number":
        return _points_of_number(question, answer), False
    if question.type == "choice":
        keys: Sequence[object] = [answer]
    elif isinstance(answer, list | tuple | set | frozenset):
        keys = list(answer)
    else:
        raise AnswerError(question.key, f"{answer!r} is not a list of options")
    options = {option.key: option for option in question.options}
    found = []
    for key in keys:
        if not isinstance(key, str) or key not in options:
            raise AnswerError(question.key, f"{key!r} is none of its options")
        found.append(options.pop(key))  # an option picked twice is unknown the second time
    return sum((option.points for option in found), Decimal(0)), any(option.autofail for option in found)


def _points_of_number(question: Question, answer: Answer) -> Decimal:
    number = decimal_of(answer)
    if number is None:
        raise AnswerError(question.key, f"{answer!r} is not a number")
    for candidate in question.ranges:
        if candidate.low <= number <= candidate.high:
            return candidate.points
    raise AnswerError(question.key, f"{number} is in none of its ranges")


def _failed(found: Tally, parts: Sequence[Part]) -> Tally:
    if any(part.fails and part.question.autofail_scope == "section" for part in parts):
        return Tally(Fraction(0), found.most, found.bonus)
    return found


def _outcome(form: Form, final: Decimal | None, *, failed: bool) -> Literal["PASS", "FAIL", "UNSCORED"]:
    if final is None:
        return "UNSCORED"
    return "FAIL" if failed or final < form.pass_mark else "PASS"


def _shown(form: Form, section: Section, found: Tally) -> tuple[str, Decimal | None, Decimal]:
    applied = weighed(form.mode, section, found)[1]
    share = found.earned / found.most if found.most else None
    return section.key, percent(share), Decimal(applied.numerator) / Decimal(applied.denominator)
