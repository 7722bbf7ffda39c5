"""What the builder shows of a draft, as plain values: the tree, what is open in the editor, the form to try."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.comparing import blocks_of
from qa.domain.content import CRITICAL
from qa.domain.drafting import DraftError, found, home_of
from qa.domain.live import live, whole
from qa.domain.problems import Problem, playable, problems_of
from qa.domain.trying import fitting, with_full_marks
from qa.domain.versions import diff
from qa.domain.weights import Weights, ceiling, weights_of
from qa.models import ScorecardDraft, ScorecardVersion
from qa.problem_words import field_words, words_of
from qa.showing import ShownSection, filled, tried
from qa.words import OUTCOMES, points

Content = Mapping[str, Any]
FORMULAS = {
    "nested": gettext_lazy("Section = Σ w·s / Σ w over its questions that apply; form = Σ W·section / Σ W."),
    "flat": gettext_lazy("Form = Σ w·s / Σ w over all questions that apply; section weights count nothing."),
    "points": gettext_lazy(
        "Form = points earned / points possible of the questions that apply; weights count nothing."
    ),
    "points_x_weight": gettext_lazy("Form = Σ W·points earned / Σ W·points possible; question weights count nothing."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A question in the tree."""

    key: str
    number: int
    label: str
    weight: str
    critical: bool
    tag: str  # "new", "changed", "moved" against the newest version, or ""
    problems: int


@dataclass(frozen=True, slots=True)
class Group:
    """A section in the tree. `share` is of the form, 0..1."""

    key: str
    label: str
    weight: str
    share: float | None
    tag: str
    problems: int
    rows: tuple[Row, ...]


def tree_of(content: Content, newest: ScorecardVersion | None, found: list[Problem]) -> dict[str, Any]:
    """Sections and questions with their weights, and whether they add up."""
    weights, tags = weights_of(content), _tags(content, newest)
    numbers = iter(range(1, 1000))
    groups = [
        Group(
            key=section["key"],
            label=section.get("title") or _("Section without a title"),
            weight=_plain(section.get("weight")),
            share=weights.sections.get(section["key"]),
            tag=tags.get(section["key"], ""),
            problems=sum(one.section == section["key"] and not one.question for one in found),
            rows=tuple(_row(question, next(numbers), content, tags, found) for question in section["questions"]),
        )
        for section in content.get("sections") or []
    ]
    return {"groups": groups, "sum": _sum(content, weights), "mode": content.get("mode", "nested")}


def _row(
    question: Mapping[str, Any], number: int, content: Content, tags: Mapping[str, str], found: list[Problem]
) -> Row:
    by_points = content.get("mode") in ("points", "points_x_weight")
    return Row(
        key=question["key"],
        number=number,
        label=question.get("short") or question.get("text") or _("Question without words"),
        weight=_plain(float(ceiling(question))) if by_points else _plain(question.get("weight")),
        critical=question.get("error_class") in CRITICAL or bool(question.get("autofail_scope")),
        tag=tags.get(question["key"], ""),
        problems=sum(one.question == question["key"] for one in found),
    )


def _tags(content: Content, newest: ScorecardVersion | None) -> dict[str, str]:
    if newest is None:
        return {}
    words = {"added": "new", "changed": "changed", "moved": "moved"}
    found = diff(newest.content, content)
    kinds = {one.key: one.kind for one in found.sections} | {one.key: one.kind for one in found.questions}
    return {key: words[kind] for key, kind in kinds.items() if kind in words}


def _sum(content: Content, weights: Weights) -> dict[str, Any]:
    """What is added up in this mode; only section weights are meant to come to 100."""
    mode = content.get("mode", "nested")
    labels = {
        "nested": _("Sections add up to"),
        "points_x_weight": _("Sections add up to"),
        "flat": _("Questions add up to"),
        "points": _("Points add up to"),
    }
    total = round(weights.total, 6)
    of_hundred = mode in ("nested", "points_x_weight")
    return {
        "label": labels.get(mode, labels["nested"]),
        "total": _plain(total),
        "percent": of_hundred,
        "good": total == 100 if of_hundred else total > 0,
        "hint": of_hundred and total not in (0, 100),
    }


