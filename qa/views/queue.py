"""The queue of reviews, and taking one out of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, Reach, may, reach, requires
from bpo.slots import Panel, lead_inbox
from bpo.ui.toasts import toast
from interactions.selectors import interaction_by_id
from qa import selectors
from qa.errors import NotPossible
from qa.forms import QueueForm, WhyForm
from qa.forms_finding import ReasonForm
from qa.models import ReviewTask
from qa.services import claim, hand_back, queue_interaction, skip, take_over
from qa.services.queueing import held_by_other
from qa.services.scoring import begin
from qa.services.targeting import cards_by_channel
from qa.words import minutes_left, picked

PAGE = 50
BESIDE = 8  # of what stands beside the queue


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
    """Now, mine in hand first; then what waits. Beside it whom to coach and what went wrong in the last day."""
    form, now = QueueForm(request.GET, reach=scoring_reach(request)), timezone.now()
    filters, principal = form.filters(), principal_of(request)
    reached, today = scoring_reach(request), timezone.localdate()
    mine = [] if filters != selectors.Filters() else selectors.in_hand_of(principal.actor_id, now=now, reach=reached)
    waiting = selectors.tasks(filters, apart_from=principal.actor_id, reach=reached)
    page = Paginator(waiting.exclude(pk__in=[one.pk for one in mine]), PAGE).get_page(request.GET.get("page"))
    due = selectors.due_count(filters, today, apart_from=principal.actor_id, reach=reached)
    coach = selectors.to_coach(selectors.for_team(principal, now=now), reach=reached)
    watch = selectors.failed_lately(now, reach=reached)
    shown = [*(mine if page.number == 1 else []), *page.object_list]
    context = {
        "page": page,
        "groups": _groups(shown, [one.pk for one in mine], Look(principal.actor_id, today, now)),
        "waits": page.paginator.count + len(mine),
        "due": due,
        "form": form,
        "filtered": filters != selectors.Filters(),
        "coach": list(coach[:BESIDE]),
        "to_coach": coach.count(),
        "watch": list(watch[:BESIDE]),
        "to_watch": watch.count(),
        "follow_ups": [one for found in lead_inbox.collect(Panel(None, principal)) for one in found],
        "may_take": may(principal, Permission.TAKE_REVIEWS),
        "now": now,
    }
    return render(request, "qa/queue.html", context)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at the queue, on which day and when."""

    actor: UUID | None
    today: date
    now: datetime


def _groups(tasks: Iterable[ReviewTask], mine: list[UUID], look: Look) -> list[dict[str, Any]]:
    """Tasks of the page under their headings, in the order they came; what one has in hand is now."""
    found: dict[str, list[dict[str, Any]]] = {"now": [], "week": [], "later": []}
    for task in tasks:
        key = "later" if task.due_on is None or task.due_on > look.today + timedelta(days=6) else "week"
        key = "now" if task.pk in mine or (task.due_on is not None and task.due_on <= look.today) else key
        live = task.state == "claimed" and task.lease_until is not None and task.lease_until > look.now
        found[key].append(
            {
                "task": task,
                "picked": picked(task),
                "held": live,
                "mine": task.holder_id == look.actor,
                "left": minutes_left(task, look.now) if live else "",
                "late": task.due_on is not None and task.due_on < look.today,
            }
        )
    titles = {"now": _("Now, in hand or due"), "week": _("In the next seven days"), "later": _("Later")}
    return [{"key": key, "title": titles[key], "rows": rows} for key, rows in found.items() if rows]


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


@requires(Permission.TAKE_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Ask why a review is taken out of somebody's hand, and take it."""
    reached = reach(principal_of(request), Permission.TAKE_REVIEWS)
    found = selectors.tasks(reach=reached).filter(pk=task_id).first()
    if found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, now = by_of(request), timezone.now()
        try:
            begin(task=take_over(task_id=task_id, by=by, now=now, **form.cleaned_data), by=by, now=now)
            return redirect("qa:review", task_id)
        except NotPossible as error:
            toast(request, str(error), level="warning")
            return redirect("qa:queue")
    fragment = request.headers.get("HX-Request") == "true"
    held = held_by_other(found, by_of(request), timezone.now())
    context = {"task": found, "form": form, "left": minutes_left(found, timezone.now()), "held": held}
    template = "qa/_take.html" if fragment else "qa/take.html"
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Permission.SCORE)
@require_POST
def give_back(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Lay a review back into the queue, or out of it when a reason is sent."""
    check_reach(request, task_id)
    by, now = by_of(request), timezone.now()
    reason = request.POST.get("reason", "").strip()
    try:
        if reason:
            skipped = skip(task_id=task_id, reason=reason, by=by, now=now)
            replaced = hasattr(skipped, "replacement")
            toast(request, _("Skipped; the next one by lot is in its place.") if replaced else _("Skipped."))
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
    cards = cards_by_channel()
    card = cards.get(interaction.channel) or cards.get("") or next(iter(cards.values()), None)
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
