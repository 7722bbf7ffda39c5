"""Two versions side by side, as plain values: what differs in words, text marked word by word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qa.building_words import value_words
from qa.domain.differing import Line as Parts
from qa.domain.differing import Part, Sign, words
from qa.domain.versions import Diff, FieldChange, Kind, QuestionChange, SectionChange
from qa.problem_words import field_words

TEXTS = ("text", "short", "guidance", "title")


@dataclass(frozen=True, slots=True)
class Line:
    """One field on both sides."""

    label: str
    old: Parts
    new: Parts


@dataclass(frozen=True, slots=True)
class Entry:
    """A question in the table."""

    kind: Kind
    moved: bool
    text: str
    old_number: int | None
    new_number: int | None
    facts: str  # of one that came or went
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A section in the table, or the form's own fields with an empty kind of question."""

    kind: Kind
    title: str
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]


def blocks_of(found: Diff, *, everything: bool = False) -> list[Block]:
    """The form's fields, then section by section; without `everything` only what differs."""
    shown = []
    if found.form:
        shown.append(Block("changed", _("The form"), tuple(_line(one, {}) for one in found.form), ()))
    for section in found.sections:
        if section.differs or everything:
            shown.append(_block(section, everything=everything))
    return shown


def _block(section: SectionChange, *, everything: bool) -> Block:
    asked = [one for one in section.questions if everything or one.kind != "same"]
    lines = tuple(_line(one, {}) for one in section.fields)
    return Block(section.kind, section.title, lines, tuple(_entry(one) for one in asked))


def _entry(one: QuestionChange) -> Entry:
    labels = {
        option["key"]: option.get("label") or option["key"]
        for side in (one.old, one.new)
        for option in (side or {}).get("options") or []
    }
    return Entry(
        kind=one.kind,
        moved=one.moved,
        text=one.text or _("Question without words"),
        old_number=one.old_number,
        new_number=one.new_number,
        facts=_facts(one.new or one.old or {}) if one.kind in ("added", "removed") else "",
        lines=tuple(_line(change, labels) for change in one.fields),
    )


def _facts(question: Mapping[str, Any]) -> str:
    """ "weight 2, customer, Yes 1, No 0"."""
    parts = [_("weight %(weight)s") % {"weight": question.get("weight")}]
    if question.get("error_class"):
        parts.append(value_words("error_class", question["error_class"]))
    if question.get("ranges"):
        parts.append(value_words("ranges", question["ranges"]))
    parts += [f"{one.get('label') or one['key']} {one.get('points')}" for one in question.get("options") or []]
    return ", ".join(parts)


def _line(change: FieldChange, labels: Mapping[str, str]) -> Line:
    label = field_words(change.name)
    if change.option and change.name != "option":
        label = _("answer %(label)s, %(field)s") % {"label": labels.get(change.option, change.option), "field": label}
    old, new = _said(change.name, change.old, labels), _said(change.name, change.new, labels)
    if change.name in TEXTS and change.old and change.new:
        parts = words(str(change.old), str(change.new), least=0)
        return Line(label, _side(parts, "in"), _side(parts, "out"))
    return Line(label, (Part("out", old),), (Part("in", new),))


def _said(name: str, value: Any, labels: Mapping[str, str]) -> str:
    if name == "show_if" and value:
        value = {**value, "in": [labels.get(one, one) for one in value.get("in") or []]}
    return value_words(name, value)


def _side(parts: Parts, without: Sign) -> Parts:
    return tuple(part for part in parts if part.sign != without)
