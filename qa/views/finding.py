"""Looking for work: the search, handling times that don't fit, queueing what was found, and searches kept."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast, toast_now
from interactions.models import Interaction
from interactions.selectors import within
from qa import selectors
from qa.errors import NotPossible
from qa.forms_finding import FindForm, PlaceForm, SaveForm
from qa.models import ReviewTask
from qa.odd_words import Finding, findings, row_words
from qa.selectors.outliers import names_of
from qa.services import queue_many, remove_filter, save_filter, take_out
from qa.services.targeting import Queued
from qa.views.queue import scoring_reach

PAGE = 50
DUE = timedelta(days=7)  # for what was looked for
ASKED = ("start", "end", "queue", "channel", "team", "agent", "aht", "low", "again", "new", "abusive", "seen", "order")
SIDES = ("long", "short")


def _form(request: HttpRequest, data: Any) -> FindForm:
    form = FindForm(data, today=timezone.localdate(), reach=scoring_reach(request))
    form.is_valid()
    return form


@requires(Permission.SCORE)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Interactions worth a review, and how many there are; the fragment alone where the page asks for its rows."""
    return _found(request, request.GET)


def _found(request: HttpRequest, data: Any) -> HttpResponse:
    form = _form(request, data)
    wanted, principal = form.wanted(), principal_of(request)
    rows = selectors.finds(wanted, order=form.ordered, reach=scoring_reach(request))
    page = Paginator(rows, PAGE).get_page(data.get("page"))
    context = {
        "page": page,
        "rows": _rows(page, wanted),
        "form": form,
        "query": kept_query(data),
        "words": form.words(),
        "filtered": wanted.signals or bool(kept_query(data)),
        "saved": selectors.saved_filters(principal.actor_id),
        "orders": _orders(data, form.ordered),
        "here": "find",
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "qa/_found.html" if fragment else "qa/find.html", context)


def kept_query(data: QueryDict) -> str:
    """What was asked for, as a query string: known names with a value, without the page."""
    return urlencode([(name, data[name]) for name in ASKED if data.get(name)])


def _rows(page: Page[Interaction], wanted: selectors.Wanted) -> list[dict[str, Any]]:
    found = list(page.object_list)
    ratings, queued = selectors.ratings_of(found, wanted), selectors.in_queue_of(found)
    return [{"one": one, "rating": ratings.get(one.pk), "queued": one.pk in queued} for one in found]


def _orders(data: QueryDict, now: str) -> dict[str, dict[str, str]]:
    """Of each sortable column: where its header leads, and how it is sorted now."""
    pairs = {"when": ("newest", "oldest"), "aht": ("longest", "shortest"), "agent": ("agent", "agent")}
    found = {}
    for column, (first, second) in pairs.items():
        asked = data.copy()
        asked["order"] = second if now == first else first
        state = {first: "descending", second: "ascending"}.get(now, "")
        found[column] = {"query": kept_query(asked), "state": "ascending" if state and column == "agent" else state}
    return found


@requires(Permission.SCORE)
@require_safe
def odd(request: HttpRequest) -> HttpResponse:
    """Handling times that don't fit their group, and what is different about them."""
    form = PlaceForm(request.GET, today=timezone.localdate())
    form.is_valid()
    start, end = form.period
    side = request.GET.get("side") if request.GET.get("side") in SIDES else "long"
    queue = UUID(form.cleaned_data["queue"]) if form.cleaned_data.get("queue") else None
    channel = form.cleaned_data.get("channel") or ""
    found = selectors.odd_ones(start, end, queue=queue, channel=channel, reach=scoring_reach(request))
    own = [one for one in found.found if one.long is (side == "long")]
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "side": side,
        "found": found,
        "sides": _sides(request, found),
        "page": page,
        "rows": _odd_rows(request, list(page.object_list)),
        "findings": _findings(found, side or "long"),
        "query": kept_query(_with_side(request.GET, side or "long")),
        "here": "odd",
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "qa/_odd.html" if fragment else "qa/odd.html", context)


def _with_side(data: QueryDict, side: str) -> QueryDict:
    asked = data.copy()
    asked["aht"] = side
    return asked


def _sides(request: HttpRequest, found: selectors.Odd) -> list[dict[str, Any]]:
    labels = {"long": _("Unusually long"), "short": _("Unusually short")}
    sides = []
    for side in SIDES:
        asked = request.GET.copy()
        asked.pop("page", None)
        asked["side"] = side
        n = sum(1 for one in found.found if one.long is (side == "long"))
        sides.append({"key": side, "label": labels[side], "query": asked.urlencode(), "n": n})
    return sides


