"""Moving breaks a little, so that colleagues on the same shift don't all leave at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduling.domain.shifts import Pause

STEP = 15  # minutes
REACH = 3  # steps a break may move either way


@dataclass(frozen=True, slots=True)
class Placed:
    """A shift by minutes from the week's beginning, with its breaks."""

    start: int
    end: int
    pauses: tuple[Pause, ...]


def spread(shifts: Sequence[Placed], required: Sequence[int]) -> list[tuple[Pause, ...]]:
    """New breaks for each shift: each where fewest are missed, in the template's order, up to 45 minutes moved.

    `required` is agents per step of 15 minutes. Breaks keep their length and never touch or leave the shift.
    """
    spare = _spare(shifts, required)
    found = []
    for shift in shifts:
        pauses = list(shift.pauses)
        for number, pause in enumerate(pauses):
            _step(shift, pause, spare, +1)
            best = max(
                _moves(shift, pauses, number),
                key=lambda one: (_worth(shift, one, spare), -abs(one.after - pause.after), -one.after),
            )
            _step(shift, best, spare, -1)
            pauses[number] = best
        found.append(tuple(pauses))
    return found


def _spare(shifts: Sequence[Placed], required: Sequence[int]) -> list[int]:
    """Agents over the requirement in each step, below zero where they are short."""
    spare = [-need for need in required]
    for shift in shifts:
        for step in range(max(shift.start // STEP, 0), min(shift.end // STEP, len(spare))):
            spare[step] += 1
        for pause in shift.pauses:
            _step(shift, pause, spare, -1)
    return spare


def _steps(shift: Placed, pause: Pause, length: int) -> range:
    first = (shift.start + pause.after) // STEP
    return range(max(first, 0), min(first + -(-pause.minutes // STEP), length))


def _step(shift: Placed, pause: Pause, spare: list[int], change: int) -> None:
    for step in _steps(shift, pause, len(spare)):
        spare[step] += change


def _worth(shift: Placed, pause: Pause, spare: list[int]) -> tuple[int, int]:
    """How good a place is: steps in which nobody is missed, then how many are to spare in all."""
    there = [spare[step] for step in _steps(shift, pause, len(spare))]
    return sum(one > 0 for one in there), sum(there)


def _moves(shift: Placed, pauses: Sequence[Pause], number: int) -> list[Pause]:
    """Where this break may go between its neighbours; where it is, at least."""
    pause = pauses[number]
    low, high = room(pauses, number, shift.end - shift.start)
    moved = [pause.after + STEP * by for by in range(-REACH, REACH + 1)]
    return [replace(pause, after=after) for after in moved if low <= after <= high] or [pause]


def room(pauses: Sequence[Pause], number: int, length: int) -> tuple[int, int]:
    """The first and last minute after the start of a shift of `length` minutes that a break may begin.

    It stays between its neighbours, with a step of work before, between and after them.
    """
    low = pauses[number - 1].after + pauses[number - 1].minutes + STEP if number else STEP
    high = pauses[number + 1].after if number + 1 < len(pauses) else length
    return low, high - pauses[number].minutes - STEP
