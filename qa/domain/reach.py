"""Where an evaluation half filled in can still end: what the review screen shows beside the running score."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations, product
from math import prod
from typing import Final

from qa.domain.form import Form, Question, Section
from qa.domain.scoring import Answer, Answers, Part, absent, capped, part_of, picked, shown, stake

MOST_WAYS: Final = 512  # of answering the questions that others depend on
MOST_OPTIONS: Final = 8  # whose every combination is tried in a multi question
NOTHING: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Way:
    """One thing a question, or a section, can still add to numerator and denominator."""

    earned: Fraction
    most: Fraction
    bonus: Fraction = NOTHING
    fails: str | None = None  # the scope


Ways = Sequence[Way]  # of one question
OUT: Final = Way(NOTHING, NOTHING)


def reachable(form: Form, answers: Answers) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and highest final, in per cent, that the questions without an answer can still lead to.

    `answers` may leave questions out; what it holds stands. None if all that applies is N/A. No completion
    ends outside, and both ends are met unless the questions that others depend on can be answered in more
    than MOST_WAYS ways or a multi question has more than MOST_OPTIONS options. Raises AnswerError for an
    answer the form doesn't take.
    """
    ends = [end for known in _known(form, answers) for end in _ends(form, _ways(form, known))]
    if not ends:
        return None
    low, high = capped(form, min(ends)), capped(form, max(ends))
    return (low, high) if low is not None and high is not None else None


def _known(form: Form, answers: Answers) -> Iterator[Answers]:
    """Yield the answers with each way of answering the questions that decide what is asked."""
    parents = {question.show_if.question for question in form.questions if question.show_if}
    gates = [question for question in form.questions if question.key in parents - set(answers)]
    choices = [_possible(gate) for gate in gates]
    if prod(len(found) for found in choices) > MOST_WAYS:
        yield answers
        return
    for taken in product(*choices):
        yield {**answers, **{gate.key: answer for gate, answer in zip(gates, taken, strict=True)}}


def _ways(form: Form, answers: Answers) -> list[list[Ways]]:
    chosen: dict[str, frozenset[str]] = {}
    unsure: set[str] = set()  # questions of which it isn't known what they pick
    found: list[list[Ways]] = []
    for section in form.sections:
        found.append([])
        for question in section.questions:
            maybe = question.show_if is not None and question.show_if.question in unsure
            if not maybe and not shown(question, chosen):
                found[-1].append([_way(absent(question, stake(form.mode, section, question)))])
                continue
            ways = [_way(part_of(form, section, question, answer)) for answer in _given(question, answers)]
            if maybe:
                ways.append(_way(absent(question, stake(form.mode, section, question))))
            if maybe or question.key not in answers:
                unsure.add(question.key)
            else:
                chosen[question.key] = picked(question, answers[question.key])
            found[-1].append(ways)
    return found


def _given(question: Question, answers: Answers) -> Sequence[Answer]:
    return [answers[question.key]] if question.key in answers else _possible(question)


def _possible(question: Question) -> Sequence[Answer]:
    keys = [option.key for option in question.options]
    found: list[Answer]
    if question.type == "number":
        found = [row.low for row in question.ranges]
    elif question.type == "choice":
        found = list(keys)
    elif len(keys) <= MOST_OPTIONS:
        found = [list(some) for size in range(len(keys) + 1) for some in combinations(keys, size)]
    else:
        gains = [option.key for option in question.options if option.points > 0 and not option.autofail]
        losses = [option.key for option in question.options if option.points < 0]
        found = [[], gains, losses, *([key] for key in keys)]
    return [*found, None] if question.allow_na else found


def _way(part: Part | None) -> Way:
    if part is None:
        return OUT
    fails = part.question.autofail_scope if part.fails else None
    if part.question.bonus:
        return Way(part.earned, NOTHING, part.most)
    return Way(part.earned, part.most, fails=fails)


def _ends(form: Form, sections: list[list[Ways]]) -> list[Fraction]:
    """Return the lowest and the highest total, none if nothing can apply."""
    if form.autofail_effect == "keep":
        sections = [[[replace(way, fails=None) for way in ways] for ways in section] for section in sections]
    questions = list(chain.from_iterable(sections))
    lowest = _total(form, [_failing(section) for section in sections], -1)
    highest = _total(form, [_passing(section) for section in sections], 1)
    if lowest is None or highest is None:
        return []
    if any(way.fails == "form" for ways in questions for way in ways):
        lowest = NOTHING
    if any(all(way.fails == "form" for way in ways) for ways in questions):
        highest = NOTHING
    return [lowest, highest]


def _failing(section: list[Ways]) -> list[Ways]:
    """Return the section's ways with its auto-fail pulled if that can be: never above any other way."""
    if any(way.fails == "section" for ways in section for way in ways):
        return [[replace(way, earned=NOTHING) for way in ways] for ways in section]
    return section


def _passing(section: list[Ways]) -> list[Ways]:
    """Return the section's ways without those that fail, or with nothing earned if it fails for certain."""
    if any(all(way.fails == "section" for way in ways) for ways in section):
        return [[replace(way, earned=NOTHING) for way in ways] for ways in section]
    return [[way for way in ways if not way.fails] or ways for ways in section]


def _total(form: Form, sections: list[list[Ways]], sign: int) -> Fraction | None:
    if form.mode != "nested":
        return _best(list(chain.from_iterable(sections)), sign)
    joined = [_section_ways(section, ways, sign) for section, ways in zip(form.sections, sections, strict=True)]
    return _best(joined, sign)


def _section_ways(section: Section, questions: list[Ways], sign: int) -> Ways:
    weight = Fraction(section.weight)
    found = []
    share = _best(questions, sign)
    if share is not None:
        found.append(Way(weight * share, weight))
    if all(any(not way.most for way in ways) for ways in questions):
        alone = _best([[replace(way, most=way.bonus) for way in ways if not way.most] for ways in questions], sign)
        found.append(Way(weight * (alone or NOTHING), NOTHING))
        if all(OUT in ways for ways in questions):
            found.append(OUT)
    return found


def _best(questions: Sequence[Ways], sign: int) -> Fraction | None:
    """Return the highest (sign 1) or lowest (-1) earned/most that one way of each question gives (Dinkelbach).

    None if `most` can't be above 0.
    """
    taken = [max(ways, key=lambda way: way.most) for ways in questions]
    while sum(way.most for way in taken):
        share = sum((way.earned for way in taken), NOTHING) / sum(way.most for way in taken)

        def gain(way: Way, share: Fraction = share) -> Fraction:
            return sign * (way.earned - share * way.most)

        better = [max(ways, key=gain) for ways in questions]
        if not any(way.most for way in better):
            better = _applying(questions, better, gain)
        if sum(gain(way) for way in better) <= 0:
            return share
        taken = better
    return None


def _applying(questions: Sequence[Ways], taken: list[Way], gain: Callable[[Way], Fraction]) -> list[Way]:
    """Change the one question that makes something apply at the least loss."""
    changes = [
        (gain(way) - gain(taken[index]), index, way) for index, ways in enumerate(questions) for way in ways if way.most
    ]
    _, index, way = max(changes, key=lambda change: change[0])
    return [*taken[:index], way, *taken[index + 1 :]]
