"""A scorecard read and checked once: whatever comes out of here can be scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final, Literal, Self, cast

Mode = Literal["nested", "flat", "points", "points_x_weight"]
MODES: Final = ("nested", "flat", "points", "points_x_weight")
TYPES: Final = ("choice", "multi", "number")
HUNDRED: Final = Decimal(100)
_MISSING: Final = object()


class FormError(ValueError):
    """The scorecard says something that can't be scored; `path` names the place, as in `sections[0].weight`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Option:
    """An answer of a choice or multi question."""

    key: str
    points: Decimal
    autofail: bool


@dataclass(frozen=True, slots=True)
class Range:
    """What a number from `low` to `high`, both included, earns."""

    low: Decimal
    high: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only where an earlier one was answered with one of these options."""

    question: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. It earns from `floor` up to `ceiling` points; with a ceiling of 0 it only informs."""

    key: str
    type: Literal["choice", "multi", "number"]
    weight: Decimal
    ceiling: Decimal
    floor: Decimal
    bonus: bool
    allow_na: bool
    na: Literal["drop", "full"]
    error_class: Literal["customer", "business", "compliance"] | None
    autofail_scope: Literal["section", "form"] | None
    show_if: Condition | None
    options: tuple[Option, ...]
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that share a weight."""

    key: str
    weight: Decimal
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A scorecard. `pass_mark` is a percentage."""

    mode: Mode
    pass_mark: Decimal
    cap_at_100: bool
    autofail_effect: Literal["zero", "keep"]
    sections: tuple[Section, ...]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the scorecard's JSON; left-out fields mean nested, pass mark 0, capped, auto-fail to zero.

        Raises FormError naming the place of the first thing wrong.
        """
        top = _Node(data, "")
        seen: dict[str, Question] = {}
        sections = tuple(_section(node, seen) for node in top.nodes("sections"))
        _unique("sections", [section.key for section in sections])
        return cls(
            mode=cast("Mode", top.one_of("mode", MODES, "nested")),
            pass_mark=top.number("pass_mark", Decimal(0), low=Decimal(0), high=HUNDRED),
            cap_at_100=top.flag("cap_at_100", default=True),
            autofail_effect=cast("Any", top.one_of("autofail_effect", ("zero", "keep"), "zero")),
            sections=sections,
        )

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions in the order of the form."""
        return tuple(question for section in self.sections for question in section.questions)


