"""From history to a published schedule."""

from scheduling.models.brought import ExternalInterval, PromisedCallback
from scheduling.models.demand import Forecast, ForecastEdit, ForecastInterval, Requirement, RequirementInterval
from scheduling.models.event import SpecialEvent
from scheduling.models.plan import DraftMove, DraftShift, SchedulePlan
from scheduling.models.published import PublishedShift, ScheduleVersion
from scheduling.models.template import ShiftTemplate

__all__ = [
    "DraftMove", "DraftShift", "ExternalInterval", "Forecast", "ForecastEdit", "ForecastInterval", "PromisedCallback",
    "PublishedShift", "Requirement", "RequirementInterval", "SchedulePlan", "ScheduleVersion", "ShiftTemplate",
    "SpecialEvent",
]  # fmt: skip
