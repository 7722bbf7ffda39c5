"""Editing the content of a scorecard: small steps that say what they do, and each with the step that takes it back.

A step is plain JSON, so that it can be kept: {"do": "set", "kind": "question", "key": "q5", "field": "weight",
"value": 3}. Kinds are form, section, question and option (whose `question` is named, too). Keys are given once and
never change: past evaluations are matched by them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

Content = Mapping[str, Any]
Step = Mapping[str, Any]
PARTS: Final = {"section": "questions", "question": "options"}  # what a kind holds, in order


class DraftError(ValueError):
    """The step can't be done on this content; `what` names the thing that isn't there or isn't meant."""

    def __init__(self, what: str, problem: str) -> None:
        self.what = what
        super().__init__(f"{what} {problem}")


class Missing(DraftError):
    """What the step is about isn't there, or not any more."""


def apply(content: Content, step: Step) -> tuple[dict[str, Any], dict[str, Any]]:
    """The content after the step, and the step that restores it exactly. Raises DraftError; changes nothing given."""
    made = deepcopy(dict(content))
    do = _DOING.get(str(step.get("do")))
    if do is None:
        raise DraftError(str(step.get("do")), "is nothing that can be done to a scorecard")
    return made, do(made, step)


def keys_in(value: Any) -> Iterator[str]:
    """Every key that sections, questions and options in this JSON bear, also inside steps."""
    if isinstance(value, Mapping):
        if isinstance(value.get("key"), str):
            yield value["key"]
        for inner in value.values():
            yield from keys_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from keys_in(inner)


def fresh_key(letter: str, taken: Iterable[str]) -> str:
    """The next key such as q7: above every number that letter ever had, so that none comes back."""
    numbers = [int(key[len(letter) :]) for key in taken if key.startswith(letter) and key[len(letter) :].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def found(content: Content, kind: str, key: str = "", question: str = "") -> dict[str, Any]:
    """The section, question or option of that key, or the form itself. Raises DraftError."""
    if kind == "form":
        return content  # type: ignore[return-value]  # a caller inside works on its own copy
    row, place = _row(content, kind, key, question)
    return row[place]


def home_of(content: Content, key: str) -> tuple[dict[str, Any], int]:
    """The section a question stands in and its place there, from 0. Raises DraftError."""
    for section in content.get("sections", ()):
        for place, question in enumerate(section.get("questions", ())):
            if question.get("key") == key:
                return section, place
    raise Missing(key, "is no question of this scorecard")


def _row(content: Content, kind: str, key: str, question: str) -> tuple[list[dict[str, Any]], int]:
    """The list that holds it, and its place in it."""
    if kind == "question":
        section, place = home_of(content, key)
        return section["questions"], place
    row = _list(content, kind, question)
    for place, one in enumerate(row):
        if one.get("key") == key:
            return row, place
    raise Missing(key, f"is no {kind} of this scorecard")


def _list(content: Content, kind: str, parent: str, *, make: bool = False) -> list[dict[str, Any]]:
    """The list that things of this kind stand in; `parent` is the section of questions, the question of options.

    One that isn't there is empty; to `make` it is for a caller that works on its own copy.
    """
    if kind not in ("section", "question", "option"):
        raise DraftError(kind, "is no part of a scorecard")
    holder: Content = content
    if kind != "section":
        holder = found(content, "section" if kind == "question" else "question", parent)
    name = "sections" if kind == "section" else PARTS["section" if kind == "question" else "question"]
    row: list[dict[str, Any]] | None = holder.get(name)
    if row is None:
        row = []
        if make:
            holder[name] = row  # type: ignore[index]
    return row


def _set(made: dict[str, Any], step: Step) -> dict[str, Any]:
    target = found(made, step["kind"], step.get("key", ""), step.get("question", ""))
    field = step["field"]
    back = {name: value for name, value in step.items() if name != "value"}
    if field in target:
        back["value"] = target[field]
    if "value" in step:
        target[field] = deepcopy(step["value"])
    else:
        target.pop(field, None)
    return back


def _insert(made: dict[str, Any], step: Step) -> dict[str, Any]:
    row = _list(made, step["kind"], step.get("parent", ""), make=True)
    item = deepcopy(dict(step["item"]))
    row.insert(_within(step["place"], len(row)), item)
    back = {"do": "remove", "kind": step["kind"], "key": item["key"]}
    return back | ({"question": step["parent"]} if step["kind"] == "option" else {})


def _remove(made: dict[str, Any], step: Step) -> dict[str, Any]:
    kind, key = step["kind"], step["key"]
    parent = _parent(made, kind, key, step.get("question", ""))
    row, place = _row(made, kind, key, step.get("question", ""))
    return {"do": "insert", "kind": kind, "parent": parent, "place": place, "item": row.pop(place)}


def _move(made: dict[str, Any], step: Step) -> dict[str, Any]:
    kind, key = step["kind"], step["key"]
    parent = _parent(made, kind, key, step.get("question", ""))
    target = _list(made, kind, step.get("parent", parent), make=True)
    row, place = _row(made, kind, key, step.get("question", ""))
    item = row.pop(place)
    target.insert(_within(step["place"], len(target)), item)
    back = {"do": "move", "kind": kind, "key": key, "parent": parent, "place": place}
    return back | ({"question": parent} if kind == "option" else {})


def _parent(made: dict[str, Any], kind: str, key: str, question: str) -> str:
    return str(home_of(made, key)[0]["key"]) if kind == "question" else question


def _replace(made: dict[str, Any], step: Step) -> dict[str, Any]:
    before = dict(made)
    made.clear()
    made.update(deepcopy(dict(step["content"])))
    return {"do": "replace", "content": before}


def _several(made: dict[str, Any], step: Step) -> dict[str, Any]:
    backs = [_DOING[one["do"]](made, one) for one in step["steps"]]
    return {"do": "several", "steps": backs[::-1]}


def _within(place: int, length: int) -> int:
    return max(0, min(int(place), length))


_DOING: Final[Mapping[str, Callable[[dict[str, Any], Step], dict[str, Any]]]] = {
    "set": _set, "insert": _insert, "remove": _remove, "move": _move, "replace": _replace, "several": _several,
}  # fmt: skip
