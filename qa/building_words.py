"""What the builder says aloud after an edit, and how a conflict is put to a person."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bpo.ui.numbers import DASH
from qa.domain.drafting import DraftError, found, home_of
from qa.errors import Met
from qa.models import ScorecardDraft
from qa.problem_words import VALUES, field_words

Content = Mapping[str, Any]


def announced(draft: ScorecardDraft, intent: Mapping[str, Any], step: Mapping[str, Any]) -> str:
    """What a screen reader is told: moves with the new place, additions, removals; typing is told by "Saved"."""
    do, content = step["do"], draft.content
    if do == "move":
        return _moved(content, step)
    if do == "remove":
        return _("Removed. U takes it back.")
    if do == "insert":
        words = {"section": _("Section added."), "question": _("Question added."), "option": _("Answer added.")}
        return words[step["kind"]]
    return ""


def _moved(content: Content, step: Mapping[str, Any]) -> str:
    kind, key = step["kind"], step["key"]
    if kind == "question":
        section, place = home_of(content, key)
        row, title = section["questions"], section.get("title") or _("Section without a title")
        told = {"place": place + 1, "of": len(row), "title": title}
        return _("Moved to place %(place)s of %(of)s in %(title)s.") % told
    row = content["sections"] if kind == "section" else found(content, "question", step["question"])["options"]
    place = [one["key"] for one in row].index(key)
    return _("Moved to place %(place)s of %(of)s.") % {"place": place + 1, "of": len(row)}


def label_of(content: Content, kind: str, key: str) -> str:
    """ "Question 5", a section's title, or the form."""
    if kind == "question":
        keys = [one["key"] for section in content["sections"] for one in section["questions"]]
        return _("Question %(n)s") % {"n": keys.index(key) + 1} if key in keys else _("Question")
    if kind == "section":
        try:
            return str(found(content, kind, key).get("title") or _("Section without a title"))
        except DraftError:
            return _("Section")
    return _("Answer") if kind == "option" else _("Form")


def merge_rows(content: Content, met: Met) -> list[dict[str, Any]]:
    """The one row of the merge view."""
    label = label_of(content, met.kind, met.key)
    if met.field:
        shown = [value_words(met.field, value) for value in (met.before, met.theirs, met.mine)]
        label = _("%(thing)s, %(field)s") % {"thing": label, "field": field_words(met.field)}
    else:
        shown = [DASH, _("changed"), _("moved or removed")]
    names = ("before", "theirs", "mine")
    return [{"key": "choice", "label": label, "conflict": True, **dict(zip(names, shown, strict=True))}]


def value_words(field: str, value: Any) -> str:
    """A field's value as a person reads it."""
    if field in VALUES:
        return str(VALUES[field].get(value, value if value is not None else DASH))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return DASH
    said = _SAYING.get(field)
    return said(value) if said else str(value)


def _condition(value: Mapping[str, Any]) -> str:
    told = {"question": value.get("question"), "answers": ", ".join(value.get("in") or [])}
    return _("%(question)s is %(answers)s") % told


def _ranges(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{row.get('from')}–{row.get('to')}: {row.get('points')}" for row in rows)


def _labels(values: Sequence[Any]) -> str:
    return ", ".join(str(one.get("label", one.get("key")) if isinstance(one, dict) else one) for one in values)


_SAYING: Mapping[str, Callable[[Any], str]] = {
    "show_if": _condition,
    "ranges": _ranges,
    "precedents": lambda rows: "; ".join(str(row.get("text", "")) for row in rows),
    "options": _labels,
    "order": _labels,
    "option": lambda one: f"{one.get('label') or one.get('key')} {one.get('points', '')}".strip(),
}
