"""The verbs of scheduling: expect, staff, build, change, move, publish."""

from scheduling.services.building import build_roster, request_build, stop_build
from scheduling.services.changing import add_shift, change_shift, remove_shift
from scheduling.services.demand import make_requirement
from scheduling.services.editing import edit_forecast, take_back_edit
from scheduling.services.forecasting import add_event, make_forecast, remove_event
from scheduling.services.moving import move_break, move_shift, undo_move
from scheduling.services.publishing import publish

__all__ = [
    "add_event", "add_shift", "build_roster", "change_shift", "edit_forecast", "make_forecast", "make_requirement",
    "move_break", "move_shift", "publish", "remove_event", "remove_shift", "request_build", "stop_build",
    "take_back_edit", "undo_move",
]  # fmt: skip
