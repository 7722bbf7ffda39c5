"""A client's people and leavers over a week, as attrition counts them: the one place that asks for it here."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from attrition.domain.book import Book
from attrition.domain.movement import movement
from attrition.facts import Facts
from attrition.selectors import headcount_on
from console.domain.week import LEAVING_DAYS, Figure


@dataclass(frozen=True, slots=True)
class People:
    """Who works for a client on a week's last day, by share of time, and who left in the 28 days to it."""

    headcount: float
    attrition: Figure


def people_of(book: Book, client_id: UUID, end: date) -> People:
    """People of one client on the day `end`, and its leavers of the 28 days to it over their mean headcount."""
    found = Facts(movement(book.by_client.get(client_id, []), end - timedelta(days=LEAVING_DAYS - 1), end))
    moved = found.movement
    low, high = found.interval or (None, None)
    rate = Figure(found.rate.value, float(moved.gone), moved.mean, moved.leavers, low, high)
    return People(float(headcount_on(end, client_id=client_id, book=book)), rate)
