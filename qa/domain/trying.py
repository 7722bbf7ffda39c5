"""Answers given to a form while it is tried: what still fits after an edit, and the rest filled with full marks."""

from collections.abc import Mapping
from typing import Any

from qa.domain.content import Content, visible
from qa.domain.form import Form, Question
from qa.domain.scoring import Answer, AnswerError, part_of


def fitting(content: Content, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that the form takes as it is now."""
    form = Form.from_dict(content)
    kept = {}
    for section in form.sections:
        for question in section.questions:
            if question.key not in answers:
                continue
            try:
                part_of(form, section, question, answers[question.key])
            except (AnswerError, TypeError):
                continue
            kept[question.key] = answers[question.key]
    return kept


def with_full_marks(content: Content, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with every other question that is asked answered as well as can be."""
    given = dict(answers)
    for question in Form.from_dict(content).questions:
        if question.key in visible(content, given) and question.key not in given:
            given[question.key] = best_of(question)
    return {key: given[key] for key in visible(content, given)}


def best_of(question: Question) -> Answer:
    """An answer that gives the most points and fails nothing, if there is one."""
    if question.type == "number":
        return max(question.ranges, key=lambda row: row.points).low
    fine = [option for option in question.options if not option.autofail] or list(question.options)
    if question.type == "choice":
        return max(fine, key=lambda option: option.points).key
    return [option.key for option in fine if option.points > 0]
