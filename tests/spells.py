"""Employment spells of one company, and what plain loops over the file say of them.

The real file is used where it lies beside the checkout; elsewhere a seeded one of the same shape stands in.
"""

import csv
import os
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADERS = "employee_no,hire_date,last_day,gender,industry,profession,recruited_by,coached,pay,commute"


def spells_file(folder: Path) -> Path:
    data = Path(os.environ.get("BPO_REAL_DATA", ROOT.parent / "shared" / "data"))
    real = data / "people" / "employment_spells.csv"
    return real if real.exists() else _generated(folder / "employment_spells.csv")


def _generated(path: Path) -> Path:
    chance = random.Random(2026)  # noqa: S311 - test data
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS.split(","))
        for number in range(200):
            hired = date(2021, 1, 4) + timedelta(days=chance.randrange(1900))
            gone = max(hired, date(2024, 7, 4)) + timedelta(days=chance.randrange(900))
            last = gone.isoformat() if gone < date(2026, 7, 1) else ""
            more = [chance.choice("mf"), "Retail", "HR", "web", "no", "white", "bus"]
            writer.writerow([f"E{number:05d}", hired.isoformat(), last, *more])
    return path


@dataclass(frozen=True)
class Spell:
    number: str
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def spells(path: Path) -> list[Spell]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Spell(
                row["employee_no"],
                date.fromisoformat(row["hire_date"]),
                date.fromisoformat(row["last_day"]) if row["last_day"] else None,
            )
            for row in csv.DictReader(file)
        ]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def product_limit(found: list[Spell], until: date) -> list[tuple[int, int, int, float]]:
    """Kaplan-Meier by the book: (day, at risk, left, still there), watched from the first last day on."""
    since = min(one.last for one in found if one.last)
    people = []
    for one in found:
        if one.first <= until:
            gone = one.last is not None and one.last <= until
            end = one.last if gone and one.last else until
            people.append((max(0, (since - one.first).days), (end - one.first).days + 1, gone))
    survival, points = 1.0, []
    for day in sorted({duration for _, duration, gone in people if gone}):
        at_risk = sum(1 for entry, duration, _ in people if entry < day <= duration)
        left = sum(1 for _, duration, gone in people if gone and duration == day)
        survival *= (at_risk - left) / at_risk
        points.append((day, at_risk, left, survival))
    return points
