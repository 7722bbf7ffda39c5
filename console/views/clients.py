"""The operator's first page: every client, what needs somebody, and the way into those one works for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Client
from accounts.selectors import clients_of, clients_with_hosts
from bpo.acting import principal_of
from bpo.permissions import Permission, may, requires
from bpo.tables import csv_file
from bpo.ui.context import colour_class
from console import selectors
from console.domain.attention import Level
from console.domain.week import WEEKS
from console.selectors import Row
from console.showing import (
    BY_CODE,
    CSV_HEAD,
    MEASURES,
    Cell,
    cell,
    cells,
    change,
    csv_line,
    figure_of,
    is_few,
    limits,
    told,
)
from console.strip import cells as strip_cells
from console.words import said

# The forms here end on a client's host, and a browser applies form-action to the redirect too.
CROSSING = {"form-action": [f"{settings.SCHEME}://*.{settings.BASE}"]}
SHOWN_AS = {"open": gettext_lazy("Open"), "closed": gettext_lazy("Closed"), "all": gettext_lazy("All")}
SIGNS = {Level.NOW: "warning", Level.SOON: "flag", Level.QUIET: "check"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its words, for the template."""

    row: Row
    title: str
    detail: str
    sign: str
    level: str
    more: int
    colour: str
    cells: list[Cell]
    mine: bool


@requires(Permission.SEE_HOME)
@csp_update(CROSSING)
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """All clients for those who run them; one's own for everybody else."""
    principal = principal_of(request)
    mine = {client.pk: client for client in clients_of(principal.user_id, now=timezone.now())}
    if not may(principal, Permission.SEE_CLIENTS):
        rows = [
            {**row, "colour": colour_class(row["client"].colour)}
            for row in clients_with_hosts()
            if row["client"].pk in mine
        ]
        return render(request, "console/my_clients.html", {"rows": rows})
    newest = selectors.newest_week()
    week = _chosen(request, newest)
    which = _which(request)
    board = selectors.board(week, which)
    rows_shown = [_shown(row, row.client.pk in mine) for row in board.rows]
    now = timezone.now()
    context = {
        "rows": rows_shown,
        "which": which,
        "tabs": [(name, SHOWN_AS[name], board.counts[name]) for name in SHOWN_AS],
        "counts": board.counts,
        "now_count": sum(1 for one in rows_shown if one.level == "now"),
        "soon_count": sum(1 for one in rows_shown if one.level == "soon"),
        "week": week,
        **_days(week),
        "weeks": [newest - timedelta(weeks=back) for back in range(WEEKS)] if newest else [],
        "measures": MEASURES,
        "first": next((one for one in rows_shown if one.mine), None),
        "strip": strip_cells(selectors.health(now)),
        "computed_at": max((one.row.computed_at for one in rows_shown if one.row.computed_at), default=None),
        "may_open": may(principal, Permission.OPEN_CLIENT),
        "may_give": may(principal, Permission.GIVE_ACCESS),
        "may_keep": may(principal, Permission.KEEP_LIBRARY),
    }
    return render(request, "console/clients.html", context)


@requires(Permission.SEE_CLIENTS)
@require_safe
def clients_csv(request: HttpRequest) -> HttpResponse:
    """The table as CSV: figures unrounded, with what each is made of."""
    week, which = _chosen(request, selectors.newest_week()), _which(request)
    rows = (csv_line(row, said(row.reasons[0])) for row in selectors.board(week, which).rows)
    return csv_file(f"clients-{week or 'none'}", CSV_HEAD, rows)


@requires(Permission.SEE_CLIENTS)
@csp_update(CROSSING)  # type: ignore[arg-type]  # the decorator is typed for views without arguments
@require_safe
def client(request: HttpRequest, key: str) -> HttpResponse:
    """One client: every reason in full, its figures, and the way in."""
    week = _chosen(request, selectors.newest_week())
    row = _row(key, week)
    mine = clients_of(principal_of(request).user_id, now=timezone.now()).filter(pk=row.client.pk).exists()
    context = {
        "one": _shown(row, mine),
        "reasons": [(said(reason), SIGNS[reason.level], reason.level.name.lower()) for reason in row.reasons],
        "week": week,
        **_days(week),
    }
    return render(request, "console/client.html", context)


@requires(Permission.SEE_CLIENTS)
@require_safe
def measure(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """One figure opened: its definition, what it is made of, and the weeks before. A fragment for the side panel."""
    if code not in BY_CODE:
        raise Http404
    asked, week = BY_CODE[code], _chosen(request, selectors.newest_week())
    row = _row(key, week)
    context: dict[str, Any] = {
        "client": row.client,
        "colour": colour_class(row.client.colour),
        "measure": told(asked, row.week),
        "otherwise": code == "service" and len({(one.counted_by, one.short) for one in row.weeks}) > 1,
        "cell": cell(row, asked),
        "change": change(asked, row),
        "found": asked.take(row.week) if row.week else None,
        "weeks": [_of_week(asked, one) for one in reversed(row.weeks)],
        "queues": row.week.queues if row.week and code == "service" else (),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "console/_measure.html" if fragment else "console/measure.html", context)


def _of_week(asked: Any, week: Any) -> dict[str, Any]:
    found = asked.take(week)
    few = not asked.counted and is_few(asked, found)
    return {
        "start": week.start,
        "found": found,
        "few": few,
        "figure": figure_of(asked, found),
        "limits": limits(asked, found, 1),
    }


def _row(key: str, week: date | None) -> Row:
    row = selectors.row_of(key, week)
    if row is None:
        raise Http404
    return row


def _shown(row: Row, mine: bool) -> Shown:
    first = row.reasons[0]
    title, detail = said(first)
    active = row.client.status == Client.Status.ACTIVE
    sign = "lock" if row.client.status in selectors.SHOWN["closed"] else SIGNS[first.level]
    return Shown(
        row, title, detail, sign, first.level.name.lower(), len(row.reasons) - 1,
        colour_class(row.client.colour), cells(row), mine and active,
    )  # fmt: skip


def _which(request: HttpRequest) -> str:
    """Open clients unless closed or all are asked for."""
    asked = request.GET.get("show", "")
    return asked if asked in SHOWN_AS else "open"


def _chosen(request: HttpRequest, newest: date | None) -> date | None:
    """The Monday asked for, if it is one of the last eight; else the newest."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return newest
    if newest is None or asked.weekday() or not newest - timedelta(weeks=WEEKS - 1) <= asked <= newest:
        return newest
    return asked


def _days(week: date | None) -> dict[str, Any]:
    """The week's first day in words, without the month where the last day has the same, and its last day."""
    if week is None:
        return {"last_day": None, "week_from": ""}
    last = week + timedelta(days=6)
    return {"last_day": last, "week_from": date_format(week, "j" if week.month == last.month else "j M")}
