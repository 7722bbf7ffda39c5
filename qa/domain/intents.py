"""What somebody at the builder means, turned into a step: the value read, the new key given, the place worked out."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

from qa.domain.drafting import Content, DraftError, Step, found, fresh_key, home_of, keys_in
from qa.domain.form import decimal_of

LENGTHS: Final = {"title": 120, "text": 300, "short": 60, "guidance": 1000, "label": 80}
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "form": {"mode": "word", "pass_mark": "number", "cap_at_100": "flag", "autofail_effect": "word"},
    "section": {"title": "text", "weight": "number"},
    "question": {
        "text": "text", "short": "text", "guidance": "text", "type": "word", "weight": "number", "max": "number",
        "min": "number", "bonus": "flag", "allow_na": "flag", "na": "word", "error_class": "word",
        "autofail_scope": "word", "show_if": "condition", "ranges": "ranges", "precedents": "precedents",
    },
    "option": {"label": "text", "points": "number", "autofail": "flag"},
}  # fmt: skip
MOST_ROWS: Final = 30  # ranges or worked examples of a question
YES_NO: Final = ({"key": "yes", "label": "Yes", "points": 1}, {"key": "no", "label": "No", "points": 0})
LETTERS: Final = {"section": "s", "question": "q", "option": "o"}


def step_of(content: Content, intent: Mapping[str, Any], *, taken: Iterable[str] = ()) -> dict[str, Any]:
    """The step an intent comes to on this content. `taken` are keys of versions and of things removed.

    Raises DraftError for what can't be meant: an unknown field, a thing that isn't there, a move past the end.
    """
    meant = _MEANING.get(str(intent.get("do")))
    if meant is None:
        raise DraftError(str(intent.get("do")), "is nothing that can be done to a scorecard")
    return meant(content, intent, {*taken, *keys_in(content)})


def number_of(value: Any) -> Any:
    """A typed number as JSON has it, with a comma or a point; what is none stays as it was typed."""
    if isinstance(value, str):
        value = value.strip().replace(",", ".")
    number = decimal_of(value)
    if number is None:
        return value or None
    return int(number) if number == number.to_integral_value() else float(number)


def _set(content: Content, intent: Mapping[str, Any], _taken: set[str]) -> dict[str, Any]:
    kind, field = str(intent.get("kind")), str(intent.get("field"))
    if (kind, field) == ("question", "na_rule"):
        return _na_rule(_address(intent), str(intent.get("value")))
    if field not in FIELDS.get(kind, {}):
        raise DraftError(f"{kind}.{field}", "is no field of a scorecard")
    at = _address(intent)
    target = found(content, **at)
    value = _value(FIELDS[kind][field], field, intent.get("value"))
    one = _put(at, field, value)
    if (kind, field) == ("question", "type"):
        return {"do": "several", "steps": [one, *_of_type(at, target, value)]}
    if (kind, field, value) == ("option", "autofail", True):
        return _failing(content, at, one)
    return one


def _put(at: Mapping[str, str], field: str, value: Any) -> dict[str, Any]:
    """Setting a field; a value that says nothing takes the field away."""
    step = {"do": "set", **at, "field": field}
    return step if value in (None, "", []) else {**step, "value": value}


def _of_type(at: Mapping[str, str], question: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """What changes with a question's type: ranges for a number, options for the others."""
    if kind == "number":
        ranges = question.get("ranges") or [{"from": 0, "to": 10, "points": 1}]
        return [{"do": "set", **at, "field": "options"}, {"do": "set", **at, "field": "ranges", "value": ranges}]
    options = question.get("options") or deepcopy(list(YES_NO))
    return [{"do": "set", **at, "field": "ranges"}, {"do": "set", **at, "field": "options", "value": options}]


def _na_rule(at: Mapping[str, str], rule: str) -> dict[str, Any]:
    """Whether N/A may be answered, and what it does then: "no", "drop" or "full"."""
    steps = [_put(at, "allow_na", True if rule in ("drop", "full") else None)]
    steps.append(_put(at, "na", "full" if rule == "full" else None))
    return {"do": "several", "steps": steps}


def _failing(content: Content, at: Mapping[str, str], one: Step) -> dict[str, Any]:
    """An answer that fails something needs to say what: the form, unless the question says otherwise."""
    question = found(content, "question", at["question"])
    if question.get("autofail_scope"):
        return dict(one)
    scope = _put({"kind": "question", "key": at["question"]}, "autofail_scope", "form")
    return {"do": "several", "steps": [one, scope]}


