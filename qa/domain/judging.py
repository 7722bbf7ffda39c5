"""What an answer is worth without the rest of its form: the best there is, an error, or neither."""

from collections.abc import Mapping
from dataclasses import dataclass

from qa.domain.content import CRITICAL, Content
from qa.domain.form import Form, Question, Section
from qa.domain.scoring import Answer, AnswerError, part_of


@dataclass(frozen=True, slots=True)
class Judged:
    """`best`: nothing earns more. `wrong`: it fails the section or form; where no answer does, any but the best."""

    best: bool
    wrong: bool


class Judge:
    """Judges answers by one version of a scorecard."""

    def __init__(self, content: Content) -> None:
        self.form = Form.from_dict(content)
        self.asked: Mapping[str, tuple[Section, Question]] = {
            question.key: (section, question) for section in self.form.sections for question in section.questions
        }

    def judge(self, key: str, answer: Answer) -> Judged | None:
        """None for N/A, and for what the version doesn't know: neither is an opportunity."""
        if answer is None or key not in self.asked:
            return None
        section, question = self.asked[key]
        try:
            part = part_of(self.form, section, question, answer)
        except AnswerError:
            return None
        if part is None:
            return None
        best = part.earned >= part.most and not part.fails
        return Judged(best, part.fails if any(option.autofail for option in question.options) else not best)

    def class_of(self, key: str) -> str:
        """Error class of a question: one of CRITICAL, or "other"."""
        question = self.asked[key][1] if key in self.asked else None
        return question.error_class or "other" if question else "other"

    def critical(self) -> list[tuple[str, str]]:
        """Keys of the critical questions, each with its class."""
        return [(key, self.class_of(key)) for key in self.asked if self.class_of(key) in CRITICAL]
