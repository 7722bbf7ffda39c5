"""A group's attrition over a range of days by its several names, each with what it is made of."""

from dataclasses import dataclass
from typing import Final

from attrition.domain.intervals import RateRatio, rate_ratio
from attrition.domain.movement import DAY, Movement
from attrition.domain.rates import annualise, attrition_rate, rate_interval
from attrition.domain.reasons import VOLUNTARY
from bpo.ratio import Ratio

NEEDS: Final = 10  # mean headcount under which a group is not shown: its people could be told apart


@dataclass(frozen=True, slots=True)
class Facts:
    """What one group's movement says. Rates are fractions of the whole range, not of a month."""

    movement: Movement

    @property
    def suppressed(self) -> bool:
        """Too few people to show anything but that."""
        return self.movement.mean < NEEDS

    @property
    def digits(self) -> int:
        """Decimals a count of this group needs: none for heads, one for shares."""
        return 0 if self.movement.gone == int(self.movement.gone) else 1

    @property
    def rate(self) -> Ratio:
        """Leavers over the mean of daily headcounts, by last day worked."""
        return self.by("mean")

    def by(self, formula: str) -> Ratio:
        """The same leavers by another formula of `attrition_rate`."""
        moved = self.movement
        closing = moved.opening + moved.hired + moved.moved_in - moved.gone if formula == "everyone" else moved.closing
        return attrition_rate(
            leavers=moved.gone, opening=moved.opening, closing=closing, mean=moved.mean, formula=formula
        )

    @property
    def account(self) -> Ratio:
        """The account's own view: who moved to another client is gone too."""
        moved = self.movement
        return attrition_rate(leavers=moved.gone + moved.moved_out, mean=moved.mean, formula="mean")

    @property
    def by_choice(self) -> Ratio:
        return attrition_rate(leavers=self.movement.left[VOLUNTARY], mean=self.movement.mean, formula="mean")

    @property
    def interval(self) -> tuple[float, float] | None:
        """Exact Poisson limits of the rate: those of the count of people, scaled to their weight."""
        moved = self.movement
        scale = float(moved.gone) / moved.leavers if moved.leavers else 1.0
        low, high = rate_interval(moved.leavers, moved.mean)
        return None if high is None else (low * scale, high * scale)

    def a_year(self, *, compound: bool) -> float | None:
        """The rate as of a year: times 12 over the months, or as the share of today's people gone by then."""
        value = self.rate.value
        if value is None or (compound and value > 1):
            return None
        return annualise(value, self.months, compound=compound)

    @property
    def months(self) -> float:
        """The length of the range: whole calendar months, or days by the mean month."""
        first, after = self.movement.first, self.movement.last + DAY
        if first.day == after.day:
            return (after.year - first.year) * 12 + after.month - first.month
        return self.movement.days / (365.25 / 12)

    def against(self, rest: "Facts") -> RateRatio | None:
        """This group's rate over the rest's; None where one of them has nobody."""
        mine, other = self.movement, rest.movement
        if not mine.mean or not other.mean:
            return None
        return rate_ratio(mine.leavers, mine.mean, other.leavers, other.mean)
