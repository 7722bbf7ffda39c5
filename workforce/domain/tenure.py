"""How long somebody has been here, as people say it."""

from datetime import date


def length(start: date, end: date) -> tuple[int, int, int]:
    """Whole years, months and days from `start` to `end`, the day after the last; ValueError when it is before."""
    if end < start:
        raise ValueError(f"end {end} is before start {start}")
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    years, rest = divmod(months, 12)
    place = start.year * 12 + start.month - 1 + months
    anchor = _day(place // 12, place % 12 + 1, start.day)
    return years, rest, (end - anchor).days


def _day(year: int, month: int, day: int) -> date:
    """That day of the month, or the last one it has."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
