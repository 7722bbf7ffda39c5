"""5,000 calls of one call centre, and what a plain loop over the file says of them.

The real file is used where it lies beside the checkout; elsewhere a seeded one of the same shape stands in.
"""

import csv
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAPPING = ROOT / "bpo" / "imports" / "mappings" / "telecom_calls.json"
HEADERS = "Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,Satisfaction rating"


def telecom_file(folder: Path) -> Path:
    data = Path(os.environ.get("BPO_REAL_DATA", ROOT.parent / "shared" / "data"))
    real = data / "interactions" / "telecom_calls.csv"
    return real if real.exists() else _generated(folder / "telecom_calls.csv")


def _generated(path: Path) -> Path:
    chance = random.Random(2026)  # noqa: S311 - test data
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS.split(","))
        for number in range(1, 601):
            answered = chance.random() < 0.8
            day = date(2021, 1, 1) + timedelta(days=number // 10)
            call = [
                f"ID{number:04d}",
                chance.choice(["Diane", "Becky", "Jim"]),
                day.isoformat(),
                f"9:{number % 60:02d}:00",
            ]
            facts = ["Y", chance.choice("YN"), str(chance.randrange(10, 120)), f"0:0{chance.randrange(1, 7)}:20"]
            rating = [str(chance.randrange(1, 6))]
            writer.writerow([*call, "Payment related", *(facts + rating if answered else ["N", "N", "", "", ""])])
    return path


@dataclass(frozen=True)
class Counted:
    """What the standard library counts in the file."""

    rows: int
    answered: int
    resolved: int
    ratings: dict[int, int]

    @property
    def good(self) -> int:
        return self.ratings.get(4, 0) + self.ratings.get(5, 0)

    @property
    def rated(self) -> int:
        return sum(self.ratings.values())


def counted(path: Path) -> Counted:
    rows = list(_rows(path))
    ratings = Counter(int(row["Satisfaction rating"]) for row in rows if row["Satisfaction rating"])
    answered = sum(row["Answered (Y/N)"] == "Y" for row in rows)
    return Counted(len(rows), answered, sum(row["Resolved"] == "Y" for row in rows), dict(ratings))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
