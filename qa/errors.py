"""What a write can be refused for."""

from typing import Any

from qa.models import Evaluation


class NotPossible(ValueError):
    """The thing is in a state that does not allow this, or a value can't be taken."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        self.field, self.problem, self.remedy = field, problem, remedy
        super().__init__(f"{problem} {remedy}")


class InHand(NotPossible):
    """Somebody else has the review in hand until `until`."""

    def __init__(self, problem: str, remedy: str, *, holder: str, until: Any) -> None:
        self.holder, self.until = holder, until
        super().__init__("holder", problem, remedy)


class StaleAnswers(Exception):
    """Another window saved something since: the evaluation as it is now."""

    def __init__(self, evaluation: Evaluation, *, sent: int) -> None:
        self.evaluation, self.sent = evaluation, sent
        super().__init__(f"change {sent} was sent, {evaluation.seq} is saved")
