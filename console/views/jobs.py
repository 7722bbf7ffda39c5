"""How the outbox is doing, and a second chance for what died."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import operator_of
from bpo.outbox.models import Job
from bpo.outbox.selectors import broker_answers
from bpo.permissions import Permission, requires
from bpo.ui.numbers import number
from bpo.ui.toasts import toast
from console import selectors
from console.jobs import PERSON, replay_kind, replay_one

PAGE = 50


class DataSelect(forms.Select):
    """A choice of data: its options are names, which no translator touches; "" and "-" are words of ours."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) not in ("", "-"):
            option["attrs"]["translate"] = "no"
        return option


class JobFilter(forms.Form):
    """What the list is narrowed to; without a state, what waits for a person."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Work"), required=False, widget=DataSelect)
    client = forms.ChoiceField(label=gettext_lazy("Client"), required=False, widget=DataSelect)

    def __init__(self, data: QueryDict, kinds: list[str], clients: list[tuple[str, str]]) -> None:
        super().__init__(data)
        states = [("", _("dead or uncertain")), *Job.State.choices, ("all", _("all states"))]
        chosen: dict[str, list[tuple[str, Any]]] = {
            "state": states,
            "kind": [("", _("all work")), *((kind, kind) for kind in kinds)],
            "client": [("", _("all clients")), ("-", _("the operator")), *clients],
        }
        for name, choices in chosen.items():
            field = self.fields[name]
            field.choices = field.widget.choices = choices  # type: ignore[attr-defined]  # both are choice fields


@requires(Permission.SEE_JOBS)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The outbox by state and kind, and the jobs asked for, newest first."""
    now = timezone.now()
    found = selectors.health(now)
    form = JobFilter(request.GET, [one.kind for one in found], selectors.client_choices())
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(selectors.jobs(**wanted), PAGE).get_page(request.GET.get("page"))
    counts = selectors.by_state(found)
    context = {
        "states": [(state, label, counts[state]) for state, label in Job.State.choices],
        "needs": counts[Job.State.DEAD] + counts[Job.State.UNCERTAIN],
        "kinds": found,
        "page": page,
        "form": form,
        "filtered": any(wanted.values()),
        "state": wanted.get("state", ""),
        "person": PERSON,
        "oldest": max((one.oldest_due for one in found if one.oldest_due is not None), default=None),
        "broker": broker_answers(),
    }
    return render(request, "console/jobs.html", context)


@requires(Permission.SEE_JOBS)
@require_POST
def replay_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Make a dead or uncertain job ready again; the audit says who asked."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise Http404
    done = replay_one(job=job, by=operator_of(request), now=timezone.now())
    text = _("The job is ready again.") if done else _("The job was neither dead nor uncertain; nothing changed.")
    toast(request, text, level="success" if done else "warning")
    return _back(request)


@requires(Permission.SEE_JOBS)
@require_POST
def replay_all(request: HttpRequest) -> HttpResponse:
    """Make every dead job of one kind ready again. Uncertain ones are decided one by one."""
    kind = request.POST.get("kind", "")
    n = replay_kind(kind=kind, by=operator_of(request), now=timezone.now())
    if not n:
        toast(request, _("No dead job of that kind; nothing changed."), level="warning")
    else:
        text = ngettext("%(n)s job of %(kind)s is ready again.", "%(n)s jobs of %(kind)s are ready again.", n)
        toast(request, text % {"n": number(n), "kind": kind})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """The list as it was narrowed."""
    kept = {name: request.POST[name] for name in ("state", "client", "kind_shown") if request.POST.get(name)}
    if "kind_shown" in kept:
        kept["kind"] = kept.pop("kind_shown")
    return redirect(f"{reverse('console:jobs')}?{urlencode(kept)}" if kept else "console:jobs")
