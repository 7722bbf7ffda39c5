"""Who works which shift: rosters that keep every person's rules, at the least cost of cover and wishes.

`search.solve` is the one way in. Times are minutes from the problem's beginning, days are numbers from it.
"""

from scheduling.domain.rostering.outcome import Conflict, Progress, Roster
from scheduling.domain.rostering.problem import Option, Person, Problem, Step, Wish

__all__ = ["Conflict", "Option", "Person", "Problem", "Progress", "Roster", "Step", "Wish"]
