"""The arithmetic of client reports."""

from reports.domain.service_level import DEFINITIONS, service_level
from reports.domain.settlement import Rule, Settlement, settle
from reports.domain.suppression import Cell, suppress, total_hidden

__all__ = [
    "DEFINITIONS", "Cell", "Rule", "Settlement", "service_level", "settle", "suppress", "total_hidden",
]  # fmt: skip
