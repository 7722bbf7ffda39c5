"""What a roster is made for: shifts to choose from, people with their rules, and the cover that is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Held = tuple[int, ...]  # the options one person works, by their number, in the order of their days


@dataclass(frozen=True, slots=True)
class Option:
    """A shift somebody may work: its kind, its day, where it lies, its paid minutes, the steps it serves."""

    key: str
    day: int
    start: int
    end: int
    paid: int
    steps: tuple[int, ...]
    skill: str = ""  # what it takes to work it; nothing when empty


@dataclass(frozen=True, slots=True)
class Step:
    """One count of people that is asked for: how many, and what each one missing or too many costs."""

    need: int
    under: int = 10
    over: int = 1

    def cost(self, count: int) -> int:
        return self.under * (self.need - count) if count < self.need else self.over * (count - self.need)


@dataclass(frozen=True, slots=True)
class Wish:
    """To work a kind of shift on a day, or not to; `weight` is what it costs when it isn't so."""

    day: int
    kind: str
    weight: int
    on: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be rostered, and the rules that are kept whatever the cost. None is no limit.

    `busy` is time taken elsewhere, with rest owed on both sides of it. Runs are of consecutive days; one that touches
    the problem's first or last day may have begun before or go on after it, so it is never too short.
    """

    key: str
    skills: frozenset[str] = frozenset()
    kinds: frozenset[str] | None = None  # the shifts they may work
    busy: tuple[tuple[int, int], ...] = ()
    days_off: frozenset[int] = frozenset()
    min_minutes: int = 0
    max_minutes: int | None = None
    max_days: int | None = None
    most_of: tuple[tuple[str, int], ...] = ()  # at most so many of a kind
    max_run: int | None = None  # days of work in a row
    min_run: int = 1
    min_free: int = 1  # days off in a row
    max_weekends: int | None = None  # weekends with work
    wishes: tuple[Wish, ...] = ()

    @property
    def alike(self) -> tuple[object, ...]:
        """Equal for people who could stand in for each other."""
        return (
            self.skills, self.kinds, self.busy, self.days_off, self.min_minutes, self.max_minutes, self.max_days,
            self.most_of, self.max_run, self.min_run, self.min_free, self.max_weekends, self.wishes,
        )  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """Steps to be covered, people, and options. `rest` is in minutes between two shifts of a person.

    `never_after` names kinds of shift that no person works on the day after another: (before, after).
    """

    steps: tuple[Step, ...]
    options: tuple[Option, ...]
    people: tuple[Person, ...]
    rest: int = 0
    never_after: frozenset[tuple[str, str]] = frozenset()
    weekends: tuple[tuple[int, ...], ...] = ()
    days: int = 7

    @cached_property
    def span(self) -> range:
        """All days that have a shift, and those of the horizon."""
        found = [option.day for option in self.options]
        return range(min([0, *found]), max([self.days - 1, *found]) + 1)

    @cached_property
    def by_day(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {day: [] for day in self.span}
        for index, option in enumerate(self.options):
            found[option.day].append(index)
        return found

    @cached_property
    def clashes(self) -> tuple[frozenset[int], ...]:
        """For each option, those that nobody works who works it."""
        found: list[set[int]] = [set() for _ in self.options]
        by_start = sorted(range(len(self.options)), key=lambda index: self.options[index].start)
        reach = max([3 * 1440, *(option.end - option.start + self.rest for option in self.options)])
        for place, one in enumerate(by_start):
            for other in by_start[place + 1 :]:
                if self.options[other].start - self.options[one].start > reach:
                    break
                if self._clash(self.options[one], self.options[other]):
                    found[one].add(other)
                    found[other].add(one)
        return tuple(frozenset(those) for those in found)

    def _clash(self, one: Option, other: Option) -> bool:
        if one.day == other.day or apart(one.start, one.end, other.start, other.end) < self.rest:
            return True
        before, after = sorted((one, other), key=lambda option: option.day)
        return after.day == before.day + 1 and (before.key, after.key) in self.never_after

    @cached_property
    def chained(self) -> bool:
        """Whether shifts clash on one day or on two that follow each other, and on no others."""
        return all(
            abs(self.options[index].day - self.options[other].day) <= 1
            for index, those in enumerate(self.clashes)
            for other in those
        )

    @cached_property
    def choices(self) -> tuple[tuple[int, ...], ...]:
        """For each person, the options they may take at all."""
        return tuple(tuple(self._allowed(person)) for person in self.people)

    def _allowed(self, person: Person) -> Iterator[int]:
        for index, option in enumerate(self.options):
            if may_work(person, option) and not any(
                apart(option.start, option.end, *taken) < self.rest for taken in person.busy
            ):
                yield index

    @cached_property
    def wished(self) -> tuple[dict[int, int], ...]:
        """For each person, what taking an option adds to the cost; below zero where it was asked for."""
        return tuple(self._wished(number) for number in range(len(self.people)))

    def _wished(self, number: int) -> dict[int, int]:
        weights: dict[tuple[int, str], int] = {}
        for wish in self.people[number].wishes:
            place = (wish.day, wish.kind)
            weights[place] = weights.get(place, 0) + (-wish.weight if wish.on else wish.weight)
        found = {}
        for index in self.choices[number]:
            option = self.options[index]
            if weight := weights.get((option.day, option.key)):
                found[index] = weight
        return found

    @cached_property
    def asked(self) -> int:
        """The cost of wishes when nobody works at all."""
        return sum(wish.weight for person in self.people for wish in person.wishes if wish.on)


def may_work(person: Person, option: Option) -> bool:
    """Skill, kind of shift, days off and the length of a shift; time taken elsewhere is another matter."""
    return (
        (not option.skill or option.skill in person.skills)
        and (person.kinds is None or option.key in person.kinds)
        and option.day not in person.days_off
        and (person.max_minutes is None or option.paid <= person.max_minutes)
        and person.max_run != 0
    )


def apart(start: int, end: int, other_start: int, other_end: int) -> int:
    """Minutes between two stretches; below zero where they overlap."""
    return max(other_start - end, start - other_end)
