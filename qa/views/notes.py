"""Coaching notes for those who coach: given beside an evaluation or on an interaction, one with its thread."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.ids import uuid7
from bpo.permissions import Permission, may, reach, requires
from bpo.ui.toasts import toast
from interactions.models import Interaction
from interactions.selectors import interaction_by_id
from qa import selectors
from qa.domain.content import questions
from qa.errors import NotPossible
from qa.forms import GiveNoteForm, ReplyForm, ShareForm
from qa.models import Evaluation, Note
from qa.models.note import LEVELS, Visibility
from qa.services import give_note, reply, share_note, withdraw_note
from qa.views.evaluations import heard

WORDS = {
    Visibility.PRIVATE: _lazy("Noted, for you alone."),
    Visibility.TEAM: _lazy("Noted for leads and analysts."),
    Visibility.AGENT: _lazy("Noted for the agent."),
    Visibility.CLIENT: _lazy("Noted for the agent and the client."),
}


@requires(Permission.COACH)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """A note beside an evaluation, whether it is released or not."""
    found = selectors.evaluation_by_id(evaluation_id, reach=reach(principal_of(request), Permission.COACH))
    if found is None:
        raise Http404
    return _give(request, found.interaction, found, reverse("qa:evaluation", args=[evaluation_id]))


@requires(Permission.COACH)
@require_http_methods(["GET", "POST"])
def give_on_interaction(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """A note on an interaction that needs no evaluation."""
    found = interaction_by_id(interaction_id, reach=reach(principal_of(request), Permission.COACH))
    if found is None:
        raise Http404
    return _give(request, found, None, reverse("interactions:detail", args=[interaction_id]))


def _give(request: HttpRequest, about: Interaction, one: Evaluation | None, back: str) -> HttpResponse:
    revision = one.current if one else None
    asked = questions(revision.scorecard_version.content) if revision else []
    form = GiveNoteForm(
        request.POST or None, initial={"note": uuid7()}, asked=[(q.key, f"{q.number}  {q.text}") for q in asked]
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        ids: dict[str, Any] = {"note_id": given.pop("note") or uuid7(), "interaction_id": about.pk}
        try:
            note = give_note(
                **ids, **given, revision_id=revision.pk if revision else None, by=by_of(request), now=timezone.now()
            )
        except NotPossible as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            toast(request, WORDS[Visibility(note.visibility)], undo=reverse("qa:withdraw_note", args=[note.pk]))
            return redirect(back)
    context = {"form": form, "interaction": about, "agent": about.agent, "back": back, "released": _released(one)}
    return render(request, "qa/give_note.html", context, status=422 if form.errors else 200)


def _released(one: Evaluation | None) -> bool:
    return one is None or one.state == Evaluation.State.RELEASED


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """One note with its thread, and what may be done with it."""
    return _page(request, note_id)


def _page(request: HttpRequest, note_id: UUID, *, form: ReplyForm | None = None) -> HttpResponse:
    now, principal = timezone.now(), principal_of(request)
    audience = selectors.for_team(principal, now=now)
    note = _found(request, note_id)
    [said] = selectors.said(selectors.notes_for(audience).filter(pk=note_id), audience)
    wider = LEVELS[LEVELS.index(Visibility(said.visibility)) + 1 :]
    coaches = may(principal, Permission.COACH) and note.agent_id != principal.actor_id
    context = {
        "note": note,
        "said": said,
        "evaluation": Evaluation.objects.filter(current=note.revision_id).first() if note.revision_id else None,
        "wider": [(one.value, one.label) for one in wider] if coaches else [],
        "reply_form": (form or fresh_reply()) if coaches else None,
        "open_to_agent": selectors.shared_with_agent(note_id, now=now),
        "may_withdraw": said.mine,
        **heard(request, note.interaction_id),
        "now": now,
    }
    return render(request, "qa/note.html", context, status=422 if form is not None else 200)


@requires(Permission.COACH)
@require_POST
def share(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Let more people see a note. There is no way back, which the page says beside the button."""
    _found(request, note_id)
    form = ShareForm(request.POST)
    back = reverse("qa:note", args=[note_id])
    if not form.is_valid():
        return _refused(request, _("Choose who sees it from now on."), back)
    try:
        share_note(note_id=note_id, to=form.cleaned_data["to"], by=by_of(request), now=timezone.now())
    except NotPossible as error:
        return _refused(request, str(error), back)
    toast(request, _("Shared: %(who)s.") % {"who": Visibility(form.cleaned_data["to"]).label})
    return redirect(back)


@requires(Permission.COACH)
@require_POST
def withdraw(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Take one's own note back while its agent can't see it."""
    note = _found(request, note_id)
    try:
        withdraw_note(note_id=note_id, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        return _refused(request, str(error), reverse("qa:note", args=[note_id]))
    toast(request, _("Taken back. The agent hasn't seen it."))
    standing = Evaluation.objects.filter(current=note.revision_id).first() if note.revision_id else None
    if standing is not None:
        return redirect("qa:evaluation", standing.pk)
    return redirect("interactions:detail", note.interaction_id)


@requires(Permission.COACH)
@require_POST
def answer(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Answer below a note that its agent sees."""
    _found(request, note_id)
    form = answered(request, note_id)
    return _page(request, note_id, form=form) if form.errors else redirect("qa:note", note_id)


def answered(request: HttpRequest, note_id: UUID) -> ReplyForm:
    """Keep what was sent as a reply; the form has errors where it was not."""
    form = ReplyForm(request.POST, auto_id=f"reply-{note_id}-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            reply(
                note_id=note_id, reply_id=given["reply"] or uuid7(), text=given["text"], by=by_of(request), now=timezone.now()
            )  # fmt: skip
        except NotPossible as error:
            form.add_error("text", str(error))
        else:
            toast(request, _("Answered."))
    return form


def fresh_reply(note_id: UUID | str = "") -> ReplyForm:
    """An empty form with an id of its own for what will be sent."""
    return ReplyForm(initial={"reply": uuid7()}, auto_id=f"reply-{note_id}-%s")


def _found(request: HttpRequest, note_id: UUID) -> Note:
    found = selectors.note_for(selectors.for_team(principal_of(request), now=timezone.now()), note_id)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, words: str, back: str) -> HttpResponse:
    toast(request, words, level="error")
    return redirect(back)
