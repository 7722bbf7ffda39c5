"""Named reads of people, seats and the ledger, as `app`."""

from workforce.selectors.people import Filters, Options, Person, find_people, options, people, people_of
from workforce.selectors.person import PersonPage, employee_by_id, person_page
from workforce.selectors.seats import (
    SeatDates,
    actor_of_user,
    actors_of_users,
    dates_of_seat,
    email_of_actor,
    teams_of_user,
)

__all__ = [
    "Filters",
    "Options",
    "Person",
    "PersonPage",
    "SeatDates",
    "actor_of_user",
    "actors_of_users",
    "dates_of_seat",
    "email_of_actor",
    "employee_by_id",
    "find_people",
    "options",
    "people",
    "people_of",
    "person_page",
    "teams_of_user",
]
