"""What past evaluations would have scored under a draft: matched by the keys of questions and answers, never guessed.

Questions that are new in the draft were never answered; they are left out, as not applicable ones are, and so are
those that depend on them. Whatever else has no answer that fits can't be compared, and says why.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev
from typing import Any, Final, Literal

from qa.domain.form import Form
from qa.domain.means import FEWEST, student
from qa.domain.scoring import AnswerError, Score, score

Content = Mapping[str, Any]
Why = Literal["not_asked", "answer_gone", "na_forbidden", "type_changed", "nothing_left"]
FLIPS: Final = ("PASS", "FAIL")


@dataclass(frozen=True, slots=True)
class Past:
    """One standing evaluation as it was frozen. `version` names the content it was scored with."""

    id: str
    version: str
    answers: Mapping[str, Any]
    final: Decimal | None
    outcome: str
    random: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: its new score, or the question that stands in the way and why."""

    past: Past
    new: Score | None = None
    question: str = ""
    why: Why | None = None

    @property
    def changed(self) -> bool:
        return self.new is not None and (self.new.final, self.new.outcome) != (self.past.final, self.past.outcome)

    @property
    def flipped(self) -> bool:
        return self.new is not None and self.new.outcome != self.past.outcome

    @property
    def by(self) -> Decimal:
        """How far the score moves, in points; none counts as far as it goes."""
        if self.new is None or self.new.final is None or self.past.final is None:
            return Decimal(100 if self.changed else 0)
        return self.new.final - self.past.final


@dataclass(frozen=True, slots=True)
class Means:
    """Means of the random evaluations that have a score before and after; `low` to `high` is their mean change."""

    n: int = 0
    before: float | None = None
    after: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(slots=True)
class Tally:
    """Outcomes added up as they come. `rows` are the changed ones."""

    total: int = 0
    compared: int = 0
    rows: list[Outcome] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    pairs: list[tuple[float, float]] = field(default_factory=list)

    def add(self, one: Outcome) -> None:
        self.total += 1
        if one.why is not None:
            self.reasons[(one.question, one.why)] += 1
            return
        self.compared += 1
        if one.changed:
            self.rows.append(one)
        if one.past.random and one.past.final is not None and one.new is not None and one.new.final is not None:
            self.pairs.append((float(one.past.final), float(one.new.final)))

    def ranked(self) -> list[Outcome]:
        """Changed ones: flips first, those that now fail before those that now pass, then by how far they move."""
        return sorted(
            self.rows, key=lambda one: (not one.flipped, one.new is None or one.new.outcome != "FAIL", -abs(one.by))
        )

    def flips(self) -> dict[str, int]:
        """How many go from one outcome to another, such as {"PASS>FAIL": 3}."""
        found = Counter(f"{one.past.outcome}>{one.new.outcome}" for one in self.rows if one.new and one.flipped)
        return dict(sorted(found.items()))

    def means(self) -> Means:
        if not self.pairs:
            return Means()
        changes = [after - before for before, after in self.pairs]
        n = len(changes)
        middle = fmean(changes)
        half = student(n - 1) * stdev(changes) / sqrt(n) if n >= FEWEST else None
        limits = (None, None) if half is None else (middle - half, middle + half)
        return Means(n, fmean(one for one, _ in self.pairs), fmean(one for _, one in self.pairs), *limits)


class Replay:
    """A draft laid over the contents that evaluations were made with. Each of those is read once.

    Raises FormError for a draft that can't be scored.
    """

    def __init__(self, draft: Content, contents: Mapping[str, Content]) -> None:
        Form.from_dict(draft)
        self._plans = {name: _plan(draft, content) for name, content in contents.items()}

    def left_out(self) -> list[str]:
        """Keys of the draft's questions that no old content, or not every one, had asked."""
        return sorted({key for plan in self._plans.values() for key in plan.left_out})

    def of(self, past: Past) -> Outcome:
        """The same answers under the draft."""
        plan = self._plans[past.version]
        if plan.form is None:
            return Outcome(past, None, "", "nothing_left")
        answers = {key: value for key, value in past.answers.items() if key in plan.types}
        retyped = next((key for key in answers if plan.types[key]), None)
        if retyped is not None:
            return Outcome(past, None, retyped, "type_changed")
        try:
            return Outcome(past, score(plan.form, answers))
        except AnswerError as error:
            return Outcome(past, None, error.question, _why(error.question, answers))


@dataclass(frozen=True, slots=True)
class _Plan:
    form: Form | None  # the draft without what these evaluations can't know
    types: Mapping[str, bool]  # question → whether its type is another now
    left_out: frozenset[str]


def _plan(draft: Content, content: Content) -> _Plan:
    old = {question["key"]: question for question in _questions(content)}
    unknown: set[str] = set()
    types: dict[str, bool] = {}
    for question in _questions(draft):
        key, condition = question["key"], question.get("show_if")
        if key not in old or (condition and condition["question"] in unknown):
            unknown.add(key)
        else:
            types[key] = _kind(old[key]) != _kind(question)
    sections = [
        {**section, "questions": kept}
        for section in draft["sections"]
        if (kept := [one for one in section["questions"] if one["key"] not in unknown])
    ]
    form = Form.from_dict({**draft, "sections": sections}) if sections else None
    return _Plan(form, types, frozenset(unknown))


def replayed(replay: Replay, past: Iterable[Past], tally: Tally) -> Tally:
    """Add these evaluations to the tally."""
    for one in past:
        tally.add(replay.of(one))
    return tally


def _why(question: str, answers: Mapping[str, Any]) -> Why:
    if question not in answers:
        return "not_asked"
    return "na_forbidden" if answers[question] is None else "answer_gone"


def _kind(question: Mapping[str, Any]) -> str:
    return str(question["type"])


def _questions(content: Content) -> Sequence[Mapping[str, Any]]:
    return [question for section in content["sections"] for question in section["questions"]]
