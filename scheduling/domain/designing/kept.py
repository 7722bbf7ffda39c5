"""Problems and shifts as they are kept in JSON. Whatever has another shape raises ValueError."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from scheduling.domain.designing.checking import faults
from scheduling.domain.designing.problem import Break, Kind, Problem, Shift


def problem_as_json(problem: Problem) -> dict[str, Any]:
    return {
        "required": list(problem.required),
        "kinds": [asdict(kind) for kind in problem.kinds],
        "step": problem.step,
        "wraps": problem.wraps,
        "short": problem.short,
    }


def problem_of(kept: dict[str, Any]) -> Problem:
    """The same again."""
    try:
        kinds = tuple(
            Kind(**{**kind, "starts": tuple(kind["starts"]), "breaks": tuple(Break(**one) for one in kind["breaks"])})
            for kind in kept["kinds"]
        )
        return Problem(tuple(kept["required"]), kinds, kept["step"], kept["wraps"], kept["short"])
    except (TypeError, KeyError) as error:
        raise ValueError(f"problem: {error!r}") from error


def shifts_as_json(shifts: Iterable[Shift]) -> list[list[Any]]:
    """Alike ones once, with how many there are: [kind, start, [when breaks begin], count]."""
    return [[one.kind, one.start, list(one.breaks), count] for one, count in sorted(Counter(shifts).items())]


def shifts_of(problem: Problem, kept: Any) -> list[Shift]:
    """The same again; a shift that is none of the problem's raises."""
    try:
        found = [Shift(kind, start, tuple(breaks)) for kind, start, breaks, count in kept for _ in range(count)]
        wrong = faults(problem, set(found))
    except (TypeError, IndexError) as error:
        raise ValueError(f"shifts: {error!r}") from error
    if wrong:
        raise ValueError(f"shifts: {wrong[0].what} of {wrong[0].shift}")
    return found
