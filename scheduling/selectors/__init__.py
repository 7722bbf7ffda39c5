"""Named reads: history, demand, plans, and what is published."""

from scheduling.selectors.absences import absences_of, days_away, repair_of
from scheduling.selectors.attempts import learned_attempts
from scheduling.selectors.demand import (
    as_edits,
    as_events,
    callback_load,
    edits_of,
    events_of,
    external_of,
    external_sources,
    history,
    latest_forecast,
    latest_requirement,
    next_week,
    points_of,
    queue_of,
)
from scheduling.selectors.designs import Proposal, design_of, designs_of, proposals
from scheduling.selectors.plans import people_of, plan_of, templates_of
from scheduling.selectors.preferences import carried, last_published, live_preferences, preferences_until
from scheduling.selectors.published import (
    current_shifts,
    current_version,
    differences_of,
    laid_of,
    shifts_of,
    version_after,
    version_before,
    versions_of,
)

__all__ = [
    "Proposal",
    "absences_of",
    "absent_between",
    "as_edits",
    "as_events",
    "callback_load",
    "carried",
    "current_shifts",
    "current_version",
    "days_away",
    "design_of",
    "designs_of",
    "differences_of",
    "edits_of",
    "events_of",
    "external_of",
    "external_sources",
    "history",
    "laid_of",
    "last_published",
    "latest_forecast",
    "latest_requirement",
    "learned_attempts",
    "live_preferences",
    "next_week",
    "people_of",
    "plan_of",
    "points_of",
    "preferences_until",
    "proposals",
    "queue_of",
    "repair_of",
    "shifts_of",
    "templates_of",
    "version_after",
    "version_before",
    "versions_of",
]  # fmt: skip
