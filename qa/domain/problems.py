"""Everything that keeps a draft from scoring, at once: each problem names its place and has a word for its remedy.

The engine stops at the first thing wrong; whoever writes a scorecard wants the list. What this list doesn't know the
engine still says, as the problem "engine".
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from qa.domain.content import CRITICAL, ContentError, check_words
from qa.domain.form import MODES, TYPES, Form, FormError, decimal_of

Content = Mapping[str, Any]
MOST_QUESTIONS: Final = 100
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` has its words in qa.problem_words; section and question are keys, "" where it is about the form."""

    code: str
    field: str
    section: str = ""
    question: str = ""
    row: int | None = None  # of an option, a range or a worked example, from 1
    detail: str = ""


def problems_of(content: Content) -> list[Problem]:
    """What is wrong, in the order of the form; nothing where the content can be published."""
    found = [*_of_form(content)]
    earlier: dict[str, Mapping[str, Any]] = {}
    for section in content.get("sections") or []:
        found += _of_section(section)
        for question in section.get("questions") or []:
            found += [Problem(**about, section=section["key"]) for about in _of_question(question, earlier)]
            earlier[question["key"]] = question
    return found or [*_said_by_engine(content)]


def playable(content: Content) -> dict[str, Any] | None:
    """What of a draft can be tried already: the questions without a problem. None where there is none."""
    bad = {problem.question for problem in problems_of(content) if problem.question}
    made = deepcopy(dict(content))
    if not _between(made.get("pass_mark", 0), HUNDRED):
        made["pass_mark"] = 0
    for section in made.get("sections") or []:
        section["title"] = section.get("title") or "–"
        section["weight"] = section.get("weight") if _is_weight(section.get("weight")) else 0
        section["questions"] = [one for one in section.get("questions") or [] if one["key"] not in bad]
    while True:
        made["sections"] = [section for section in made.get("sections") or [] if section["questions"]]
        try:
            check_words(made)
            Form.from_dict(made)
        except FormError as error:
            if not _drop(made, error.path):
                return None
        except ContentError:
            return None
        else:
            return made


def _drop(made: dict[str, Any], path: str) -> bool:
    """Leave out the question a path such as sections[0].questions[2].show_if names."""
    parts = path.replace("]", "").split(".")
    if len(parts) < 2 or not parts[1].startswith("questions["):
        return False
    section = made["sections"][int(parts[0].partition("[")[2])]
    del section["questions"][int(parts[1].partition("[")[2])]
    return True


def _of_form(content: Content) -> Iterator[Problem]:
    sections = content.get("sections") or []
    if not sections:
        yield Problem("no_sections", "sections")
    if not _between(content.get("pass_mark", 0), HUNDRED):
        yield Problem("pass_mark", "pass_mark")
    if content.get("mode", "nested") not in MODES:
        yield Problem("mode", "mode")
    if sum(len(section.get("questions") or []) for section in sections) > MOST_QUESTIONS:
        yield Problem("too_many", "sections", detail=str(MOST_QUESTIONS))
    weighs = content.get("mode", "nested") in ("nested", "points_x_weight")
    if sections and weighs and not any(decimal_of(section.get("weight")) for section in sections):
        yield Problem("no_weight_at_all", "weight")


def _of_section(section: Mapping[str, Any]) -> Iterator[Problem]:
    key = section["key"]
    if not section.get("title"):
        yield Problem("no_title", "title", key)
    if not _is_weight(section.get("weight")):
        yield Problem("weight", "weight", key)
    if not section.get("questions"):
        yield Problem("no_questions", "questions", key)


