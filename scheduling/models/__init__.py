"""From history to a published schedule."""

from scheduling.models.brought import ExternalInterval, PromisedCallback
from scheduling.models.demand import Forecast, ForecastEdit, ForecastInterval, Requirement, RequirementInterval
from scheduling.models.design import ShiftDesign
from scheduling.models.event import SpecialEvent
from scheduling.models.plan import DraftShift, SchedulePlan
from scheduling.models.published import PublishedShift, ScheduleVersion
from scheduling.models.template import ShiftTemplate

__all__ = [
    "DraftShift", "ExternalInterval", "Forecast", "ForecastEdit", "ForecastInterval", "PromisedCallback",
    "PublishedShift", "Requirement", "RequirementInterval", "SchedulePlan", "ScheduleVersion", "ShiftDesign", "ShiftTemplate",
    "SpecialEvent",
]  # fmt: skip
