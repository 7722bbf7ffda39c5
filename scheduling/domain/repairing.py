"""Mending a roster people were told of: who is absent is missing, and every change to somebody's week has its price.

The rosters of everybody stand as facts. A fact that changes costs what its notice is worth, in the same units as
missing people, so the search of `rostering` finds the repair; whatever doesn't win more than its price stays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scheduling.domain.rostering import Option, Person, Problem, Roster, Wish
from scheduling.domain.rostering.checking import violations
from scheduling.domain.rostering.problem import Held
from scheduling.domain.rostering.search import Tell, solve

UNDER: Final = 10  # what a missing person costs in a step, as in `Step`
STEPS_AN_HOUR: Final = 4


@dataclass(frozen=True, slots=True)
class Prices:
    """What a change must win, in missing agent hours: with full notice, and of what begins before `notice_until`.

    `notice_until` is in minutes from the problem's beginning.
    """

    change: float
    short_notice: float
    notice_until: int

    def of(self, option: Option) -> int:
        """The price of taking this shift from somebody or giving it to them, in the problem's units."""
        hours = self.short_notice if option.start < self.notice_until else self.change
        return round(hours * STEPS_AN_HOUR * UNDER)


@dataclass(frozen=True, slots=True)
class Changed:
    """One person's day that is another one: options by number, None for no shift."""

    person: int
    day: int
    before: int | None
    after: int | None


def repair(
    problem: Problem,
    told: Sequence[Held],
    prices: Prices,
    *,
    seconds: float | None = None,
    effort: float | None = None,
    seed: int = 1,
    workers: int = 2,
    tell: Tell | None = None,
    stop: Callable[[], bool] | None = None,
) -> Roster:
    """The cheapest roster beside what people were `told`: cover, and the price of each change.

    `told` keeps everybody's rules, days off of who is absent among them; ValueError with the first that is broken.
    Returned is a roster of the problem with facts priced; it never costs more than leaving everything as it is.
    """
    broken = violations(problem, told)
    if broken:
        raise ValueError(f"told: {broken[0].person} breaks {broken[0].rule} on day {broken[0].day}.")
    priced = with_facts(problem, told, prices)
    return solve(
        priced, seconds=seconds, effort=effort, seed=seed, workers=workers, start=told, tell=tell, stop=stop
    )  # fmt: skip


def with_facts(problem: Problem, told: Sequence[Held], prices: Prices) -> Problem:
    """The problem in which every change of what people were told costs its price."""
    people = [
        replace(person, wishes=(*person.wishes, *_facts(problem, person, held, prices)))
        for person, held in zip(problem.people, told, strict=True)
    ]
    return replace(problem, people=tuple(people))


def _facts(problem: Problem, person: Person, held: Held, prices: Prices) -> Iterator[Wish]:
    """A shift held is wished for, and no shift at all is wished for where there is none."""
    mine = {problem.options[index].day: index for index in held}
    for day, those in problem.by_day.items():
        if day in mine:
            option = problem.options[mine[day]]
            yield Wish(day, option.key, prices.of(option), on=True)
        elif day not in person.days_off:
            for index in those:
                option = problem.options[index]
                if price := prices.of(option):
                    yield Wish(day, option.key, price, on=False)


def changed(problem: Problem, before: Sequence[Held], after: Sequence[Held]) -> list[Changed]:
    """Each day of each person that is not as before, by person and day."""
    found = []
    for number, (was, now) in enumerate(zip(before, after, strict=True)):
        days = (
            {problem.options[index].day: index for index in was},
            {problem.options[index].day: index for index in now},
        )
        for day in sorted({*days[0], *days[1]}):
            if days[0].get(day) != days[1].get(day):
                found.append(Changed(number, day, days[0].get(day), days[1].get(day)))
    return found
