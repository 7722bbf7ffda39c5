"""Tenure in whole years, months and days."""

from datetime import date

import pytest

from workforce.domain.tenure import length


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (date(2024, 9, 18), date(2026, 11, 20), (2, 2, 2)),
        (date(2026, 1, 31), date(2026, 3, 1), (0, 1, 1)),
        (date(2024, 2, 29), date(2025, 2, 28), (0, 11, 30)),
        (date(2026, 3, 2), date(2026, 3, 2), (0, 0, 0)),
    ],
)
def test_length(start: date, end: date, found: tuple[int, int, int]) -> None:
    assert length(start, end) == found


def test_an_end_before_the_start_is_named() -> None:
    with pytest.raises(ValueError, match="before start"):
        length(date(2026, 3, 2), date(2026, 3, 1))
