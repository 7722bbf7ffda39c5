"""Which rows are about one person, and what erasing that person does to each. From declarations alone, no database.

A model says by which references its rows are about a subject (`about`), nearest first; the references are followed
until they end at the subject's own row. Where the first is empty, the next is asked: an interaction without a customer
is about its case's. A model without any way is found by its words alone, or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Action = Literal["keep", "anonymise", "delete"]
# What goes first is what others don't need to be found by; a plan is told in this order.
ORDER: Final[dict[str, int]] = {"delete": 0, "anonymise": 1, "keep": 2}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a model says of itself. `links` are its references by name, with the label each leads to."""

    label: str
    action: Action
    about: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    is_subject: bool = False
    by_words: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A lookup that ends at the subject's row; it holds where every lookup in `unless` is empty."""

    path: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One model's part: how its rows are found, and what becomes of them."""

    label: str
    action: Action
    ways: tuple[Way, ...]
    by_words: bool


class NoWay(ValueError):
    """A reference that leads nowhere, or in a circle."""


def plan(models: Sequence[Declared]) -> tuple[Step, ...]:
    """Every model with rows about the subject. NoWay for a reference that never ends at one."""
    known = {model.label: model for model in models}
    steps = [
        Step(model.label, model.action, ways, model.by_words)
        for model in models
        if (ways := ways_of(model.label, known)) or model.by_words
    ]
    return tuple(sorted(steps, key=lambda step: (ORDER[step.action], step.label)))


def ways_of(label: str, known: Mapping[str, Declared], seen: tuple[str, ...] = ()) -> tuple[Way, ...]:
    """The ways from a model's rows to the subject, the nearest first; the subject's own row is `pk`."""
    model = known.get(label)
    if model is None or label in seen:
        raise NoWay(f"{' → '.join((*seen, label))} does not end at a subject. Declare another way in `about`.")
    if model.is_subject:
        return (Way("pk"),)
    found: list[Way] = []
    before: tuple[str, ...] = ()
    for name in model.about:
        if name not in model.links:
            raise NoWay(f"{label} has no reference {name!r}. Correct its `about`.")
        for way in ways_of(model.links[name], known, (*seen, label)):
            joined = tuple(join(name, one) for one in way.unless)
            found.append(Way(join(name, way.path), (*before, *joined)))
        before = (*before, name)
    return tuple(found)


def join(name: str, path: str) -> str:
    """`customer` and `pk` is `customer`: a reference is its own end."""
    return name if path == "pk" else f"{name}__{path}"


def unreachable(models: Sequence[Declared], personal: frozenset[str]) -> list[str]:
    """Personal models that no erasure finds: no subject, no way and no words. Each is told with its remedy."""
    known = {model.label: model for model in models}
    return [
        f"{label} holds facts about a person and says no way to whom. Give its data class `customer`, `person` or "
        "`by_words`."
        for label in sorted(personal)
        if not (known[label].by_words or ways_of(label, known))
    ]
