"""The list of interactions, and one with every fact recorded of it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, may, reach, requires
from bpo.slots import Panel, interaction_panel
from interactions.forms import FilterForm
from interactions.models import Interaction
from interactions.selectors import Filters, interaction_by_id, interactions
from interactions.views.recording_panel import shown

PAGE = 50


@requires(Permission.SEE_INTERACTIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, 50 a page. The number of statements does not depend on the number of rows."""
    form = FilterForm(request.GET)
    filters = form.filters() if form.is_valid() else Filters()
    reached = reach(principal_of(request), Permission.SEE_INTERACTIONS)
    page = Paginator(interactions(filters, reach=reached), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "filtered": filters != Filters(),
        "may_import": may(principal_of(request), Permission.IMPORT_INTERACTIONS),
    }
    return render(request, "interactions/list.html", context)


@requires(Permission.SEE_INTERACTIONS)
@require_safe
def detail(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    found = interaction_by_id(interaction_id, reach=reach(principal_of(request), Permission.SEE_INTERACTIONS))
    if found is None:
        raise Http404
    return page_of(request, found)


def page_of(request: HttpRequest, found: Interaction, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of an interaction, with the forms that were refused."""
    panels = interaction_panel.collect(Panel(found.pk, principal_of(request)))
    context = {
        **shown(request, found, **forms),
        "one": found,
        "panels": [mark_safe(panel) for panel in panels],  # noqa: S308 - rendered by templates, which escape
        "may_see_cases": may(principal_of(request), Permission.SEE_CASES),
    }
    return render(request, "interactions/detail.html", context, status=status)
