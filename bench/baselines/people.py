"""The list of people as somebody would write it for one company: two statements of SQL and the template."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from bpo.permissions import Principal, open_to_all
from bpo.roles import permissions_of
from bpo.urls_operator import urlpatterns as operator
from workforce.forms import PeopleFilters
from workforce.selectors import Options

PAGE = 50
OPTIONS = """
SELECT 'client', id::text, name FROM accounts_client UNION SELECT 'site', id::text, name FROM workforce_site
UNION SELECT 'team', team_id::text, team_name FROM workforce_placement
UNION SELECT 'class', id::text, name FROM workforce_trainingclass ORDER BY 3
"""
ROWS = """
SELECT e.id, e.number, e.name, m.starts_on, m.ends_on, s.name, p.team_name, c.name, c.colour, a.share,
       count(*) OVER () AS found
FROM workforce_employee e
JOIN workforce_employment m ON m.employee_id = e.id AND m.starts_on <= %(today)s
     AND (m.ends_on IS NULL OR m.ends_on > %(today)s)
JOIN workforce_site s ON s.id = m.site_id
JOIN workforce_assignment a ON a.employee_id = e.id AND (a.ends_on IS NULL OR a.ends_on > %(today)s)
JOIN accounts_client c ON c.id = a.client_id
LEFT JOIN workforce_placement p ON p.assignment_id = a.id AND (p.ends_on IS NULL OR p.ends_on > %(today)s)
WHERE a.client_id = %(client)s AND m.site_id = %(site)s AND e.name ILIKE %(text)s
ORDER BY e.name, e.number LIMIT 50
"""


def rows(query: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def months(start: date, today: date) -> str:
    count = (today.year - start.year) * 12 + today.month - start.month
    return f"{count // 12} years {count % 12} months"


@open_to_all("bench only; routed nowhere else")
def people(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    found: dict[str, list[tuple[str, str]]] = {"client": [], "site": [], "team": [], "class": []}
    for kind, key, name in rows(OPTIONS):
        found[kind].append((key, name))
    given = request.GET
    parameters = {"today": today, "client": given["client"], "site": given["site"], "text": f"%{given['q']}%"}
    people = rows(ROWS, parameters)
    form = PeopleFilters(request.GET, Options(found["client"], found["site"], found["team"], found["class"]))
    shown = [
        {
            "person": SimpleNamespace(
                id=row[0], number=row[1], name=row[2], starts_on=row[3], ends_on=row[4], site=row[5], team=row[6] or ""
            ),
            "left": False,
            "tenure": months(row[3], today),
            "clients": [(row[7], f"client-c{row[8]}", row[9])],
        }
        for row in people
    ]
    page = Paginator(range(people[0][10] if people else 0), PAGE).get_page(1)
    context = {"page": page, "rows": shown, "form": form, "state": "employed", "filtered": True, "may_import": True}
    return render(request, "workforce/people.html", context)


def known(get_response: Any) -> Any:
    """Everybody is HR here, so that the frame around the list is the same."""
    allowed = permissions_of({"hr"}, on_operator=True)
    principal = Principal(UUID(int=1), "HR", "staff", frozenset({"hr"}), True, permissions=allowed)

    def answer(request: HttpRequest) -> HttpResponse:
        request.principal, request.client = principal, None  # type: ignore[attr-defined]
        response: HttpResponse = get_response(request)
        return response

    return answer


urlpatterns = [path("people/", people), *operator]
