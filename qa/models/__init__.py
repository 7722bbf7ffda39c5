"""Scorecards, the queue of reviews, evaluations, what was said about them, and what there is to know."""

from qa.models.article import Article, ArticleDraft, ArticleQuestion, ArticleReason, ArticleVersion
from qa.models.evaluation import Evaluation, EvaluationRevision
from qa.models.evidence import Evidence, EvidenceDraft
from qa.models.note import Note, NoteDraft, NoteReply, NoteShare, NoteWithdrawal
from qa.models.release import Acknowledgement, Release
from qa.models.saved import SavedFilter
from qa.models.scorecard import (
    DraftEdit,
    Scorecard,
    ScorecardDraft,
    ScorecardReplay,
    ScorecardVersion,
    TemplateCopy,
)
from qa.models.snippet import Snippet
from qa.models.task import Draw, DrawnFrom, Picked, ReviewTask, SamplingPlan

__all__ = [
    "Acknowledgement",
    "Article",
    "ArticleDraft",
    "ArticleQuestion",
    "ArticleReason",
    "ArticleVersion",
    "DraftEdit",
    "Draw",
    "DrawnFrom",
    "Evaluation",
    "EvaluationRevision",
    "Evidence",
    "EvidenceDraft",
    "Note",
    "NoteDraft",
    "NoteReply",
    "NoteShare",
    "NoteWithdrawal",
    "Picked",
    "Release",
    "ReviewTask",
    "SamplingPlan",
    "SavedFilter",
    "Scorecard",
    "ScorecardDraft",
    "ScorecardReplay",
    "ScorecardVersion",
    "Snippet",
    "TemplateCopy",
]  # fmt: skip
