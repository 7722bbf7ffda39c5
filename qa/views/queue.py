"""The queue of reviews, and taking one out of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, Reach, reach, requires
from bpo.ui.toasts import toast
from interactions.selectors import interaction_by_id
from qa import selectors
from qa.errors import NotPossible
from qa.forms import QueueForm, WhyForm
from qa.models import ReviewTask, Scorecard
from qa.services import claim, hand_back, queue_interaction, skip
from qa.services.scoring import begin
from qa.words import picked

PAGE = 50


def scoring_reach(request: HttpRequest) -> Reach | None:
    return reach(principal_of(request), Permission.SCORE)


def check_reach(request: HttpRequest, task_id: UUID) -> None:
    """404 where the review is about somebody out of reach; free of a statement for whoever reaches everybody."""
    reached = scoring_reach(request)
    if reached is not None and not selectors.task_within(task_id, reach=reached):
        raise Http404


@requires(Permission.SCORE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Now, then what waits; beside it whom to coach and what went critically wrong."""
    form, now = QueueForm(request.GET, reach=scoring_reach(request)), timezone.now()
    filters = form.filters()
    actor, reached = principal_of(request).actor_id, scoring_reach(request)
    page = Paginator(selectors.tasks(filters, apart_from=actor, reach=reached), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": _groups(list(page.object_list), timezone.localdate(), actor, now),
        "form": form,
        "filtered": filters != selectors.Filters(),
        "coach": list(selectors.unacknowledged(reach=reached)[:8]),
        "watch": selectors.critical_lately(now, reach=reached),
        "now": now,
    }
    return render(request, "qa/queue.html", context)


def _groups(tasks: Sequence[ReviewTask], today: date, actor: UUID | None, now: Any) -> list[dict[str, Any]]:
    """Tasks of the page under their headings, in the order they came."""
    found: dict[str, list[dict[str, Any]]] = {"now": [], "week": [], "later": []}
    for task in tasks:
        key = "later" if task.due_on is None or task.due_on > today + timedelta(days=6) else "week"
        key = "now" if task.due_on is not None and task.due_on <= today else key
        live = task.state == "claimed" and task.lease_until is not None and task.lease_until > now
        found[key].append({"task": task, "picked": picked(task), "held": live, "mine": task.holder_id == actor})
    titles = {"now": _("Now, due today or before"), "week": _("In the next seven days"), "later": _("Later")}
    return [{"title": titles[key], "rows": rows} for key, rows in found.items() if rows]


@requires(Permission.SCORE)
@require_POST
def open_next(request: HttpRequest) -> HttpResponse:
    """Take the next review in hand and go to it; an empty queue says so."""
    actor = principal_of(request).actor_id
    found = selectors.next_task(actor=actor, now=timezone.now(), reach=scoring_reach(request))
    if found is None:
        toast(request, _("Nothing waits in the queue."), level="info")
        return redirect("qa:queue")
    return open_one(request, found.pk)


@requires(Permission.SCORE)
@require_POST
def open_one(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take one review in hand and go to it; one that somebody else has, says who."""
    check_reach(request, task_id)
    by, now = by_of(request), timezone.now()
    try:
        begin(task=claim(task_id=task_id, by=by, now=now), by=by, now=now)
    except ReviewTask.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="warning")
        return redirect("qa:queue")
    return redirect("qa:review", task_id)


@requires(Permission.SCORE)
@require_POST
def give_back(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Lay a review back into the queue, or out of it when a reason is sent."""
    check_reach(request, task_id)
    by, now = by_of(request), timezone.now()
    reason = request.POST.get("reason", "").strip()
    try:
        if reason:
            skip(task_id=task_id, reason=reason, by=by, now=now)
            toast(request, _("Skipped."))
        else:
            hand_back(task_id=task_id, by=by, now=now)
            toast(request, _("Back in the queue; your answers are kept."))
    except ReviewTask.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="warning")
    return redirect("qa:queue")


@requires(Permission.SCORE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Queue one interaction by hand: asks why, then adds it."""
    interaction = interaction_by_id(interaction_id, reach=scoring_reach(request))
    if interaction is None:
        raise Http404
    form = WhyForm(request.POST if request.method == "POST" else None)
    cards = list(Scorecard.objects.filter(active=True, versions__isnull=False).distinct())
    card = next((one for one in cards if one.channel == interaction.channel), None) or next(iter(cards), None)
    if request.method == "POST" and card is not None and form.is_valid():
        try:
            why, by = form.cleaned_data["why"], by_of(request)
            queue_interaction(interaction_id=interaction_id, scorecard=card, why=why, by=by, now=timezone.now())
            toast(request, _("In the queue."))
            return redirect("interactions:detail", interaction_id)
        except NotPossible as error:
            form.add_error("why", str(error))
    status = 422 if form.errors else 200
    return render(request, "qa/add.html", {"one": interaction, "form": form, "card": card}, status=status)
