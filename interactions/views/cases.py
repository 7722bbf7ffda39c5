"""Cases: what is open and how old, and one with its resolutions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.slots import Panel, case_panel
from bpo.ui.numbers import Measure
from bpo.ui.toasts import toast
from interactions.domain import measures
from interactions.errors import NotPossible, StaleVersion
from interactions.forms import EmailForm, VersionForm
from interactions.models import Case
from interactions.selectors import case_by_id, cases, histories, reach_of_cases
from interactions.services import reopen_case, resolve_case, set_customer_email, version_of

PAGE = 50
REPEAT_DAYS = 7
STATES = ("open", "resolved")


@requires(Permission.SEE_CASES)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Cases, newest first. Whose reach is less than everything sees the cases that somebody within it had a part in."""
    principal = principal_of(request)
    reach = reach_of_cases(principal)
    if reach is not None and principal.actor_id is None:
        raise Http404
    state = request.GET.get("state", "")
    found = cases(state=state if state in STATES else "", reach=reach)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, **(_measures() if reach is None else {})}
    return render(request, "interactions/cases.html", context)


def _measures() -> dict[str, Any]:
    now = timezone.now()
    found = histories()
    repeat = measures.repeat_rate(found, days=REPEAT_DAYS, until=now)
    return {
        "active": measures.active_issues(found, now),
        "bands": measures.backlog(found, now),
        "repeat": Measure(repeat.value, repeat.num, repeat.den),
        "repeat_days": REPEAT_DAYS,
        "measured": True,
    }


@requires(Permission.SEE_CASES)
@require_safe
def detail(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _page(request, _case(request, case_id))


@requires(Permission.RESOLVE_CASES)
@require_POST
def resolve(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _change(request, case_id, resolve_case, _("Case resolved."))


@requires(Permission.RESOLVE_CASES)
@require_POST
def reopen(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _change(request, case_id, reopen_case, _("Case reopened."))


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def customer_email(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Set the customer's address. One that is no address comes back with its field marked, 422."""
    case = _case(request, case_id)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form=form, status=422)
    try:
        set_customer_email(
            case_id=case.pk,
            email=form.cleaned_data["email"],
            version=form.cleaned_data["version"],
            by=by_of(request),
            now=timezone.now(),
        )
    except StaleVersion as error:
        return _stale(request, case, error, wanted=form.cleaned_data["email"])
    except NotPossible as error:
        form.add_error("email", str(error))
        return _page(request, case, form=form, status=422)
    toast(request, _("Address saved."))
    return redirect("interactions:case", case.pk)


def _change(request: HttpRequest, case_id: UUID, verb: Callable[..., Case], told: str) -> HttpResponse:
    case = _case(request, case_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, case, status=422)
    try:
        verb(case_id=case.pk, version=form.cleaned_data["version"], by=by_of(request), now=timezone.now())
    except StaleVersion as error:
        return _stale(request, case, error)
    except NotPossible as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, told)
    return redirect("interactions:case", case.pk)


def _stale(request: HttpRequest, case: Case, error: StaleVersion, *, wanted: str | None = None) -> HttpResponse:
    """409: both versions side by side, nothing lost."""
    context = {"case": case, "error": error, "wanted": wanted, "version": version_of(case)}
    return render(request, "interactions/stale.html", context, status=409)


def _page(request: HttpRequest, case: Case, *, form: EmailForm | None = None, status: int = 200) -> HttpResponse:
    principal = principal_of(request)
    address = case.customer.email if case.customer else ""
    panels = case_panel.collect(Panel(case.pk, principal))
    context = {
        "case": case,
        "form": form or EmailForm(initial={"email": address, "version": version_of(case)}),
        "panels": [mark_safe(panel) for panel in panels],  # noqa: S308 - rendered by templates, which escape
        "may_resolve": may(principal, Permission.RESOLVE_CASES),
        "may_edit": may(principal, Permission.EDIT_CUSTOMERS),
        "may_see_data": may(principal, Permission.EXPORT_SUBJECT),
        "may_see_interactions": may(principal, Permission.SEE_INTERACTIONS),
    }
    return render(request, "interactions/case.html", context, status=status)


def _case(request: HttpRequest, case_id: UUID) -> Case:
    """The case, 404 where there is none within the person's reach."""
    found = case_by_id(case_id, reach=reach_of_cases(principal_of(request)))
    if found is None:
        raise Http404
    return found
