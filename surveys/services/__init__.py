"""The verbs of surveys: what is asked, whom, and what they answered."""

from surveys.services.answering import AlreadyAnswered, Closed, UnknownLink, record_answer
from surveys.services.asking import cancel, consider, revoke
from surveys.services.publishing import ensure_default_survey

__all__ = [
    "AlreadyAnswered",
    "Closed",
    "UnknownLink",
    "cancel",
    "consider",
    "ensure_default_survey",
    "record_answer",
    "revoke",
]
