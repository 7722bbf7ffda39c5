"""What planners know better than the past: special events of a queue, and changes to what is expected."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from scheduling.domain.weeks import monday_of
from scheduling.errors import NotPossible
from scheduling.forms import EditForm, EventForm
from scheduling.models import ForecastEdit, SpecialEvent
from scheduling.services import add_event, edit_forecast, remove_event, take_back_edit
from scheduling.views.asked import Asked, asked

AnyForm = TypeVar("AnyForm", bound=forms.Form)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def new_event(request: HttpRequest) -> HttpResponse:
    """Note a holiday or event of a queue; what is wrong with it is said."""
    now = timezone.now()

    def keep(about: Asked, form: EventForm) -> None:
        add_event(queue_id=about.queue.pk, by=by_of(request), now=now, **form.event)
        toast(request, _("Noted. Forecast again to take it into account."))

    return _kept(request, now, EventForm(request.POST), keep)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def end_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Take an event off."""
    try:
        found = remove_event(event_id=event_id, by=by_of(request), now=timezone.now())
    except SpecialEvent.DoesNotExist as error:
        raise Http404 from error
    query = urlencode({"queue": found.queue.key, "week": monday_of(found.first_day).isoformat()})
    return redirect(f"{reverse('scheduling:forecast')}?{query}")


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def new_edit(request: HttpRequest) -> HttpResponse:
    """Change what is expected over a day or some of its hours, with a reason."""
    now = timezone.now()

    def keep(about: Asked, form: EditForm) -> None:
        edit_forecast(queue_id=about.queue.pk, by=by_of(request), now=now, **form.change(about.week.zone))

    return _kept(request, now, EditForm(request.POST), keep)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def take_back(request: HttpRequest, edit_id: UUID) -> HttpResponse:
    """Let a change count no longer."""
    about = asked(request, timezone.now())
    try:
        take_back_edit(edit_id=edit_id, by=by_of(request), now=timezone.now())
    except ForecastEdit.DoesNotExist as error:
        raise Http404 from error
    return redirect(f"{reverse('scheduling:forecast')}?{about.query if about else ''}")


def _kept(request: HttpRequest, now: datetime, form: AnyForm, keep: Callable[[Asked, AnyForm], None]) -> HttpResponse:
    """Back to the forecast, with what was sent kept, or with what is wrong with it."""
    about = asked(request, now)
    if about is None:
        raise Http404
    try:
        if form.is_valid():
            keep(about, form)
        else:
            toast(request, wrong(form), level="warning")
    except NotPossible as error:
        toast(request, str(error), level="warning")
    return redirect(f"{reverse('scheduling:forecast')}?{about.query}")


def wrong(form: forms.Form) -> str:
    """What is wrong with a form, field by field."""
    return " ".join(f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items() if name in form.fields)
