"""What a search says: a roster with its cost and bound, how it went, and which rules can't be kept together."""

from dataclasses import dataclass

from scheduling.domain.measures import gap_of
from scheduling.domain.rostering.problem import Held


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a person: its name, its figure where it has one, and the day or the minutes it is about."""

    name: str
    limit: int | None = None
    day: int | None = None
    kind: str = ""
    during: tuple[int, int] | None = None

    @property
    def said(self) -> str:
        """The rule in plain words, days numbered from 0."""
        return WORDS[self.name].format(
            limit=self.limit, hours=(self.limit or 0) / 60, day=self.day, kind=self.kind, during=self.during
        )


WORDS = {
    "min_minutes": "at least {hours:g} h",
    "max_minutes": "at most {hours:g} h",
    "max_days": "at most {limit} days",
    "max_run": "at most {limit} days in a row",
    "min_run": "at least {limit} days in a row",
    "min_free": "at least {limit} days off in a row",
    "max_weekends": "at most {limit} weekends",
    "day_off": "day {day} off",
    "busy": "taken elsewhere from minute {during[0]} to {during[1]}",
    "most_of": "at most {limit} of {kind}",
    "kinds": "only the shifts allowed",
    "rest": "{hours:g} h of rest between shifts",
    "never_after": "shifts that may not follow another",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules of a person that can't be kept together; with any one of them less, they can."""

    person: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The best so far: its cost, what no roster can be under, and the seconds it took."""

    objective: int
    bound: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Roster:
    """Who works what, in the order of the problem's people, and how good that is.

    `bound`: no roster that keeps the rules costs less. `status`: optimal | feasible | conflict; a conflict says, of
    people whose rules can't be kept together, which these are, and leaves these people without shifts.
    """

    held: tuple[Held, ...]
    objective: int
    bound: int
    status: str
    seconds: float
    seed: int
    conflicts: tuple[Conflict, ...] = ()

    @property
    def gap(self) -> float:
        """(objective − bound) / objective, 0 when proven."""
        return gap_of(self.objective, self.bound) or 0.0
