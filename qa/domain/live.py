"""The score while a form is being filled: what stands, and what it can still become."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qa.domain.content import Content, visible
from qa.domain.reach import reachable
from qa.domain.scoring import Form, Score, score

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Live:
    """Points 0..100. `now` is None before the first answer.

    `low` to `high` is where the form can end without a further auto-fail, `floor` the lowest with one. `missing` are
    the questions to answer, in form order.
    """

    now: Score | None
    low: Decimal | None
    high: Decimal | None
    floor: Decimal | None
    answered: int
    asked: int
    missing: tuple[str, ...]


def live(content: Content, answers: Answers) -> Live:
    """The running score and its range. Raises AnswerError for an answer that the form doesn't take."""
    shown = visible(content, answers)
    kept = {key: answers[key] for key in shown if key in answers}
    missing = tuple(key for key in shown if key not in answers)
    mild = reachable(Form.from_dict(_without_autofail(content, set(kept))), kept)
    harsh = reachable(Form.from_dict(content), kept)
    return Live(
        now=partial(content, kept),
        low=mild[0] if mild else None,
        high=mild[1] if mild else None,
        floor=harsh[0] if harsh else None,
        answered=len(shown) - len(missing),
        asked=len(shown),
        missing=missing,
    )


def partial(content: Content, answers: Answers) -> Score | None:
    """Score the answered questions as if the form had no others. None while there is none."""
    shown = set(visible(content, answers)) & set(answers)
    parts = []
    for section in content["sections"]:
        kept = [{**one, "show_if": None} for one in section["questions"] if one["key"] in shown]
        if kept:
            parts.append({**section, "questions": kept})
    if not parts:
        return None
    return score(Form.from_dict({**content, "sections": parts}), {key: answers[key] for key in shown})


def whole(content: Content, answers: Answers) -> Score:
    """Score a complete form. Raises AnswerError for the first question without an answer."""
    shown = visible(content, answers)
    return score(Form.from_dict(content), {key: answers[key] for key in shown if key in answers})


def _without_autofail(content: Content, answered: set[str]) -> dict[str, Any]:
    """The form with the auto-fails taken out of the questions still open."""
    found = []
    for section in content["sections"]:
        questions = [one if one["key"] in answered else _mild(one) for one in section["questions"]]
        found.append({**section, "questions": questions})
    return {**content, "sections": found}


def _mild(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question whose failing options are gone; one that has no others only loses its scope."""
    if "options" not in question:
        return {**question, "autofail_scope": None}
    safe = [option for option in question["options"] if not option.get("autofail")]
    options = safe or [{**option, "autofail": False} for option in question["options"]]
    best = max(float(option.get("points", 0)) for option in question["options"])
    return {**question, "autofail_scope": None, "options": options, "max": question.get("max") or best}
