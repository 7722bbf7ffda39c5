"""Named reads of surveys, their answers and the counts behind CSAT."""

from surveys.selectors.asking import (
    candidates,
    comments,
    invitation_by,
    is_closed,
    is_unknown,
    responses,
    scores_of_interactions,
    survey_name,
    surveys,
)
from surveys.selectors.satisfaction import (
    SENT_OUTCOMES,
    UNSENT_OUTCOMES,
    Counts,
    Funnel,
    Period,
    Tally,
    funnel,
    response_agents,
    response_counts,
    response_scores,
    response_tallies,
    response_weeks,
    source_agents,
    source_counts,
    source_tallies,
)

__all__ = [
    "SENT_OUTCOMES", "UNSENT_OUTCOMES", "Counts", "Funnel", "Period", "Tally", "candidates", "comments", "funnel", "invitation_by",
    "is_closed", "is_unknown", "response_agents", "response_counts", "response_scores", "response_tallies",
    "response_weeks", "responses", "scores_of_interactions", "source_agents", "source_counts", "source_tallies", "survey_name", "surveys",
]  # fmt: skip
