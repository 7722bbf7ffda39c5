"""The list of people, and one of them."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.audit_reading import lines_of
from bpo.permissions import Permission, may, requires
from bpo.slots import Panel, person_panel
from bpo.ui.context import colour_class
from workforce import selectors
from workforce.forms import PeopleFilters
from workforce.models import Employee
from workforce.selectors import Filters, Person
from workforce.words import tenure

PAGE = 50


@requires(Permission.SEE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """By name, 50 a page. The number of statements does not depend on the number of rows."""
    today = timezone.now().date()
    form = PeopleFilters(request.GET, selectors.options())
    filters = form.filters() if form.is_valid() else Filters()
    page = Paginator(selectors.people(filters, today=today), PAGE).get_page(request.GET.get("page"))
    rows = selectors.people_of(list(page.object_list), today=today)
    context = {
        "page": page,
        "rows": [_row(row, today) for row in rows],
        "form": form,
        "state": filters.state,
        "filtered": filters != Filters(),
        "may_import": may(principal_of(request), Permission.IMPORT_PEOPLE),
    }
    return render(request, "workforce/people.html", context)


@requires(Permission.SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    employee = selectors.employee_by_id(employee_id)
    if employee is None:
        raise Http404
    return show_person(request, employee)


def show_person(
    request: HttpRequest, employee: Employee, *, panels: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """The person's page with its panels, or with those a floor above has rendered itself after a form failed."""
    now = timezone.now()
    found = selectors.person_page(employee, now=now)
    if panels is None:
        panels = person_panel.collect(Panel(employee.pk, principal_of(request), request))
    last = found.employment
    context = {
        "found": found,
        "last": last,
        "left": bool(last and last.ends_on and last.ends_on <= now.date()),
        "tenure": tenure(last.starts_on, last.ends_on, today=now.date()) if last else "",
        "entries": [(line, line.words) for line in lines_of(found.entries)],
        "late_blocks": [b for b in found.blocks if last and last.ends_on and b.duty.business_date >= last.ends_on],
        "panels": [mark_safe(panel) for panel in panels],  # noqa: S308 - rendered by templates, which escape
    }
    return render(request, "workforce/person.html", context, status=status)


def _row(row: Person, today: Any) -> dict[str, Any]:
    return {
        "person": row,
        "left": bool(row.ends_on and row.ends_on <= today),
        "tenure": tenure(row.starts_on, row.ends_on, today=today),
        "clients": [(one.name, colour_class(one.colour), one.share) for one in row.clients],
    }
