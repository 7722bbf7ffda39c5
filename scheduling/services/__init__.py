"""The verbs of scheduling: expect, staff, build, change, publish."""

from scheduling.services.building import build_roster, request_build, stop_build
from scheduling.services.changing import add_shift, change_shift, remove_shift
from scheduling.services.demand import make_requirement
from scheduling.services.designing import design_shifts, lose_design, request_design, stop_design, use_design
from scheduling.services.editing import edit_forecast, take_back_edit
from scheduling.services.forecasting import add_event, make_forecast, remove_event
from scheduling.services.publishing import publish

__all__ = [
    "add_event", "add_shift", "build_roster", "change_shift", "design_shifts", "edit_forecast", "lose_design",
    "make_forecast", "make_requirement", "publish", "remove_event", "remove_shift", "request_build", "request_design",
    "stop_build", "stop_design", "take_back_edit", "use_design",
]  # fmt: skip
