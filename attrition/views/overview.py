"""Who leaves, when, and from where: the month's rate, the waterfall, the curve and the clients."""

from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Client
from attrition import charts, selectors, showing
from attrition.definitions import DEFINITIONS, LEFT_OUT, SURE
from attrition.domain.book import Book, Curve
from attrition.domain.movement import DAY
from attrition.facts import NEEDS, Facts
from attrition.forms import OverviewForm
from attrition.showing import Wanted
from attrition.words import REASON_LABELS
from bpo.permissions import Permission, requires
from bpo.tables import csv_file
from bpo.ui.numbers import interval
from workforce.models import TrainingClass

SHOWN = 50
CSV_HEAD = ("client", "from", "to", "leavers", "mean_headcount", "rate", "low", "high", "formula")


@requires(Permission.SEE_ATTRITION)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Five statements whatever the number of people: clients, classes, employments, assignments, and the frame's."""
    form, clients, classes = _form(request)
    wanted = _wanted(form, clients)
    book = selectors.read_book()
    found = selectors.rates(wanted.first, wanted.last, book=book)
    facts = showing.facts_of(wanted, found)
    context: dict[str, Any] = {"form": form, "wanted": wanted, "needs": NEEDS, "query": request.GET.urlencode()}
    if facts is None or not book.employments:
        return render(request, "attrition/overview.html", context | {"empty": True, "any": bool(book.employments)})
    context |= _rate(wanted, facts, book) | _curve(form, wanted, book, classes) | _clients(clients, wanted, book)
    return render(request, "attrition/overview.html", context)


@requires(Permission.SEE_ATTRITION)
@require_safe
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """What a figure means, what it is made of, and the people behind it; a panel, or a page without script."""
    if key not in DEFINITIONS:
        raise Http404
    form, clients, _classes = _form(request)
    wanted = _wanted(form, clients)
    facts = showing.facts_of(wanted, selectors.rates(wanted.first, wanted.last))
    if facts is None:
        raise Http404
    client_id = wanted.client.pk if wanted.client else None
    people = [] if facts.suppressed else list(selectors.separations(wanted.first, wanted.last, client_id=client_id))
    context = {
        "figure": showing.figure(facts, key),
        "limits": showing.limits(facts) if key == "mean" else "",
        "period": _period(wanted),
        "left_out": LEFT_OUT,
        "sure": SURE,
        "people": [(one, REASON_LABELS.get(one.reason, one.reason)) for one in people[:SHOWN]],
        "more": max(0, len(people) - SHOWN),
        "client": wanted.client,
    }
    in_panel = bool(getattr(request, "htmx", False))
    return render(request, f"attrition/{'_definition' if in_panel else 'definition'}.html", context)


@requires(Permission.SEE_ATTRITION)
@require_safe
def clients_csv(request: HttpRequest) -> HttpResponse:
    """The table of clients; groups under ten people without their figures."""
    form, clients, _classes = _form(request)
    wanted, book = _wanted(form, clients), selectors.read_book()
    rows = showing.client_rows(clients, selectors.rates(wanted.first, wanted.last, book=book), book, wanted)
    return csv_file(f"attrition-{wanted.first:%Y-%m}", CSV_HEAD, (_csv_line(row, wanted) for row in rows))


def _csv_line(row: showing.ClientRow, wanted: Wanted) -> list[object]:
    facts = row.facts
    low, high = facts.interval or (None, None)
    shown = [None] * 5 if facts.suppressed else [row.left, facts.movement.mean, facts.rate.value, low, high]
    return [row.client.name, wanted.first, wanted.last, *shown, "leavers / daily-average headcount"]


def _form(request: HttpRequest) -> tuple[OverviewForm, list[Client], list[TrainingClass]]:
    clients = list(Client.objects.exclude(status=Client.Status.DROPPED).order_by("name"))
    classes = list(TrainingClass.objects.all())
    form = OverviewForm(request.GET, clients=clients, classes=classes, today=timezone.now().date())
    form.is_valid()
    return form, clients, classes


