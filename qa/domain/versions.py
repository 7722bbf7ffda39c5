"""Two versions of a scorecard side by side: what came, went, moved, and which fields read otherwise."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Content = Mapping[str, Any]
Kind = Literal["added", "removed", "moved", "changed", "same"]
FORM_FIELDS: Final = {"mode": "nested", "pass_mark": 0, "cap_at_100": True, "autofail_effect": "zero"}
SECTION_FIELDS: Final = {"title": "", "weight": None}
QUESTION_FIELDS: Final[Mapping[str, Any]] = {
    "text": "", "short": "", "guidance": "", "type": None, "weight": None, "max": None, "min": None, "bonus": False,
    "allow_na": False, "na": "drop", "error_class": None, "autofail_scope": None, "show_if": None, "ranges": [],
    "precedents": [],
}  # fmt: skip
OPTION_FIELDS: Final = {"label": "", "points": None, "autofail": False}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. `option` is the key of the answer it is about, "" for the question itself."""

    name: str
    old: Any
    new: Any
    option: str = ""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question on one or both sides. Numbers count through the whole form from 1, None where it isn't there."""

    key: str
    kind: Kind
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    old_number: int | None = None
    new_number: int | None = None
    old_section: str = ""
    new_section: str = ""
    moved: bool = False
    fields: tuple[FieldChange, ...] = ()

    @property
    def text(self) -> str:
        return str((self.new or self.old or {}).get("text", ""))


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section with its questions: those of the new version in order, then what was removed from it."""

    key: str
    kind: Kind
    title: str
    fields: tuple[FieldChange, ...] = ()
    questions: tuple[QuestionChange, ...] = ()

    @property
    def differs(self) -> bool:
        return self.kind != "same" or any(one.kind != "same" for one in self.questions)


@dataclass(frozen=True, slots=True)
class Diff:
    form: tuple[FieldChange, ...] = ()
    sections: tuple[SectionChange, ...] = field(default=())

    @property
    def questions(self) -> list[QuestionChange]:
        return [one for section in self.sections for one in section.questions]

    @property
    def count(self) -> int:
        """How many things differ: form fields, sections and questions, each once."""
        sections = sum(one.kind != "same" for one in self.sections)
        return len(self.form) + sections + sum(one.kind != "same" for one in self.questions)


@dataclass(frozen=True, slots=True)
class _At:
    raw: Mapping[str, Any]
    number: int
    section: str


def diff(old: Content, new: Content) -> Diff:
    """What is different in `new`, matched by the keys of sections, questions and options."""
    before, after = _placed(old), _placed(new)
    shared = [key for key in after if key in before]
    elsewhere = {key for key in shared if before[key].section != after[key].section}
    stayed = [key for key in shared if key not in elsewhere]
    moved = elsewhere | _moved([key for key in before if key in stayed], stayed)
    olds, news = _sections(old), _sections(new)
    order = [*news, *(key for key in olds if key not in news)]
    shifted = _moved([key for key in olds if key in news], [key for key in news if key in olds])
    rows = {key: _rows(key, before, after, moved) for key in order}
    return Diff(
        tuple(_fields(old, new, FORM_FIELDS)),
        tuple(_section(key, olds.get(key), news.get(key), key in shifted, rows[key]) for key in order),
    )


def _placed(content: Content) -> dict[str, _At]:
    found: dict[str, _At] = {}
    for section in content.get("sections") or []:
        for question in section.get("questions") or []:
            found[question["key"]] = _At(question, len(found) + 1, section["key"])
    return found


def _sections(content: Content) -> dict[str, Mapping[str, Any]]:
    return {section["key"]: section for section in content.get("sections") or []}


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest keys whose moving turns one order into the other: all but a longest run that kept its order."""
    place = {key: number for number, key in enumerate(old)}
    tails: list[int] = []
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for key in new:
        at = bisect_left(tails, place[key])
        before[key] = ends[at - 1] if at else None
        tails[at : at + 1] = [place[key]]
        ends[at : at + 1] = [key]
    kept: set[str] = set()
    walk = ends[-1] if ends else None
    while walk is not None:
        kept.add(walk)
        walk = before[walk]
    return set(new) - kept


def _rows(
    section: str, before: Mapping[str, _At], after: Mapping[str, _At], moved: set[str]
) -> tuple[QuestionChange, ...]:
    stays = [_question(key, before.get(key), at, key in moved) for key, at in after.items() if at.section == section]
    gone = [_question(key, at, None, False) for key, at in before.items() if at.section == section and key not in after]
    return (*stays, *gone)


def _question(key: str, old: _At | None, new: _At | None, moved: bool) -> QuestionChange:
    changes: tuple[FieldChange, ...] = ()
    kind: Kind = "added" if old is None else "removed"
    if old is not None and new is not None:
        changes = (*_fields(old.raw, new.raw, QUESTION_FIELDS), *_option_changes(old.raw, new.raw))
        kind = "changed" if changes else "moved" if moved else "same"
    return QuestionChange(
        key=key,
        kind=kind,
        old=old.raw if old else None,
        new=new.raw if new else None,
        old_number=old.number if old else None,
        new_number=new.number if new else None,
        old_section=old.section if old else "",
        new_section=new.section if new else "",
        moved=moved,
        fields=changes,
    )


def _section(
    key: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    moved: bool,
    questions: tuple[QuestionChange, ...],
) -> SectionChange:
    title = str((new or old or {}).get("title") or key)
    if old is None or new is None:
        return SectionChange(key, "added" if old is None else "removed", title, (), questions)
    changes = tuple(_fields(old, new, SECTION_FIELDS))
    return SectionChange(key, "changed" if changes else "moved" if moved else "same", title, changes, questions)


def _fields(old: Content, new: Content, names: Mapping[str, Any], option: str = "") -> Iterator[FieldChange]:
    for name, default in names.items():
        a, b = old.get(name, default), new.get(name, default)
        if (a or None) != (b or None) or (a == 0) != (b == 0):
            yield FieldChange(name, a, b, option)


def _option_changes(old: Content, new: Content) -> Iterator[FieldChange]:
    before = {one["key"]: one for one in old.get("options") or []}
    after = {one["key"]: one for one in new.get("options") or []}
    for key, one in after.items():
        if key in before:
            yield from _fields(before[key], one, OPTION_FIELDS, key)
        else:
            yield FieldChange("option", None, one, key)
    for key, one in before.items():
        if key not in after:
            yield FieldChange("option", one, None, key)
    shared = [key for key in before if key in after]
    if shared != [key for key in after if key in before]:
        yield FieldChange("order", [before[key].get("label") for key in shared], [
            one.get("label") for key, one in after.items() if key in before
        ])  # fmt: skip
