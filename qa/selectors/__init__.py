"""Named reads of quality: the queue, evaluations, and the figures made of them."""

from qa.selectors.evaluations import (
    acknowledgement_of,
    coaching_notes,
    evaluation_by_id,
    evaluations,
    evaluations_of_agent,
    evaluations_of_interaction,
    notes_of,
    unacknowledged,
)
from qa.selectors.measures import (
    agent_recent,
    by_agent,
    by_team,
    by_week,
    critical_accuracy,
    mean_score,
    pass_rate,
)
from qa.selectors.tasks import Filters, critical_lately, next_task, queue_agents, task_within, tasks, waiting_count

__all__ = [
    "Filters", "acknowledgement_of", "agent_recent", "by_agent", "by_team", "by_week", "coaching_notes",
    "critical_accuracy", "critical_lately", "evaluation_by_id", "evaluations", "evaluations_of_agent",
    "evaluations_of_interaction", "mean_score", "next_task", "notes_of", "pass_rate", "queue_agents", "task_within", "tasks",
    "unacknowledged", "waiting_count",
]  # fmt: skip
