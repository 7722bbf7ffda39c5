"""Shifts with breaks for a week of quarter hours: their cost beside the bound of the linear program, and plain CP-SAT.

`SECONDS` is the time of each; what either makes is counted again by code that shares nothing with it.
"""

import os
import time
from typing import Final

from bench.lines import say
from bench.shift_weeks import made, smooth
from scheduling.domain.designing import Problem, Shift, checking, solve
from scheduling.domain.designing.rows import Rows
from scheduling.domain.rostering.budget import Budget

WORKERS: Final = 2
USUAL: Final = 120.0  # seconds
NEAR: Final = 1.02  # of the linear program's bound


def main() -> None:
    seconds = float(os.environ.get("SECONDS", USUAL))
    for name, problem in (("a week of two humps a day", made()), ("a smooth week", smooth())):
        _compared(name, problem, seconds)


def _compared(name: str, problem: Problem, seconds: float) -> None:
    found = solve(problem, seconds=seconds, workers=WORKERS)
    objective = _counted(name, problem, found.shifts)
    if objective != found.objective or found.lp is None:
        raise SystemExit(f"{name}: cost {objective} and not {found.objective}, bound {found.lp}")
    facts = {
        "seconds": round(found.seconds, 1),
        "status": found.status,
        "bound": found.bound / 60,
        "shifts": len(found.shifts),
        "required": sum(problem.required) * problem.step / 60,
    }
    say(f"shifts of {name}", objective / 60, "agent-hours", "the linear program's bound", found.lp / 60, NEAR, **facts)
    plain, took = _plain(name, problem, seconds)
    say(f"shifts of {name}", objective / 60, "agent-hours", f"plain CP-SAT, {took:.0f} s", plain / 60, 1.0)


def _counted(name: str, problem: Problem, shifts: tuple[Shift, ...]) -> int:
    broken, short = checking.faults(problem, shifts), sum(checking.missing(problem, shifts))
    if broken or short:
        raise SystemExit(f"{name}: {len(broken)} breaks or starts are wrong, {short} quarter hours are not covered")
    return checking.cost(problem, shifts)


def _plain(name: str, problem: Problem, seconds: float) -> tuple[int, float]:
    """The same model of the whole week put to CP-SAT at once, without a hint."""
    started = time.monotonic()
    places = [(number, at) for number, kind in enumerate(problem.kinds) for at in kind.starts]
    rows = Rows(problem, places, problem.need)
    model, counts = rows.exact(None)
    solver, _status = Budget(seconds=seconds, workers=WORKERS).solve(model, seconds, seed=1)
    shifts = tuple(rows.shifts(lambda one: solver.value(counts[one])))
    return _counted(name, problem, shifts), time.monotonic() - started
