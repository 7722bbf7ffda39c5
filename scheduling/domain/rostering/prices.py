"""What each rule costs: the same week rostered without it, beginning from the roster that keeps it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scheduling.domain.rostering.outcome import Roster
from scheduling.domain.rostering.problem import Held, Person, Problem
from scheduling.domain.rostering.search import solve

Ease = Callable[[Person], Person]


@dataclass(frozen=True, slots=True)
class Price:
    """A rule and the best roster found without it. `limit` is its figure, the loosest where people differ.

    `saved` is what that roster costs less, in the problem's units. It is the price itself if both are `proven`;
    a roster further from the best may hide or add some of it.
    """

    rule: str  # rest | max_minutes | max_days | busy | days_off
    limit: int | None
    saved: int
    proven: bool
    held: tuple[Held, ...]


def prices(
    problem: Problem,
    roster: Roster,
    *,
    seconds: float | None = None,
    effort: float | None = None,
    seed: int = 1,
    workers: int = 2,
    stop: Callable[[], bool] | None = None,
) -> list[Price]:
    """The price of every rule there is, dearest first. Time is shared between them; what was stopped is left out.

    A rule is let go for everybody at once: one person's is hardly ever what a week is short of.
    """
    eased = list(without_each(problem))
    found = []
    for rule, limit, trial in eased:
        if stop is not None and stop():
            break
        best = solve(
            trial, seconds=_share(seconds, len(eased)), effort=_share(effort, len(eased)), seed=seed, workers=workers,
            start=roster.held, stop=stop,
        )  # fmt: skip
        proven = best.bound >= best.objective and roster.bound >= roster.objective
        found.append(Price(rule, limit, roster.objective - best.objective, proven, best.held))
    return sorted(found, key=lambda one: -one.saved)


def _share(whole: float | None, parts: int) -> float | None:
    return None if whole is None else whole / parts


def without_each(problem: Problem) -> Iterator[tuple[str, int | None, Problem]]:
    """Each rule that anybody has, its figure, and the problem without it."""
    if problem.rest:
        yield "rest", problem.rest, replace(problem, rest=0)
    for rule in ("max_minutes", "max_days"):
        limits = [limit for one in problem.people if (limit := getattr(one, rule)) is not None]
        if limits:
            yield rule, max(limits), _eased(problem, LIMITS[rule])
    if any(one.busy for one in problem.people):
        yield "busy", None, _eased(problem, LIMITS["busy"])
    if any(one.days_off & set(range(problem.days)) for one in problem.people):
        yield "days_off", None, _eased(problem, LIMITS["days_off"])


LIMITS: Final[dict[str, Ease]] = {
    "max_minutes": lambda person: replace(person, max_minutes=None),
    "max_days": lambda person: replace(person, max_days=None),
    "busy": lambda person: replace(person, busy=()),
    "days_off": lambda person: replace(person, days_off=frozenset()),
}


def _eased(problem: Problem, ease: Ease) -> Problem:
    return replace(problem, people=tuple(map(ease, problem.people)))


def missing(problem: Problem, rosters: Sequence[Held]) -> list[int]:
    """People missing in each step."""
    there = [0] * len(problem.steps)
    for held in rosters:
        for index in held:
            for step in problem.options[index].steps:
                there[step] += 1
    return [max(step.need - count, 0) for step, count in zip(problem.steps, there, strict=True)]
