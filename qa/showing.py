"""What the review screen shows, as plain values: built once for the page and again for each saved answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.domain.content import Question, Section, questions, sections, visible
from qa.domain.live import Live, live
from qa.models import Evaluation, NoteDraft
from qa.models.evidence import EvidenceBase
from qa.words import points, reach, so_far


@dataclass(frozen=True, slots=True)
class ShownOption:
    key: str
    label: str
    cap: str  # the key that picks it
    best: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    about: Question
    options: tuple[ShownOption, ...]
    value: Any
    answered: bool
    na: bool
    hidden: bool
    active: bool
    notes: tuple[NoteDraft, ...]

    @property
    def good(self) -> bool:
        return any(option.chosen and option.best for option in self.options)

    @property
    def chosen(self) -> list[ShownOption]:
        return [option for option in self.options if option.chosen]


@dataclass(frozen=True, slots=True)
class ShownSection:
    about: Section
    score: str
    questions: tuple[ShownQuestion, ...]


def form_of(one: Evaluation, notes: list[NoteDraft], now: Live) -> list[ShownSection]:
    """The form with its answers; the first question without one is active."""
    return filled(one.scorecard_version.content, one.answers, notes, now)


def filled(
    content: Mapping[str, Any], answers: Mapping[str, Any], notes: list[NoteDraft], now: Live, *, active: str = ""
) -> list[ShownSection]:
    """The same of any content and answers. `active` is the question to open, "" the first without an answer."""
    shown = visible(content, answers)
    if active not in shown:
        active = next((key for key in shown if key not in answers), shown[-1] if shown else "")
    best = _best(content)
    scores = dict(standing(now)["sections"])
    return [
        ShownSection(
            section,
            scores.get(section.key, ""),
            tuple(_shown(question, answers, shown, active, best, notes) for question in section.questions),
        )
        for section in sections(content)
    ]


def standing(now: Live) -> dict[str, Any]:
    """The running score as text, for the page's head and for the answer to each save."""
    words, tone = so_far(now)
    parts = now.now.sections if now.now else ()
    return {
        "score": points(now.now.final if now.now else None),
        "words": words,
        "tone": tone,
        "reach": reach(now),
        "answered": now.answered,
        "asked": now.asked,
        "missing": list(now.missing),
        "sections": [[key, points(value)] for key, value, _weight in parts],
    }


def state_of(one: Evaluation, now: Live | None = None) -> dict[str, Any]:
    """What a browser needs to go on: the last saved change, the answers, what is shown, the score."""
    return {"seq": one.seq, **tried(one.scorecard_version.content, one.answers, now)}


def tried(content: Mapping[str, Any], answers: Mapping[str, Any], now: Live | None = None) -> dict[str, Any]:
    """Answers, what is shown and the score, as the form's script takes them. Raises AnswerError."""
    return {
        "answers": dict(answers),
        "visible": visible(content, answers),
        **standing(now or live(content, answers)),
    }


def evidence_state(piece: EvidenceBase) -> dict[str, Any]:
    """A piece of evidence as a browser keeps it."""
    return {
        "evidence": str(piece.pk),
        "start_ms": piece.start_ms,
        "end_ms": piece.end_ms,
        "question": piece.question,
        "note_id": str(piece.note_id) if piece.note_id else None,  # type: ignore[attr-defined]  # of both tables
        "quote": piece.quote,
    }


def _best(content: Mapping[str, Any]) -> set[tuple[str, str]]:
    found = set()
    for section in content["sections"]:
        for question in section["questions"]:
            options = question.get("options") or ()
            top = max((float(option["points"]) for option in options), default=0.0)
            found |= {(question["key"], option["key"]) for option in options if float(option["points"]) == top}
    return found


def _shown(
    question: Question,
    answers: Mapping[str, Any],
    shown: list[str],
    active: str,
    best: set[tuple[str, str]],
    notes: list[NoteDraft],
) -> ShownQuestion:
    value = answers.get(question.key)
    given = value if isinstance(value, list) else [value]
    options = tuple(
        ShownOption(key, label, str(place) if place < 10 else "", (question.key, key) in best, key in given)
        for place, (key, label) in enumerate(question.options, start=1)
    )
    answered = question.key in answers
    return ShownQuestion(
        about=question,
        options=options,
        value=value,
        answered=answered,
        na=answered and value is None,
        hidden=question.key not in shown,
        active=question.key == active,
        notes=tuple(note for note in notes if note.question == question.key),
    )


def answer_words(content: Mapping[str, Any], answers: Mapping[str, Any]) -> list[tuple[Question, str, bool]]:
    """Each question of a finished form with its answer in words and whether it is the best there is."""
    best, found = _best(content), []
    for question in questions(content):
        if question.key not in answers:
            continue
        value = answers[question.key]
        given = value if isinstance(value, list) else [value]
        labels = dict(question.options)
        text = ", ".join(labels.get(key, str(key)) for key in given) if value is not None else ""
        good = all((question.key, key) in best for key in given) if labels else True
        found.append((question, text, good))
    return found
