"""Weeks as reports count them: Monday to Sunday, numbered as ISO 8601 does."""

from dataclasses import dataclass
from datetime import date, timedelta

MOST_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Week:
    """The week that starts on the Monday `start`. Raises ValueError for any other day."""

    start: date

    def __post_init__(self) -> None:
        if self.start.weekday():
            raise ValueError(f"start {self.start} is no Monday")

    @property
    def end(self) -> date:
        return self.start + timedelta(days=6)

    @property
    def number(self) -> int:
        return self.start.isocalendar().week

    def back(self, weeks: int) -> "Week":
        return Week(self.start - timedelta(weeks=weeks))


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))


def last_full_week(today: date) -> Week:
    """The newest week that is over on `today`."""
    return week_of(today).back(1)


def run_up(week: Week, first_day: date | None) -> list[Week]:
    """The weeks a chart of `week` shows, oldest first: thirteen at most, none before the one of `first_day`."""
    weeks = [week.back(n) for n in reversed(range(MOST_WEEKS))]
    return [one for one in weeks if one == week or (first_day is not None and one.end >= first_day)]
