"""Rosters: cost beside the bound that is proven in the same run, and beside plain CP-SAT on the same model.

`ROSTERS=path` runs an instance, or every instance in a folder, in either format of `solve_roster`; `TIMES=3` takes
everybody of them three times over. `SECONDS` is the time of each. Where `KNOWN` (JSON: the best published cost by the
name of the file) has an instance, that is what it is judged by, `WITHIN` so many times of it, and the bound is told.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from bench.lines import say
from bench.roster_weeks import made, times
from scheduling.domain.rostering import Problem
from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.checking import cost, violations
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.instances import read
from scheduling.domain.rostering.model import Part
from scheduling.domain.rostering.problem import Held
from scheduling.domain.rostering.search import solve

WORKERS = 2
USUAL, LONG, FIVE_MINUTES = 30.0, 290.0, 300.0  # seconds; what is around a search takes some, too
NEAR = 1.02  # of the bound


def main() -> None:
    seconds = float(os.environ.get("SECONDS", USUAL))
    asked = os.environ.get("ROSTERS")
    for name, problem in _read(Path(asked)) if asked else _weeks():
        _compared(name, problem, seconds)
    if not asked:
        _large()


def _read(asked: Path) -> Iterator[tuple[str, Problem]]:
    factor = int(os.environ.get("TIMES", "1"))
    for path in sorted(asked.iterdir()) if asked.is_dir() else [asked]:
        problem = read(path.read_text("utf-8"))
        yield (path.stem, problem) if factor == 1 else (f"{path.stem} taken {factor} times", times(problem, factor))


def _weeks() -> Iterator[tuple[str, Problem]]:
    week = made(agents=100)
    yield "a week of 100 agents", week
    yield "the same week three times over", times(week, 3)


def _compared(name: str, problem: Problem, seconds: float) -> None:
    """Both in the same time, and whatever either says counted again."""
    found = solve(problem, seconds=seconds, workers=WORKERS)
    broken, objective = len(violations(problem, found.held)), cost(problem, found.held)
    facts = {
        "seconds": round(found.seconds, 1),
        "status": found.status,
        "violations": broken,
        "people": len(problem.people),
    }
    if broken or objective != found.objective:
        raise SystemExit(f"{name}: {broken} rules broken, cost {objective} and not {found.objective}")
    known = json.loads(os.environ.get("KNOWN", "{}")).get(name)
    near = NEAR if known is None else None
    say(f"roster of {name}", objective, "cost", "the bound proven in the same run", found.bound, near, **facts)
    if known is not None:
        say(f"roster of {name}", objective, "cost", "best published", known, float(os.environ.get("WITHIN", NEAR)))
    plain, bound = _plain(problem, seconds)
    say(f"roster of {name}", objective, "cost", f"plain CP-SAT, {seconds:g} s", plain, 1.0, bound=bound)


def _plain(problem: Problem, seconds: float) -> tuple[int, int]:
    """The exact model of everybody at once, without a hint; where it finds nothing, nobody works."""
    nobody: list[Held] = [()] * len(problem.people)
    part = Part(problem, Cover(problem), nobody, dict.fromkeys(range(len(nobody))))
    rosters, bound, _ = part.solve(Budget(seconds=seconds, workers=WORKERS), seconds, seed=1)
    return cost(problem, nobody if rosters is None else rosters), max(round(bound), 0)


def _large() -> None:
    """Four weeks of 500 agents: a roster that keeps the rules, and how good it is."""
    problem = made(agents=500, weeks=4)
    started = time.monotonic()
    found = solve(problem, seconds=float(os.environ.get("SECONDS", LONG)), workers=WORKERS)
    took = time.monotonic() - started
    broken = len(violations(problem, found.held))
    if broken or found.status == "conflict":
        raise SystemExit(f"500 agents: {broken} rules broken")
    say("roster of 500 agents for 4 weeks", took, "s", "five minutes", FIVE_MINUTES, 1.0, violations=broken)
    say(
        "roster of 500 agents for 4 weeks",
        found.objective,
        "cost",
        "the bound proven in the same run",
        found.bound,
        None,
    )
