"""Two people at one draft: which of their steps meet, and what a person is asked about then."""

from collections.abc import Iterable, Mapping
from typing import Any

from qa.domain.drafting import Step

WHOLE = "*"


def touched(step: Step, back: Step) -> set[str]:
    """Names of what a step changes: "question:q5.weight", "question:q5" as a whole, "question:q5@" its place.

    `back` is the step that takes it back; it holds what a removal took.
    """
    do = step["do"]
    if do == "several":
        backs = reversed(back["steps"])
        return {name for one, its in zip(step["steps"], backs, strict=True) for name in touched(one, its)}
    if do == "replace":
        return {WHOLE}
    if do == "insert":
        return set()  # nobody else can mean what is only now made
    name = _name(step)
    if do == "set":
        return {f"{name}.{step['field']}"}
    if do == "move":
        return {f"{name}@"}
    inside = back["item"].get("questions", ()) if step["kind"] == "section" else ()
    return {name, *(f"question:{one['key']}" for one in inside)}


def meeting(mine: Iterable[str], theirs: Iterable[str]) -> set[str]:
    """Which of my names are changed by theirs: the same field or place, or one is a part of the other."""
    other = set(theirs)
    return {name for name in mine if any(_meets(name, one) for one in other)}


def _meets(a: str, b: str) -> bool:
    return WHOLE in (a, b) or a == b or _inside(a, b) or _inside(b, a)


def _inside(part: str, whole: str) -> bool:
    return part.startswith((f"{whole}.", f"{whole}/", f"{whole}@"))


def _name(step: Mapping[str, Any]) -> str:
    if step["kind"] == "form":
        return "form"
    if step["kind"] == "option":
        return f"question:{step['question']}/option:{step['key']}"
    return f"{step['kind']}:{step['key']}"
