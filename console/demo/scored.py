"""How reviewers of the demo answer a scorecard, so that the engine's score comes near a wanted one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from console.demo.manifest import GAP_CHANCE
from qa.domain.content import critical_errors
from qa.domain.scoring import Form, Question, Score, score

NA: Final = 0.15  # how often N/A is taken where it is allowed
SEVERE: Final = ((0.005, "form"), (0.02, "section"))  # chance of an error that fails so much


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers, what the engine makes of them, and whether a critical question was asked and failed."""

    answers: dict[str, Any]
    score: Score
    asked: bool
    wrong: bool


def _shares(question: Question) -> dict[str, float]:
    return {option.key: float(option.points / question.ceiling) for option in question.options}


class Reviewer:
    """Answers one scorecard."""

    def __init__(self, content: Mapping[str, Any], *, weak: str = "") -> None:
        """`weak` is the key of a question that is marked down before others, by GAP_CHANCE."""
        self.content, self.weak = content, weak
        self.form = Form.from_dict(content)
        self.sections = [
            (float(section.weight), [(one.key, _shares(one)) for one in section.questions])
            for section in self.form.sections
        ]
        self.soft = [question for question in self.form.questions if question.autofail_scope is None]

    def answer(self, wanted: float, rng: np.random.Generator) -> Answered:
        """Answers whose score without severe errors is the nearest to `wanted` of 100 met on a random way down.

        From the best answers, one step down at a time; a severe error comes on top by its own chance.
        """
        answers: dict[str, Any] = {question.key: question.options[0].key for question in self.form.questions}
        for question in self.soft:
            if question.allow_na and rng.random() < NA:
                answers[question.key] = None
        found, best = dict(answers), abs(self._rough(answers) - wanted)
        for question in self._order(rng):
            if not self._lower(answers, question.key):
                continue
            off = abs(self._rough(answers) - wanted)
            if off >= best:
                break
            found, best = dict(answers), off
        self._fail(found, rng)
        asked, wrong = critical_errors(self.content, found)
        return Answered(found, score(self.form, found), bool(asked), bool(wrong))

    def _order(self, rng: np.random.Generator) -> list[Question]:
        """Every soft question twice, by chance; the weak one often before the others."""
        found = [self.soft[place % len(self.soft)] for place in rng.permutation(len(self.soft) * 2).tolist()]
        if self.weak and rng.random() < GAP_CHANCE:
            found.sort(key=lambda question: question.key != self.weak)
        return found

    def _rough(self, answers: dict[str, Any]) -> float:
        """Nearly the engine's score of a nested form of equal questions, quick enough to ask at each step."""
        earned = weights = 0.0
        for weight, questions in self.sections:
            shares = [shares[answers[key]] for key, shares in questions if answers[key] is not None]
            if shares:
                earned, weights = earned + weight * sum(shares) / len(shares), weights + weight
        return 100 * earned / weights

    def _lower(self, answers: dict[str, Any], key: str) -> bool:
        """One step down; False where there is none."""
        keys = [option.key for question in self.soft if question.key == key for option in question.options]
        if answers[key] is None or answers[key] == keys[-1]:
            return False
        answers[key] = keys[keys.index(answers[key]) + 1]
        return True

    def _fail(self, answers: dict[str, Any], rng: np.random.Generator) -> None:
        for chance, scope in SEVERE:
            if rng.random() < chance:
                answers |= {q.key: q.options[-1].key for q in self.form.questions if q.autofail_scope == scope}
