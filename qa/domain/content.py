"""The content of a scorecard: the form of the scoring engine with the words people read beside it.

The engine reads the form and passes over the words: `title` of a section, `text`, `short` and `guidance` of a question,
`label` of an option.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

CRITICAL: Final = ("customer", "business", "compliance")
Content = Mapping[str, Any]


class ContentError(ValueError):
    """The content of a scorecard can't be used. `path` says where, such as "sections.0.questions.2.text"."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        super().__init__(f"{path}: {problem}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a screen shows it."""

    key: str
    number: int  # counted through the whole form, from 1
    section: str
    kind: str
    text: str
    short: str
    guidance: str
    allow_na: bool
    critical: bool
    autofail: bool
    options: tuple[tuple[str, str], ...] = ()  # key, label
    show_if: Mapping[str, Any] | None = None
    precedents: tuple[tuple[str, str], ...] = ()  # worked examples: text, label of the answer it argues for


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    weight: str
    questions: tuple[Question, ...] = field(default=())


def sections(content: Content) -> tuple[Section, ...]:
    """The form as a screen walks through it."""
    found, number = [], 0
    for section in content["sections"]:
        questions = []
        for question in section["questions"]:
            number += 1
            questions.append(_question(question, number, section["key"]))
        title = section.get("title") or section["key"]
        found.append(Section(section["key"], title, str(section.get("weight", "")), tuple(questions)))
    return tuple(found)


def questions(content: Content) -> Iterator[Question]:
    for section in sections(content):
        yield from section.questions


def check_words(content: Content) -> None:
    """Raise ContentError where a section, question or option has no words, or a key stands twice."""
    if not content.get("sections"):
        raise ContentError("sections", "there is none. Give at least one section with a question.")
    seen: set[str] = set()
    for at, section in enumerate(_listed(content["sections"], "sections")):
        _need(section, f"sections.{at}", ("key", "title", "questions"))
        for place, question in enumerate(_listed(section["questions"], f"sections.{at}.questions")):
            path = f"sections.{at}.questions.{place}"
            _need(question, path, ("key", "type", "text"))
            if str(question["key"]) in seen:
                raise ContentError(f"{path}.key", f"“{question['key']}” stands twice. Give each question its own.")
            seen.add(str(question["key"]))
            for number, option in enumerate(_listed(question.get("options") or [], f"{path}.options")):
                _need(option, f"{path}.options.{number}", ("key", "label"))


def visible(content: Content, answers: Mapping[str, Any]) -> list[str]:
    """Keys of the questions that these answers show, in form order. A hidden question is as good as absent."""
    shown: list[str] = []
    for question in _raw(content):
        condition = question.get("show_if")
        if condition is None or (
            condition["question"] in shown and _chosen(answers.get(condition["question"])) & set(condition["in"])
        ):
            shown.append(question["key"])
    return shown


def critical_errors(content: Content, answers: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Keys of the critical questions that applied, and of those answered wrong.

    Wrong is an answer that fails the section or form; where none does, any but the best.
    """
    shown = set(visible(content, answers))
    asked, wrong = [], []
    for question in _raw(content):
        key = question["key"]
        if question.get("error_class") not in CRITICAL or key not in shown or answers.get(key) is None:
            continue
        asked.append(key)
        options = {option["key"]: option for option in question.get("options") or ()}
        failing = {name for name, option in options.items() if option.get("autofail")}
        best = max((float(option.get("points", 0)) for option in options.values()), default=0.0)
        bad = failing or {name for name, option in options.items() if float(option.get("points", 0)) < best}
        if _chosen(answers[key]) & bad:
            wrong.append(key)
    return asked, wrong


def content_hash(content: Content) -> str:
    """SHA-256 of the content as canonical JSON: sorted names, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _raw(content: Content) -> Iterator[Mapping[str, Any]]:
    for section in content["sections"]:
        yield from section["questions"]


def _chosen(answer: Any) -> set[str]:
    return set(answer) if isinstance(answer, list) else {str(answer)}


def _question(question: Mapping[str, Any], number: int, section: str) -> Question:
    options = question.get("options") or ()
    labels = {option["key"]: option["label"] for option in options}
    examples = question.get("precedents") or ()
    return Question(
        key=question["key"],
        number=number,
        section=section,
        kind=question["type"],
        text=question["text"],
        short=question.get("short") or question["text"],
        guidance=question.get("guidance", ""),
        allow_na=bool(question.get("allow_na")),
        critical=question.get("error_class") in CRITICAL,
        autofail=question.get("autofail_scope") is not None,
        options=tuple((option["key"], option["label"]) for option in options),
        show_if=question.get("show_if"),
        precedents=tuple((one["text"], labels.get(one.get("argues_for"), "")) for one in examples),
    )


def _listed(values: Any, path: str) -> list[Any]:
    if not isinstance(values, list):
        raise ContentError(path, "is no list. Give its entries in brackets.")
    return values


def _need(values: Any, path: str, names: tuple[str, ...]) -> None:
    if not isinstance(values, Mapping):
        raise ContentError(path, "is no object. Give its fields by name.")
    for name in names:
        if not values.get(name):
            raise ContentError(f"{path}.{name}", "is missing. Give it.")
