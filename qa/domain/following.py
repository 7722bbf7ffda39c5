"""Taking a newer version of a template into a scorecard that has gone its own way since: what only one side changed
is taken from that side, what both changed stays as it is here and is named."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Followed:
    """The content, and the keys of sections and questions that both sides changed; "" is the form itself."""

    content: dict[str, Any]
    kept: tuple[str, ...] = ()


def follow(old: Content, new: Content, mine: Content) -> Followed:
    """`mine` brought from the template's version `old` to `new`, matched by keys.

    A place is a side like any other: who alone moved something is followed, and of two who did we are.
    """
    kept: list[str] = []
    before, after, own = _questions(old), _questions(new), _questions(mine)
    taken = []
    for key in _order(before, after, own):
        question = _chosen(key, [_of(side, key) for side in (before, after, own)], kept)
        if question is not None:
            taken.append((_home(key, before, after, own), question))
    shells = [{one["key"]: _shell(one) for one in side.get("sections") or []} for side in (old, new, mine)]
    needed = {home for home, question in taken if question["key"] in own}
    sections: dict[str, dict[str, Any]] = {}
    for key in _order(*shells):
        shell = _chosen(key, [side.get(key) for side in shells], kept)
        if shell is None and key in needed:  # taken away by the template, but a question of ours is in it
            shell = shells[2][key]
            kept.append(key)
        if shell is not None:
            sections[key] = {**shell, "questions": []}
    for home, question in taken:
        if home in sections:
            sections[home]["questions"].append(question)
        else:
            kept.append(question["key"])  # new in a section that we have taken away
    form = _chosen("", [_shell(side, "sections") for side in (old, new, mine)], kept) or {}
    return Followed({**form, "sections": list(sections.values())}, tuple(dict.fromkeys(kept)))


def _order(old: Iterable[str], new: Iterable[str], mine: Iterable[str]) -> list[str]:
    """The keys of both sides: in our order if we changed it, else in the template's."""
    first, then, ours = list(old), list(new), list(mine)
    changed = [key for key in first if key in ours] != [key for key in ours if key in first]
    order, other = (ours, then) if changed else (then, ours)
    forerunner = ""
    for key in other:
        if key not in order:
            order.insert(order.index(forerunner) + 1 if forerunner else 0, key)
        forerunner = key
    return order


def _home(key: str, *sides: Mapping[str, tuple[str, Any]]) -> str:
    """The section a question goes into: where we put it if we moved or made it, else where the template has it."""
    old, new, mine = (side[key][0] if key in side else None for side in sides)
    return next(home for home in ((mine, new) if mine != old else (new, mine)) if home is not None)


def _chosen(key: str, sides: Sequence[Mapping[str, Any] | None], kept: list[str]) -> dict[str, Any] | None:
    """The side that changed of (old, new, mine); mine where both did, and then the key is kept in mind."""
    old, new, mine = sides
    if mine not in (old, new) and new != old:
        kept.append(key)
    taken = new if mine in (old, new) else mine
    return None if taken is None else deepcopy(dict(taken))


def _questions(content: Content) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Question by key, with the section it stands in."""
    return {
        question["key"]: (section["key"], question)
        for section in content.get("sections") or []
        for question in section.get("questions") or []
    }


def _of(side: Mapping[str, tuple[str, Mapping[str, Any]]], key: str) -> Mapping[str, Any] | None:
    return side[key][1] if key in side else None


def _shell(one: Mapping[str, Any] | None, inner: str = "questions") -> dict[str, Any] | None:
    return None if one is None else {name: value for name, value in one.items() if name != inner}
