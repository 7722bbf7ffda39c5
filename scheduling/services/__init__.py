"""The verbs of scheduling: expect, staff, build, change, publish."""

from scheduling.services.allotments import set_allotments
from scheduling.services.building import build_roster, lose_build, request_build, stop_build
from scheduling.services.changing import add_shift, change_shift, remove_shift
from scheduling.services.demand import make_requirement
from scheduling.services.designing import design_shifts, lose_design, request_design, stop_design, use_design
from scheduling.services.editing import edit_forecast, take_back_edit
from scheduling.services.forecasting import add_event, make_forecast, remove_event
from scheduling.services.moving import move_break, move_shift, undo_move
from scheduling.services.outbound import make_outbound
from scheduling.services.preferring import put_back_preference, state_preference, take_back_preference
from scheduling.services.publishing import publish
from scheduling.services.repairing import (
    accept_repair,
    ask_repair,
    discard_repair,
    find_repair,
    lose_repair,
    report_absence,
    withdraw_absence,
)
from scheduling.services.reviewing import ask_second_person, send_for_review, take_back
from scheduling.services.time_off import ask_time_off, cancel_time_off

__all__ = [
    "accept_repair", "add_event", "add_shift", "ask_repair", "ask_second_person", "ask_time_off", "build_roster",
    "cancel_time_off", "change_shift", "design_shifts", "discard_repair", "edit_forecast", "find_repair", "lose_build",
    "lose_design", "lose_repair", "make_forecast", "make_outbound", "make_requirement", "move_break", "move_shift",
    "publish", "put_back_preference", "remove_event", "remove_shift", "report_absence", "request_build",
    "request_design", "send_for_review", "set_allotments", "state_preference", "stop_build", "stop_design", "take_back",
    "take_back_edit", "take_back_preference", "undo_move", "use_design", "withdraw_absence",
]  # fmt: skip
