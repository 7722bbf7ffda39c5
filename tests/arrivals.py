"""A year of six-minute counts of one bank's calls, and what a plain loop over the file says of them.

The real file is used where it lies beside the checkout; elsewhere a seeded one of the same shape stands in.
"""

import csv
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MINUTES = 6
TIMES = [f"{start // 60:02d}:{start % 60:02d}" for start in range(0, 1440, MINUTES)]
ABSENT = (date(1999, 1, 11), date(1999, 1, 12))


def bank_file(folder: Path) -> Path:
    data = Path(os.environ.get("BPO_REAL_DATA", ROOT.parent / "shared" / "data"))
    real = data / "arrivals" / "bank_1999_6min.csv"
    return real if real.exists() else _generated(folder / "bank_6min.csv")


def _generated(path: Path) -> Path:
    chance = random.Random(1999)  # noqa: S311 - test data
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["date", *TIMES])
        for number in range(365):
            day = date(1999, 1, 1) + timedelta(days=number)
            if day not in ABSENT:
                writer.writerow([day.isoformat(), *(chance.randrange(12 if 70 < at < 200 else 2) for at in range(240))])
    return path


@dataclass(frozen=True)
class Counted:
    """What the standard library counts in the file."""

    days: dict[str, list[int]]

    @property
    def rows(self) -> int:
        return len(self.days)

    @property
    def values(self) -> int:
        return sum(len(counts) for counts in self.days.values())

    @property
    def calls(self) -> int:
        return sum(sum(counts) for counts in self.days.values())

    def summed(self, day: str, minutes: int) -> list[int]:
        """The day's counts in steps of `minutes`."""
        step = minutes // MINUTES
        counts = self.days[day]
        return [sum(counts[place : place + step]) for place in range(0, len(counts), step)]


def counted(path: Path) -> Counted:
    return Counted({row["date"]: [int(row[time]) for time in TIMES] for row in _rows(path)})


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
