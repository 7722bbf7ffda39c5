"""Surveys: what is asked, whom it may be asked, who was asked, and what they answered."""

from surveys.models.asking import Candidate, Invitation, Response
from surveys.models.survey import Survey, SurveyVersion

__all__ = ["Candidate", "Invitation", "Response", "Survey", "SurveyVersion"]
