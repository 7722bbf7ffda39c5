"""What the operator keeps about its clients as a whole: openings asked for, and weekly figures."""

from console.models.opening import Opening
from console.models.rollup import WeekRollup

__all__ = ["Opening", "WeekRollup"]