def decimal_of(value: object) -> Decimal | None:
    """Return a JSON number, or a string that holds one, as a Decimal; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


class _Node:
    """One object of the JSON and where it stands."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, Mapping):
            raise FormError(path or "form", "is not an object")
        self.data = data
        self.path = path

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def key(self) -> str:
        value = self.data.get("key")
        if not isinstance(value, str) or not value:
            raise FormError(self.at("key"), "is not a name")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str | None) -> str | None:
        value = self.data.get(name, default)
        if value is not default and (not isinstance(value, str) or value not in allowed):
            raise FormError(self.at(name), f"{value!r} is none of {', '.join(allowed)}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise FormError(self.at(name), f"{value!r} is neither true nor false")
        return value

    def number(
        self, name: str, default: object = _MISSING, *, low: Decimal | None = None, high: Decimal | None = None
    ) -> Decimal:
        value = self.data.get(name)
        if value is None and default is not _MISSING:
            return cast("Decimal", default)
        number = decimal_of(value)
        if number is None:
            raise FormError(self.at(name), "is missing" if value is None else f"{value!r} is not a number")
        if (low is not None and number < low) or (high is not None and number > high):
            raise FormError(self.at(name), f"{number} is not {_span(low, high)}")
        return number

    def nodes(self, name: str) -> "list[_Node]":
        value = self.data.get(name)
        if not isinstance(value, list | tuple) or not value:
            raise FormError(self.at(name), "is not a list of at least one")
        return [_Node(item, f"{self.at(name)}[{index}]") for index, item in enumerate(value)]


def _section(node: _Node, seen: dict[str, Question]) -> Section:
    questions = []
    for child in node.nodes("questions"):
        question = _question(child, seen)
        if question.key in seen:
            raise FormError(child.at("key"), f"{question.key} is asked twice")
        seen[question.key] = question
        questions.append(question)
    return Section(node.key(), node.number("weight", low=Decimal(0)), tuple(questions))


def _question(node: _Node, earlier: Mapping[str, Question]) -> Question:
    kind = node.one_of("type", TYPES, None)
    if kind is None:
        raise FormError(node.at("type"), "is missing")
    options = () if kind == "number" else _options(node)
    ranges = _ranges(node) if kind == "number" else ()
    best = max([Decimal(0), *(o.points for o in options), *(r.points for r in ranges)])
    ceiling = node.number("max", best, low=Decimal(0))
    question = Question(
        key=node.key(),
        type=cast("Any", kind),
        weight=node.number("weight", low=Decimal(0)),
        ceiling=ceiling,
        floor=node.number("min", Decimal(0), low=Decimal(0), high=ceiling),
        bonus=node.flag("bonus"),
        allow_na=node.flag("allow_na"),
        na=cast("Any", node.one_of("na", ("drop", "full"), "drop")),
        error_class=cast("Any", node.one_of("error_class", ("customer", "business", "compliance"), None)),
        autofail_scope=cast("Any", node.one_of("autofail_scope", ("section", "form"), None)),
        show_if=_condition(node, earlier),
        options=options,
        ranges=ranges,
    )
    _check_autofail(node, question)
    return question


def _check_autofail(node: _Node, question: Question) -> None:
    if question.bonus and (question.autofail_scope or question.error_class):
        name = "autofail_scope" if question.autofail_scope else "error_class"
        raise FormError(node.at(name), "a bonus question can neither fail nor be critical")
    for index, option in enumerate(question.options):
        if option.autofail and not question.autofail_scope:
            raise FormError(node.at(f"options[{index}].autofail"), "the question names no autofail_scope")


def _options(node: _Node) -> tuple[Option, ...]:
    options = tuple(Option(row.key(), row.number("points"), row.flag("autofail")) for row in node.nodes("options"))
    _unique(node.at("options"), [option.key for option in options])
    return options


def _ranges(node: _Node) -> tuple[Range, ...]:
    """Read ranges that tile: the next one starts one step after the last, the step being their finest digit."""
    found = []
    for row in node.nodes("ranges"):
        low = row.number("from")
        found.append((Range(low, row.number("to", low=low), row.number("points")), row))
    found.sort(key=lambda pair: pair[0].low)
    finest = min(
        min(cast("int", bound.normalize().as_tuple().exponent), 0) for r, _ in found for bound in (r.low, r.high)
    )
    step = Decimal(1).scaleb(finest)
    for (before, _), (after, row) in pairwise(found):
        if after.low <= before.high:
            raise FormError(row.at("from"), f"{after.low} is already in the range up to {before.high}")
        if after.low != before.high + step:
            raise FormError(row.at("from"), f"leaves a gap after {before.high}")
    return tuple(r for r, _ in found)


def _condition(node: _Node, earlier: Mapping[str, Question]) -> Condition | None:
    if node.data.get("show_if") is None:
        return None
    inner = _Node(node.data["show_if"], node.at("show_if"))
    parent = earlier.get(str(inner.data.get("question")))
    if parent is None:
        raise FormError(inner.at("question"), f"{inner.data.get('question')!r} is no earlier question")
    if parent.type == "number":
        raise FormError(inner.at("question"), f"{parent.key} has no options to depend on")
    wanted, known = inner.data.get("in"), {option.key for option in parent.options}
    if not isinstance(wanted, list | tuple) or not wanted:
        raise FormError(inner.at("in"), "is not a list of at least one")
    for index, key in enumerate(wanted):
        if not isinstance(key, str) or key not in known:
            raise FormError(inner.at(f"in[{index}]"), f"{key!r} is no option of {parent.key}")
    return Condition(parent.key, frozenset(wanted))


def _unique(path: str, keys: list[str]) -> None:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise FormError(f"{path}[{index}].key", f"{key} stands twice")


def _span(low: Decimal | None, high: Decimal | None) -> str:
    if high is None:
        return f"{low} or more"
    return f"from {low} to {high}" if low is not None else f"{high} or less"