def _wanted(form: OverviewForm, clients: list[Client]) -> Wanted:
    """What the form asks for; anything that is no choice is the last full month of the company."""
    last_first = form.month()
    first = selectors.months_back(last_first, form.length() - 1)
    client = next((one for one in clients if one.key == form.cleaned_data.get("client")), None)
    return Wanted(first, selectors.month(last_first)[1], client)


def _rate(wanted: Wanted, facts: Facts, book: Book) -> dict[str, Any]:
    before = Wanted(selectors.months_back(wanted.first, wanted.months), wanted.first - DAY, wanted.client)
    earlier = showing.facts_of(before, selectors.rates(before.first, before.last, book=book))
    moved = facts.movement
    steps = showing.steps(moved, _day(wanted.first), _day(wanted.last))
    whole = all(value == int(value) for _label, value, _tone in steps)
    named = showing.figures(facts, at_client=wanted.client is not None)
    return {
        "facts": facts,
        "period": _period(wanted),
        "main": named[0],
        "others": named[1:],
        "limits": showing.limits(facts),
        "change": showing.change(facts, earlier, _period(before)),
        "linear": None if facts.suppressed else facts.a_year(compound=False),
        "compound": None if facts.suppressed else facts.a_year(compound=True),
        "bars": [] if facts.suppressed else charts.waterfall(steps, 0 if whole else 1),
        "waterfall_title": showing.waterfall_title(moved),
    }


def _curve(form: OverviewForm, wanted: Wanted, book: Book, classes: list[TrainingClass]) -> dict[str, Any]:
    """The curve of a class, or of who was hired in two years, beside everybody else hired since."""
    chosen = next((one for one in classes if str(one.pk) == form.cleaned_data.get("group")), None)
    since = None if form.cleaned_data.get("group") == "all" else selectors.months_back(wanted.last, 24)
    rows = book.cohort(lambda row: since is None or row.starts_on >= since)
    if chosen is not None:
        mine = book.cohort(lambda row: row.training_class == chosen.pk)
    elif wanted.client is not None:
        mine = [row for row in rows if book.first_client(row) == wanted.client.pk]
    else:
        mine = list(rows)
    others = [row for row in rows if row not in set(mine)]
    curve = book.curve(mine, until=wanted.last)
    other = book.curve(others, until=wanted.last) if len(others) >= NEEDS else None
    return {
        "curve": curve,
        "drawing": charts.survival(curve, other) if curve.n >= NEEDS else None,
        "curve_title": showing.curve_title(curve),
        "curve_name": chosen.name if chosen else (wanted.client.name if wanted.client else _("Company")),
        "curve_rows": showing.curve_rows(curve, other),
        "other": other,
        "marker": _marker(curve),
        "since": since,
        "watched_since": book.watched_since if since is None else None,
    }


def _marker(curve: Curve) -> dict[str, Any] | None:
    point = curve.at(90)
    if point is None or curve.at_risk(90) < NEEDS:
        return None
    return {"share": point.survival, "limits": interval((point.low or 0) * 100, (point.high or 0) * 100)}


def _clients(clients: list[Client], wanted: Wanted, book: Book) -> dict[str, Any]:
    rows = showing.client_rows(clients, selectors.rates(wanted.first, wanted.last, book=book), book, wanted)
    groups = [
        (showing.group_words(verdict), list(mine)) for verdict, mine in groupby(rows, key=lambda row: row.verdict)
    ]
    return {"groups": groups, "clients_title": showing.clients_title(rows), "axis": showing.AXIS}


def _day(day: date) -> str:
    return date_format(day, "j M")


def _period(wanted: Wanted) -> str:
    """ "October 2026", or "Aug to Oct 2026"."""
    if wanted.months == 1:
        return date_format(wanted.first, "F Y")
    return _("%(first)s to %(last)s") % {
        "first": date_format(wanted.first, "M Y"),
        "last": date_format(wanted.last, "M Y"),
    }