def _of_question(question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for code, field, *more in _findings(question, earlier):
        yield {"code": code, "field": field, "question": question["key"], **(more[0] if more else {})}


def _findings(question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    if question["key"] in earlier:
        yield "key_twice", "key"
    if not question.get("text"):
        yield "no_text", "text"
    if not _is_weight(question.get("weight")):
        yield "weight", "weight"
    if question.get("type") not in TYPES:
        yield "type", "type"
    yield from _limits(question)
    yield from (_ranges(question) if question.get("type") == "number" else _options(question))
    if question.get("bonus") and (question.get("autofail_scope") or question.get("error_class") in CRITICAL):
        yield "bonus_critical", "bonus"
    yield from _condition(question, earlier)
    yield from _precedents(question)


def _limits(question: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for field in ("max", "min"):
        if question.get(field) is not None and not _is_weight(question[field]):
            yield "limit", field
    low, high = decimal_of(question.get("min")), decimal_of(question.get("max"))
    if low is not None and high is not None and low > high:
        yield "limits_crossed", "min"


def _options(question: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    options = question.get("options") or []
    if len(options) < (2 if question.get("type") == "choice" else 1):
        yield "few_options", "options"
    labels = [str(option.get("label") or "").strip().casefold() for option in options]
    for number, option in enumerate(options, start=1):
        if not labels[number - 1]:
            yield "no_label", "label", {"row": number}
        elif labels[number - 1] in labels[: number - 1]:
            yield "label_twice", "label", {"row": number}
        if decimal_of(option.get("points")) is None:
            yield "points", "points", {"row": number}
        if option.get("autofail") and not question.get("autofail_scope"):
            yield "no_scope", "autofail_scope", {"row": number}


def _ranges(question: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    ranges = question.get("ranges") or []
    if not ranges:
        yield "no_ranges", "ranges"
    read = []
    for number, row in enumerate(ranges, start=1):
        low, high = decimal_of(row.get("from")), decimal_of(row.get("to"))
        if low is None or high is None or low > high or decimal_of(row.get("points")) is None:
            yield "range", "ranges", {"row": number}
            continue
        read.append((low, high, number))
    if len(read) == len(ranges):
        yield from _tiling(read)


def _tiling(read: list[tuple[Decimal, Decimal, int]]) -> Iterator[tuple[Any, ...]]:
    """Ranges that touch: the next begins one step after the last, the step being their finest digit."""
    bounds = [bound for low, high, _ in read for bound in (low, high)]
    finest = min([0, *(int(bound.normalize().as_tuple().exponent) for bound in bounds)])
    for (_, before, _first), (low, _high, number) in pairwise(sorted(read)):
        if low <= before:
            yield "ranges_overlap", "ranges", {"row": number, "detail": str(before)}
        elif low != before + Decimal(1).scaleb(finest):
            yield "ranges_gap", "ranges", {"row": number, "detail": str(before)}


def _condition(question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    condition = question.get("show_if")
    if not condition:
        return
    parent = earlier.get(str(condition.get("question")))
    if parent is None:
        yield "condition_order", "show_if"
        return
    known = {option["key"] for option in parent.get("options") or []}
    wanted = condition.get("in") or []
    if parent.get("type") == "number" or not known:
        yield "condition_number", "show_if"
    elif not wanted:
        yield "condition_empty", "show_if"
    elif not set(wanted) <= known:
        yield "condition_option", "show_if"


def _precedents(question: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    known = {option["key"] for option in question.get("options") or []}
    for number, one in enumerate(question.get("precedents") or [], start=1):
        if not one.get("text"):
            yield "precedent_empty", "precedents", {"row": number}
        if known and one.get("argues_for") not in known:
            yield "precedent_option", "precedents", {"row": number}


def _said_by_engine(content: Content) -> Iterator[Problem]:
    try:
        check_words(content)
        Form.from_dict(content)
    except (FormError, ContentError) as error:
        yield Problem("engine", error.path, detail=str(error))


def _is_weight(value: object) -> bool:
    number = decimal_of(value)
    return number is not None and number >= 0


def _between(value: object, high: Decimal) -> bool:
    number = decimal_of(value)
    return number is not None and 0 <= number <= high