def _odd_rows(request: HttpRequest, found: Sequence[Any]) -> list[dict[str, Any]]:
    ids = [one.key for one in found]
    reached = within(scoring_reach(request))
    there = Interaction.objects.filter(reached, pk__in=ids).select_related("queue", "reason", "agent__team")
    known = {one.pk: one for one in there}
    queued = selectors.in_queue_of(list(known.values()))
    return [
        {"one": known[one.key], "queued": one.key in queued, **row_words(known[one.key], one)}
        for one in found
        if one.key in known
    ]


def _findings(found: selectors.Odd, side: str) -> list[Finding]:
    traits = found.long if side == "long" else found.short
    return findings(traits, names_of(traits))


@requires(Permission.SCORE)
@require_POST
def queue(request: HttpRequest) -> HttpResponse:
    """Queue what was chosen, as targeted, with the search in words as the reason."""
    asked = QueryDict(request.POST.get("query", ""))
    form, by = _form(request, asked), by_of(request)
    ids = within(scoring_reach(request))
    chosen = Interaction.objects.filter(ids, pk__in=_uuids(request.POST.getlist("interaction")))
    try:
        done = queue_many(
            interactions=list(chosen.values_list("pk", flat=True)),
            why=form.words(),
            due_on=timezone.localdate() + DUE,
            by=by,
            now=timezone.now(),
        )
    except NotPossible as error:
        return _said(request, asked, str(error), level="warning")
    undo = _with(reverse("qa:find_undo", args=[done.batch]), _place(request, asked)) if done.queued else ""
    return _said(request, asked, _told(done), undo=undo)


def _uuids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _said(request: HttpRequest, asked: QueryDict, text: str, *, level: str = "success", undo: str = "") -> HttpResponse:
    """Say it on the page that asked: with fresh rows where only these are wanted, else on the page itself."""
    place = _place(request, asked)
    if request.headers.get("HX-Request") == "true" and not place:
        data = asked.copy()
        data["page"] = request.POST.get("page", "1")
        return toast_now(_found(request, data), text, level=level, undo=undo)
    toast(request, text, level=level, undo=undo)
    if place:
        return redirect(_with(reverse("qa:odd"), place))
    return redirect(f"{reverse('qa:find')}?{kept_query(asked)}")


def _place(request: HttpRequest, asked: QueryDict) -> dict[str, str]:
    """Where the page of handling times stood that asked; nothing where another page did."""
    if request.POST.get("back") != "odd":
        return {}
    kept = {name: str(asked[name]) for name in ("start", "end", "queue", "channel") if asked.get(name)}
    return {**kept, "side": asked.get("aht", "long"), "page": request.POST.get("page", "1")}


def _with(address: str, place: dict[str, str]) -> str:
    return f"{address}?{urlencode(place)}" if place else address


def _told(done: Queued) -> str:
    parts = [ngettext("%(n)s queued", "%(n)s queued", done.queued) % {"n": done.queued}]
    if done.already:
        parts.append(_("%(n)s already there") % {"n": done.already})
    if done.left_out:
        parts.append(_("%(n)s without a scorecard for their channel") % {"n": done.left_out})
    return ", ".join(parts)


@requires(Permission.SCORE)
@require_POST
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take back what was queued in one go; what follows the address is where the page of handling times stood."""
    try:
        n = take_out(batch=batch, by=by_of(request), now=timezone.now())
    except ReviewTask.DoesNotExist as error:
        raise Http404 from error
    text = ngettext("%(n)s taken out again.", "%(n)s taken out again.", n) % {"n": n}
    if request.headers.get("HX-Request") == "true":
        return toast_now(HttpResponse(status=204), text)
    toast(request, text)
    return redirect(_with(reverse("qa:odd" if request.GET else "qa:find"), request.GET.dict()))


@requires(Permission.SCORE)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep this search under a name of one's own."""
    asked, form = QueryDict(request.POST.get("query", "")), SaveForm(request.POST)
    query = kept_query(asked)
    try:
        name = form.cleaned_data["name"] if form.is_valid() else ""
        kept = save_filter(name=name, query=query, by=by_of(request), now=timezone.now())
        toast(request, _("Kept as “%(name)s”.") % {"name": kept.name})
    except NotPossible as error:
        toast(request, str(error), level="warning")
    return redirect(f"{reverse('qa:find')}?{query}")


@requires(Permission.SCORE)
@require_POST
def forget(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    """Remove one of one's own kept searches; it is still there to be kept again."""
    gone = remove_filter(filter_id=filter_id, by=by_of(request))
    if gone is None:
        raise Http404
    toast(request, _("“%(name)s” is no longer kept.") % {"name": gone.name})
    return redirect(f"{reverse('qa:find')}?{gone.query}")
