"""From history to a published schedule."""

from scheduling.models.demand import Forecast, ForecastInterval, Requirement, RequirementInterval
from scheduling.models.plan import DraftShift, SchedulePlan
from scheduling.models.published import PublishedShift, ScheduleVersion
from scheduling.models.template import ShiftTemplate

__all__ = [
    "DraftShift", "Forecast", "ForecastInterval", "PublishedShift", "Requirement", "RequirementInterval",
    "SchedulePlan", "ScheduleVersion", "ShiftTemplate",
]  # fmt: skip
