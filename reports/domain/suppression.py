"""Small groups are hidden, and so is whatever would give them away by subtraction from the total."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Why = Literal["too_few", "subtraction"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of a total that is shown: `num` of `den`; `hidden` says why it is not to be seen."""

    key: str
    num: float
    den: float
    hidden: Why | None = None


def suppress(cells: Sequence[Cell], n: int) -> list[Cell]:
    """Return the cells, in their order, with those hidden that must not be seen; their numbers stay for the caller.

    The cells add up to a total that is shown. Hidden are those with fewer than `n` (but not empty ones), then
    the smallest others until what is hidden holds at least two cells and `n` people, so that total less shown
    says nothing about fewer. Where too few people are left for that, all go, and the total must too
    (`total_hidden`). Raises ValueError if n is below 1 or a cell has a negative number.
    """
    if n < 1:
        raise ValueError(f"n {n} is below 1")
    for cell in cells:
        if cell.den < 0 or cell.num < 0:
            raise ValueError(f"{cell.key}: {cell.num} of {cell.den} is below 0")
    found: dict[int, Why] = {i: "too_few" for i, cell in enumerate(cells) if 0 < cell.den < n}
    others = sorted((i for i, cell in enumerate(cells) if cell.den >= n), key=lambda i: (cells[i].den, cells[i].key))
    while found and others and (len(found) < 2 or sum(cells[i].den for i in found) < n):
        found[others.pop(0)] = "subtraction"
    return [replace(cell, hidden=found.get(i)) for i, cell in enumerate(cells)]


def total_hidden(cells: Sequence[Cell], n: int) -> bool:
    """Say whether the total itself, or what total less shown leaves, would speak of fewer than `n` people."""
    left = [cell.den for cell in suppress(cells, n) if cell.hidden]
    return 0 < sum(cell.den for cell in cells) < n or len(left) == 1 or 0 < sum(left) < n
