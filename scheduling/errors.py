"""What a write can be refused for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


class NotPossible(ValueError):
    """The thing is in a state that does not allow this, or a value can't be taken: the problem and its remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} {remedy}")


class StalePlan(Exception):
    """Somebody changed the plan since: `current` is the version there is, `sent` the one the caller saw.

    `published` is the number under which the week was published meanwhile, None where it was only changed.
    """

    def __init__(self, *, current: int, sent: int, published: int | None = None) -> None:
        self.current, self.sent, self.published = current, sent, published
        super().__init__(f"version {sent} was sent, version {current} is current")


@dataclass(frozen=True, slots=True)
class Beside:
    """A shift of this client's own that another one lies over, or leaves too little rest to."""

    queue_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """One shift the work ledger refused: its person, where it lies, and whether they are busy or unknown to it.

    `beside` is the shift of this client's own that is in the way; None where it is another client's.
    """

    actor_name: str
    business_date: date
    starts_at: datetime
    ends_at: datetime
    zone: str
    busy: bool = True
    beside: Beside | None = None


class Clash(Exception):
    """Publishing would book people who are taken. Nothing was published."""

    def __init__(self, taken: Sequence[Taken]) -> None:
        self.taken = list(taken)
        super().__init__(f"{len(self.taken)} shifts clash")
