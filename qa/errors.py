"""What a write can be refused for."""

from dataclasses import dataclass
from typing import Any

from qa.models import ArticleDraft, Evaluation, NoteDraft, SamplingPlan, ScorecardDraft


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


class StaleDraft(Exception):
    """Somebody else saved the draft since: as it is now, None where it is gone."""

    def __init__(self, draft: ArticleDraft | None, *, sent: int) -> None:
        self.draft, self.sent = draft, sent
        super().__init__(f"version {sent} was sent, version {draft.version if draft else 0} is current")


@dataclass(frozen=True, slots=True)
class Met:
    """Where two edits of a draft met: the field, what it said before, what they saved, what was sent."""

    kind: str
    key: str
    field: str  # "" where the thing itself is meant: it is gone, or stands elsewhere
    before: Any
    theirs: Any
    mine: Any
    who: str
    at: Any
    gone: bool = False


class StaleScorecard(Exception):
    """Somebody else changed the same thing of a draft since it was read; `met` is the one field to decide."""

    def __init__(self, draft: ScorecardDraft, met: Met) -> None:
        self.draft, self.met = draft, met
        super().__init__(f"{met.kind} {met.key} {met.field} was changed by {met.who}")


class StaleNote(Exception):
    """Another window changed the note since: the note as it is now."""

    def __init__(self, note: NoteDraft) -> None:
        self.note = note
        super().__init__(f"note {note.pk} is at version {note.version}")


class StalePlan(Exception):
    """Somebody changed the plan since: the plan as it is now."""

    def __init__(self, plan: SamplingPlan, *, sent: int) -> None:
        self.plan, self.sent = plan, sent
        super().__init__(f"version {sent} was sent, version {plan.version} is current")
