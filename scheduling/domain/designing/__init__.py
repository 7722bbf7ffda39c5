"""Which shifts a week needs: how many begin when, and when their breaks are, at the least cost of cover.

`search.solve` is the one way in; nobody is named here. Times are minutes from the week's beginning.
"""

from scheduling.domain.designing.problem import Break, Kind, Problem, Shift
from scheduling.domain.designing.search import Design, Progress, solve

__all__ = ["Break", "Design", "Kind", "Problem", "Progress", "Shift", "solve"]