def _add(content: Content, intent: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    """A new section at the end or below another, a question below another or in a section, an option of a question."""
    kind = str(intent.get("kind"))
    key = fresh_key(LETTERS.get(kind, "x"), taken)
    after = str(intent.get("after") or "")
    if kind == "section":
        row = content.get("sections", [])
        place = _after(row, after)
        return _insertion(kind, "", place, {"key": key, "title": "", "weight": 0 if row else 100, "questions": []})
    if kind == "question":
        section = home_of(content, after)[0] if after else found(content, "section", str(intent.get("parent")))
        item = {"key": key, "type": "choice", "text": "", "weight": 1, "options": deepcopy(list(YES_NO))}
        return _insertion(kind, section["key"], _after(section.get("questions", []), after), item)
    if kind == "option":
        question = found(content, "question", str(intent.get("parent")))
        row = question.get("options", [])
        return _insertion(kind, question["key"], len(row), {"key": key, "label": "", "points": 0})
    raise DraftError(kind, "can't be added")


def _duplicate(content: Content, intent: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    """A copy just below, with keys of its own; conditions inside a copied section follow the copies."""
    kind, key = str(intent.get("kind")), str(intent.get("key"))
    if kind == "question":
        section, place = home_of(content, key)
        item = deepcopy(section["questions"][place]) | {"key": fresh_key("q", taken)}
        return _insertion(kind, section["key"], place + 1, item)
    if kind != "section":
        raise DraftError(kind, "can't be duplicated")
    row = content["sections"]
    item = deepcopy(found(content, kind, key)) | {"key": fresh_key("s", taken)}
    names: dict[str, str] = {}
    for question in item.get("questions", []):
        names[question["key"]] = fresh_key("q", {*taken, *names.values()})
        question["key"] = names[question["key"]]
        condition = question.get("show_if")
        if condition:
            condition["question"] = names.get(condition["question"], condition["question"])
    return _insertion(kind, "", _after(row, key), item)


def _remove(content: Content, intent: Mapping[str, Any], _taken: set[str]) -> dict[str, Any]:
    at = _thing(intent)
    found(content, **at)
    return {"do": "remove", **at}


def _nudge(content: Content, intent: Mapping[str, Any], _taken: set[str]) -> dict[str, Any]:
    """One place up (-1) or down (1). A question goes on into the section beside."""
    at, by = _thing(intent), -1 if intent.get("by") == -1 else 1
    if at["kind"] == "question":
        return _nudged_question(content, at["key"], by)
    one = found(content, **at)
    row = content["sections"] if at["kind"] == "section" else found(content, "question", at["question"])["options"]
    place = [other["key"] for other in row].index(one["key"]) + by
    if not 0 <= place < len(row):
        raise DraftError(at["key"], "is at the end already")
    return {"do": "move", **at, "parent": at.get("question", ""), "place": place}


def _nudged_question(content: Content, key: str, by: int) -> dict[str, Any]:
    section, place = home_of(content, key)
    if 0 <= place + by < len(section["questions"]):
        return {"do": "move", "kind": "question", "key": key, "parent": section["key"], "place": place + by}
    sections = content["sections"]
    beside = [one["key"] for one in sections].index(section["key"]) + by
    if not 0 <= beside < len(sections):
        raise DraftError(key, "is at the end already")
    target = sections[beside]
    end = len(target.get("questions", [])) if by < 0 else 0
    return {"do": "move", "kind": "question", "key": key, "parent": target["key"], "place": end}


def _move(content: Content, intent: Mapping[str, Any], _taken: set[str]) -> dict[str, Any]:
    """To just before another thing of its kind, or to the end of a section: what a drag comes to."""
    at, before = _thing(intent), str(intent.get("before") or "")
    found(content, **at)
    if at["kind"] == "question":
        target = home_of(content, before)[0] if before else found(content, "section", str(intent.get("parent")))
        row, parent = target.get("questions", []), target["key"]
    elif at["kind"] == "option":
        row, parent = found(content, "question", at["question"]).get("options", []), at["question"]
    else:
        row, parent = content["sections"], ""
    keys = [one["key"] for one in row if one["key"] != at["key"]]
    place = keys.index(before) if before in keys else len(keys)
    return {"do": "move", **at, "parent": parent, "place": place}


def _address(intent: Mapping[str, Any]) -> dict[str, str]:
    kind = str(intent.get("kind"))
    if kind not in FIELDS:
        raise DraftError(kind, "is no part of a scorecard")
    at = {"kind": kind}
    if kind != "form":
        at["key"] = str(intent.get("key"))
    if kind == "option":
        at["question"] = str(intent.get("question"))
    return at


def _thing(intent: Mapping[str, Any]) -> dict[str, str]:
    """The address of something that can be moved and removed: not the form itself."""
    at = _address(intent)
    if at["kind"] == "form":
        raise DraftError("form", "can't be moved or removed")
    return at


def _insertion(kind: str, parent: str, place: int, item: Mapping[str, Any]) -> dict[str, Any]:
    return {"do": "insert", "kind": kind, "parent": parent, "place": place, "item": item}


def _after(row: list[dict[str, Any]], key: str) -> int:
    keys = [one["key"] for one in row]
    return keys.index(key) + 1 if key in keys else len(keys)


def _value(kind: str, field: str, value: Any) -> Any:
    if kind == "text":
        return str(value or "")[: LENGTHS[field]]
    if kind == "number":
        plain = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return number_of(value if plain else str(value or "")[:20])
    if kind == "flag":
        return bool(value)
    if kind == "word":
        return str(value)[:20] if value else None
    return _ROWS[kind](value)


def _condition(value: Any) -> Any:
    if not isinstance(value, Mapping) or not value.get("question"):
        return None
    wanted = value.get("in")
    return {"question": str(value["question"]), "in": [str(one) for one in wanted] if isinstance(wanted, list) else []}


def _ranges(value: Any) -> list[dict[str, Any]]:
    rows = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    names = ("from", "to", "points")
    return [{name: number_of(str(one.get(name, ""))[:20]) for name in names} for one in rows[:MOST_ROWS]]


def _precedents(value: Any) -> list[dict[str, str]]:
    rows = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    made = [{"text": str(one.get("text", ""))[:600], "argues_for": str(one.get("argues_for", ""))} for one in rows]
    return made[:MOST_ROWS]


_ROWS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "condition": _condition, "ranges": _ranges, "precedents": _precedents,
}  # fmt: skip
_MEANING: Final[Mapping[str, Callable[[Content, Mapping[str, Any], set[str]], dict[str, Any]]]] = {
    "set": _set, "add": _add, "duplicate": _duplicate, "remove": _remove, "nudge": _nudge, "move": _move,
}  # fmt: skip
