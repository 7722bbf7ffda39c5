"""From history to a published schedule."""

from scheduling.models.absence import Absence, Repair
from scheduling.models.brought import ExternalInterval, PromisedCallback
from scheduling.models.demand import Forecast, ForecastEdit, ForecastInterval, Requirement, RequirementInterval
from scheduling.models.design import ShiftDesign
from scheduling.models.event import SpecialEvent
from scheduling.models.plan import DraftMove, DraftShift, SchedulePlan
from scheduling.models.preference import Preference
from scheduling.models.published import PublishedShift, ScheduleVersion, Segment
from scheduling.models.template import ShiftTemplate
from scheduling.models.time_off import TimeOffAllotment, TimeOffDay, TimeOffRequest

__all__ = [
    "Absence", "DraftMove", "DraftShift", "ExternalInterval", "Forecast", "ForecastEdit", "ForecastInterval",
    "Preference", "PromisedCallback", "PublishedShift", "Repair", "Requirement", "RequirementInterval", "SchedulePlan",
    "ScheduleVersion", "Segment", "ShiftDesign", "ShiftTemplate", "SpecialEvent", "TimeOffAllotment", "TimeOffDay",
    "TimeOffRequest",
]  # fmt: skip
