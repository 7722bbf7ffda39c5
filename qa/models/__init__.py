"""Scorecards, the queue of reviews, evaluations and what was said about them."""

from qa.models.evaluation import Evaluation, EvaluationRevision
from qa.models.note import Note, NoteDraft
from qa.models.release import Acknowledgement, Release
from qa.models.scorecard import Scorecard, ScorecardDraft, ScorecardVersion
from qa.models.task import Draw, Picked, ReviewTask

__all__ = [
    "Acknowledgement", "Draw", "Evaluation", "EvaluationRevision", "Note", "NoteDraft", "Picked", "Release",
    "ReviewTask", "Scorecard", "ScorecardDraft", "ScorecardVersion",
]  # fmt: skip
