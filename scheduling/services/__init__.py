"""The verbs of scheduling: expect, staff, build, change, publish."""

from scheduling.services.building import build_roster, request_build
from scheduling.services.changing import add_shift, change_shift, remove_shift
from scheduling.services.demand import make_forecast, make_requirement
from scheduling.services.publishing import publish

__all__ = [
    "add_shift", "build_roster", "change_shift", "make_forecast", "make_requirement", "publish", "remove_shift",
    "request_build",
]  # fmt: skip
