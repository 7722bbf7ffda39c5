"""How long each kind of data is kept, and the first day that is kept today."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Term:
    """Whole days or calendar months, one of them."""

    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        if (self.days > 0) == (self.months > 0) or self.days < 0 or self.months < 0:
            raise ValueError(f"a term has days or months, above zero: days {self.days}, months {self.months}")


# Starting values; a client's contract may say other days (RetentionTerm).
TERMS: Final[Mapping[str, Term]] = {
    "recordings": Term(days=90),
    "surveys": Term(months=13),
    "operational": Term(days=90),
    "audit": Term(months=24),
}


def first_kept(term: Term, today: date) -> date:
    """The oldest day that is still kept. The 31st, or 29 February, of a month without one is its last day."""
    if term.days:
        return today - timedelta(days=term.days)
    months = today.year * 12 + today.month - 1 - term.months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def cutoff(term: Term, now: datetime, zone: str) -> datetime:
    """The instant before which data goes: the beginning of the first day kept, on the client's clock."""
    clock = ZoneInfo(zone)
    return datetime.combine(first_kept(term, now.astimezone(clock).date()), time(), clock)


def terms_with(agreed: Mapping[str, int]) -> dict[str, Term]:
    """The terms of one client: what its contract says in days, else ours. ValueError for a kind there is none of."""
    unknown = sorted(set(agreed) - set(TERMS))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no kind of data that has a term: {', '.join(TERMS)}")
    return {kind: Term(days=agreed[kind]) if kind in agreed else term for kind, term in TERMS.items()}
