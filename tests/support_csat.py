"""8,000 rated answers of an online shop's support, and what a plain loop over the file says of them.

The real file is used where it lies beside the checkout; elsewhere a seeded one of the same shape stands in, which
has some rows that were answered before they were reported.
"""

import csv
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAPPING = ROOT / "bpo" / "imports" / "mappings" / "support_csat.json"
HEADERS = (
    "channel", "category", "sub_category", "issue_reported_at", "issue_responded", "survey_date", "agent",
    "supervisor", "manager", "tenure_bucket", "shift", "csat",
)  # fmt: skip
MOMENT = "%d/%m/%Y %H:%M"
SUBJECTS = (("Returns", "Return request"), ("Returns", "Reverse Pickup Enquiry"), ("Cancellation", "Not Needed"))


def support_file(folder: Path) -> Path:
    data = Path(os.environ.get("BPO_REAL_DATA", ROOT.parent / "shared" / "data"))
    real = data / "csat" / "support_csat.csv"
    return real if real.exists() else generated(folder / "support_csat.csv")


def generated(path: Path, rows: int = 400) -> Path:
    chance = random.Random(8000)  # noqa: S311 - test data
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in range(rows):
            start = datetime(2023, 8, 1, 8, 55) + timedelta(minutes=37 * number)  # noqa: DTZ001 - as in the file
            end = start + timedelta(minutes=-9 if number % 50 == 7 else chance.randrange(0, 900))
            agent = chance.randrange(40)
            about = [chance.choice(["Inbound", "Outcall", "Email"]), *chance.choice(SUBJECTS)]
            times = [start.strftime(MOMENT), end.strftime(MOMENT), end.strftime("%d-%b-%y")]
            people = [f"A{agent:04d}", f"S{agent % 5:02d}", f"M{agent % 2}"]
            band = chance.choice(["On Job Training", "0-30", "31-60", "61-90", ">90"])
            writer.writerow(
                [*about, *times, *people, band, chance.choice(["Morning", "Night"]), chance.randrange(1, 6)]
            )
    return path


@dataclass
class Counted:
    """What the standard library counts in the file; `late` holds the row numbers answered before they were reported."""

    rows: int = 0
    late: list[int] = field(default_factory=list)
    ratings: Counter[int] = field(default_factory=Counter)
    by: dict[str, dict[str, Counter[int]]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    days: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> int:
        return self.ratings[4] + self.ratings[5]

    @property
    def kept(self) -> int:
        return self.rows - len(self.late)


def counted(path: Path) -> Counted:
    found = Counted(by={column: {} for column in ("channel", "category", "sub_category", "tenure_bucket", "shift")})
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            found.rows += 1
            reported, responded = (datetime.strptime(row[name], MOMENT) for name in HEADERS[3:5])  # noqa: DTZ007
            if responded < reported:
                found.late.append(number)
                continue
            found.ratings[int(row["csat"])] += 1
            found.people |= {row["agent"], row["supervisor"], row["manager"]}
            found.days[reported.date().isoformat()] += 1
            for column, groups in found.by.items():
                groups.setdefault(row[column], Counter())[int(row["csat"])] += 1
    return found
