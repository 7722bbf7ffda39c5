"""The queues of a client: a planner makes one before anything is imported, and names them."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.errors import NotPossible
from interactions.models import Queue
from interactions.queue_keeping import add_queue, queues_kept, remove_queue, rename_queue
from scheduling.forms_queues import NameForm, QueueForm

HERE = "scheduling:queues"


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """Every queue, and a form for another."""
    return _page(request, QueueForm())


def _page(request: HttpRequest, form: forms.Form, *, naming: Queue | None = None, status: int = 200) -> HttpResponse:
    """The list beside a form: of a new queue, or of one that is given another name."""
    context = {"queues": queues_kept(), "form": form, "naming": naming}
    return render(request, "scheduling/queues.html", context, status=status)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Make a queue; what is wrong is said beside the form."""
    form = QueueForm(request.POST)
    if form.is_valid():
        try:
            queue = add_queue(by=by_of(request), now=timezone.now(), **form.cleaned_data)
        except NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            toast(request, _("%(queue)s is there. Its weeks can be forecast or brought.") % {"queue": queue.name})
            return redirect(HERE)
    return _page(request, form, status=422)


@requires(Permission.PLAN_SCHEDULE)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """Another name for a queue: the form, and what it sends."""
    found = queues_kept().filter(pk=queue_id).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, NameForm(initial={"name": found.name}), naming=found)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            queue = rename_queue(
                queue_id=queue_id, name=form.cleaned_data["name"], by=by_of(request), now=timezone.now()
            )
        except NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            toast(request, _("It is called %(queue)s now.") % {"queue": queue.name})
            return redirect(HERE)
    return _page(request, form, naming=found, status=422)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def remove(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """Take away a queue that nothing is kept of."""
    try:
        queue = remove_queue(queue_id=queue_id, by=by_of(request), now=timezone.now())
    except Queue.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("%(queue)s is gone.") % {"queue": queue.name})
    return redirect(HERE)
