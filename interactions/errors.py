"""What a write can be refused for."""

from interactions.models import Case


class StaleVersion(Exception):
    """Somebody changed it since: `current` is the version there is, `sent` the one the caller saw."""

    def __init__(self, case: Case, *, current: int, sent: int) -> None:
        self.case, self.current, self.sent = case, current, sent
        super().__init__(f"version {sent} was sent, version {current} is current")


class NotPossible(ValueError):
    """The thing is in a state that does not allow this, or a value can't be taken."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        self.field, self.problem, self.remedy = field, problem, remedy
        super().__init__(f"{problem} {remedy}")
