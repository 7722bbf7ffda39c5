"""A refusal in terms of the form: which field, what is wrong, what to do."""


class Refused(ValueError):
    """A value a service can't take. `field` is the argument's name."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem} {remedy}")
        self.field, self.problem, self.remedy = field, problem, remedy


class Stale(ValueError):
    """Somebody changed the row since it was read."""
