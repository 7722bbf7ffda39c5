"""People for tests of leaving."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bpo.actors import system
from workforce.models import Assignment, Employment
from workforce.services import assign, hire

BY = system("tests")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def person(number: str, start: date, *clients: tuple[Any, str], name: str = "") -> Employment:
    """Somebody hired on a day, assigned to clients for shares from the same day."""
    employment = hire(number=number, name=name or f"Person {number}", starts_on=start, by=BY, now=NOW)
    for client, share in clients:
        assign(employee=employment.employee, client=client, share=Decimal(share), starts_on=start, by=BY, now=NOW)
    return employment


def assignments(employment: Employment) -> list[Assignment]:
    return list(Assignment.objects.filter(employee_id=employment.employee_id).order_by("starts_on", "client__key"))