def editor_of(draft: ScorecardDraft, at: str, found_problems: list[Problem], *, mode_fixed: bool) -> dict[str, Any]:
    """What is open in the editor: "form", "section:KEY" or "question:KEY"; the form where that isn't there."""
    kind, _sep, key = at.partition(":")
    content = draft.content
    try:
        target = found(content, kind, key)
    except DraftError:
        kind, key, target = "form", "", content
    context: dict[str, Any] = {"at": f"{kind}:{key}" if key else "form", "kind": kind, "one": target}
    context["problems"] = said(content, [one for one in found_problems if _about(one, kind, key)])
    context |= {"mode_fixed": mode_fixed, "formula": FORMULAS.get(content.get("mode", "nested"), "")}
    return context | (_of_question(content, target) if kind == "question" else {})


def _about(problem: Problem, kind: str, key: str) -> bool:
    if kind == "question":
        return problem.question == key
    return not problem.question and problem.section == key


def _of_question(content: Content, question: Mapping[str, Any]) -> dict[str, Any]:
    section, _place = home_of(content, question["key"])
    share = weights_of(content).questions.get(question["key"])
    parents: list[Mapping[str, Any]] = []
    for group in content["sections"]:
        for one in group["questions"]:
            if one["key"] == question["key"]:
                return {
                    "section": section,
                    "share": share,
                    "number": _number(content, question["key"]),
                    "parents": parents,
                    "parent": next((p for p in parents if p["key"] == (question.get("show_if") or {}).get("question")), None),
                    "fails": [o.get("label") or o["key"] for o in question.get("options") or [] if o.get("autofail")],
                    "na": ("full" if question.get("na") == "full" else "drop") if question.get("allow_na") else "no",
                }  # fmt: skip
            if one.get("type") != "number":
                parents.append(one)
    return {}


def _number(content: Content, key: str) -> int:
    keys = [one["key"] for section in content["sections"] for one in section["questions"]]
    return keys.index(key) + 1 if key in keys else 0


def said(content: Content, problems: list[Problem]) -> list[dict[str, Any]]:
    """Problems in words, each with its place and what to open to mend it."""
    shown = []
    for one in problems:
        text, remedy = words_of(one)
        at = f"question:{one.question}" if one.question else f"section:{one.section}" if one.section else "form"
        shown.append(
            {
                "place": _place_of(content, one),
                "field": field_words(one.field),
                "text": text,
                "remedy": remedy,
                "at": at,
            }
        )
    return shown


def _place_of(content: Content, problem: Problem) -> str:
    if problem.question:
        return _("Question %(n)s") % {"n": _number(content, problem.question)}
    for section in content.get("sections") or []:
        if section["key"] == problem.section:
            return str(section.get("title") or _("Section without a title"))
    return _("Form")


def preview_of(content: Content, answers: Mapping[str, Any], at: str) -> dict[str, Any]:
    """The form to try with what was answered, as the queue shows it; `form` is None while nothing can be tried."""
    ready = playable(content)
    if ready is None:
        return {"form": None, "left_out": 0}
    kept = fitting(ready, answers)
    now = live(ready, kept)
    best = whole(ready, with_full_marks(ready, kept))
    asked = sum(len(section["questions"]) for section in ready["sections"])
    there = sum(len(section.get("questions") or []) for section in content["sections"])
    label, tone = OUTCOMES[best.outcome]
    return {
        "form": _numbered(content, filled(ready, kept, [], now, active=at.removeprefix("question:"))),
        "state": tried(ready, kept, now),
        "left_out": there - asked,
        "full": {"score": points(best.final), "label": label, "tone": tone},
    }


def _numbered(content: Content, form: list[ShownSection]) -> list[ShownSection]:
    """The form with the numbers that its questions have in the whole draft."""
    return [
        replace(
            section,
            questions=tuple(
                replace(one, about=replace(one.about, number=_number(content, one.about.key)))
                for one in section.questions
            ),
        )
        for section in form
    ]


def parts_of(
    draft: ScorecardDraft, newest: ScorecardVersion | None, *, at: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything the builder's page and each of its answers are drawn from."""
    problems = problems_of(draft.content)
    changes = diff(newest.content, draft.content) if newest else None
    editor = editor_of(draft, at, problems, mode_fixed=newest is not None)
    return {
        "draft": draft,
        "card": draft.scorecard,
        "newest": newest,
        "number": newest.number + 1 if newest else 1,
        "tree": tree_of(draft.content, newest, problems),
        "editor": editor,
        "problems": said(draft.content, problems),
        "preview": preview_of(draft.content, answers, editor["at"]),
        "changes": changes.count if changes else 0,
        "blocks": blocks_of(changes) if changes else [],
    }


def _plain(value: Any) -> str:
    """A number as it was typed: 3, 2.5; what is none stays as it is."""
    if value is None:
        return "–"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
