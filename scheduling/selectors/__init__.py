"""Named reads: history, demand, plans, and what is published."""

from scheduling.selectors.demand import (
    history,
    latest_forecast,
    latest_requirement,
    next_week,
    queue_of,
)
from scheduling.selectors.plans import people_of, plan_of, templates_of
from scheduling.selectors.published import (
    current_shifts,
    current_version,
    shifts_of,
    version_before,
    versions_of,
)

__all__ = [
    "current_shifts", "current_version", "history", "latest_forecast", "latest_requirement", "next_week", "people_of",
    "plan_of", "queue_of", "shifts_of", "templates_of", "version_before", "versions_of",
]  # fmt: skip
