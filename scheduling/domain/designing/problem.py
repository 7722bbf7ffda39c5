"""What shifts are designed for: agents in each step of a week, and the kinds of shift there are to choose from.

Times are minutes; starts are counted from the week's beginning, breaks from their shift's start.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Break:
    """A break that each shift of a kind has once: its length, and the first and last minute it may begin."""

    name: str
    minutes: int
    earliest: int
    latest: int
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of shift. Its breaks come in this order, at least `between` minutes of work apart.

    `stretch` is the most minutes of work without a break, None for no limit. `cost` is that of one shift; None takes
    its paid minutes.
    """

    key: str
    minutes: int
    starts: tuple[int, ...]
    breaks: tuple[Break, ...] = ()
    between: int = 0
    stretch: int | None = None
    cost: int | None = None

    @property
    def paid(self) -> int:
        return self.minutes - sum(one.minutes for one in self.breaks if not one.paid)

    @property
    def price(self) -> int:
        return self.paid if self.cost is None else self.cost


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One shift: its kind by number, its start, and when each of its breaks begins."""

    kind: int
    start: int
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Agents asked for in each step of `step` minutes, and the kinds of shift.

    `wraps`: the week repeats, so what reaches past its end serves its beginning. Otherwise that serves nobody here.
    `short`: what one agent missing in one step costs; None lets nobody be missing. A step that no shift can serve is
    left out of it, see `unreachable`. ValueError names what can't be meant.
    """

    required: tuple[int, ...]
    kinds: tuple[Kind, ...]
    step: int = 15
    wraps: bool = False
    short: int | None = None

    def __post_init__(self) -> None:
        if any(need < 0 for need in self.required):
            raise ValueError("required: below zero.")
        if self.short is not None and self.short < 1:
            raise ValueError("short: must be at least 1.")
        for kind in self.kinds:
            _check(kind, self.step, len(self.required) * self.step, self.wraps)

    @cached_property
    def places(self) -> tuple[list[list[int]], ...]:
        """For each kind and each of its breaks, the minutes it may begin at."""
        return tuple(_windows(kind, self.step) for kind in self.kinds)

    @cached_property
    def served(self) -> tuple[frozenset[int], ...]:
        """For each kind, the steps from its start that some arrangement of its breaks leaves to service."""
        found = []
        for kind in self.kinds:
            every = kind.minutes // self.step
            left = set(range(every))
            for breaks in arrangements(kind, self.step):
                left &= _broken(kind, breaks, self.step)
                if not left:
                    break
            found.append(frozenset(range(every)) - left)
        return tuple(found)

    def at(self, start: int, offset: int) -> int | None:
        """The number of the step that lies `offset` steps after a start; None outside the week."""
        step = start // self.step + offset
        if self.wraps:
            return step % len(self.required)
        return step if step < len(self.required) else None

    @cached_property
    def reachable(self) -> frozenset[int]:
        """The steps that some shift can serve."""
        found = {
            self.at(start, offset)
            for kind, those in zip(self.kinds, self.served, strict=True)
            for start in kind.starts
            for offset in those
        }
        return frozenset(step for step in found if step is not None)

    @cached_property
    def unreachable(self) -> tuple[int, ...]:
        """Steps that ask for agents and that no shift can serve."""
        return tuple(step for step, need in enumerate(self.required) if need and step not in self.reachable)

    @cached_property
    def need(self) -> tuple[int, ...]:
        """Agents asked for where a shift can serve."""
        return tuple(need if step in self.reachable else 0 for step, need in enumerate(self.required))

    @cached_property
    def unit(self) -> int:
        """What every cost is a multiple of."""
        return math.gcd(*(kind.price for kind in self.kinds), self.short or 0) or 1


def follows(kind: Kind, number: int, before: int, at: int) -> bool:
    """Whether break `number` may begin at `at` where the one before it began at `before`."""
    work = at - before - kind.breaks[number - 1].minutes
    return kind.between <= work and (kind.stretch is None or work <= kind.stretch)


def arrangements(kind: Kind, step: int) -> Iterator[tuple[int, ...]]:
    """Every way to place a kind's breaks."""
    windows = _windows(kind, step)

    def after(placed: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        number = len(placed)
        if number == len(windows):
            yield placed
            return
        for at in windows[number]:
            if not number or follows(kind, number, placed[-1], at):
                yield from after((*placed, at))

    return after(())


def _windows(kind: Kind, step: int) -> list[list[int]]:
    """Where each break may begin, without the places that no arrangement has."""
    found = []
    for number, one in enumerate(kind.breaks):
        at = range(-(-one.earliest // step) * step, one.latest + 1, step)
        if kind.stretch is not None:
            first = kind.stretch if number == 0 else one.latest
            last = kind.minutes - kind.stretch - one.minutes if number == len(kind.breaks) - 1 else 0
            at = range(max(at.start, -(-last // step) * step), min(one.latest, first) + 1, step)
        found.append(list(at))
    for number in range(1, len(found)):
        found[number] = [at for at in found[number] if any(follows(kind, number, on, at) for on in found[number - 1])]
    for number in range(len(found) - 1, 0, -1):
        found[number - 1] = [
            on for on in found[number - 1] if any(follows(kind, number, on, at) for at in found[number])
        ]
    return found


def _broken(kind: Kind, breaks: tuple[int, ...], step: int) -> set[int]:
    return {
        offset
        for one, at in zip(kind.breaks, breaks, strict=True)
        for offset in range(at // step, -(-(at + one.minutes) // step))
    }


def _check(kind: Kind, step: int, whole: int, wraps: bool) -> None:
    wrong = _wrong_shift(kind, step, whole, wraps) or _wrong_breaks(kind, step)
    if wrong:
        raise ValueError(f"{kind.key}: {wrong}.")


def _wrong_shift(kind: Kind, step: int, whole: int, wraps: bool) -> str:
    if kind.minutes < step or (wraps and kind.minutes > whole):
        return "a shift lasts at least a step, and no longer than the week"
    if any(start % step or not 0 <= start < whole for start in kind.starts) or len({*kind.starts}) < len(kind.starts):
        return "starts are steps of the week, each once"
    return "" if kind.price > 0 else "a shift costs at least 1"


def _wrong_breaks(kind: Kind, step: int) -> str:
    for one in kind.breaks:
        if one.minutes < 1 or one.earliest < 0 or one.latest + one.minutes > kind.minutes:
            return f"the {one.name} must lie within the shift"
    if not kind.breaks and kind.stretch is not None and kind.minutes > kind.stretch:
        return "longer than may be worked without a break"
    if next(arrangements(kind, step), None) is None:
        return "its breaks can’t be placed by their windows and the work between them"
    return ""
