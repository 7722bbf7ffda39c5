"""The builder: a scorecard's draft as a tree, an editor and the form to try. Every edit is saved as it is made."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from qa import selectors
from qa.building import parts_of
from qa.building_words import announced, merge_rows
from qa.domain.drafting import DraftError, home_of
from qa.errors import NotPossible, StaleScorecard
from qa.models import Scorecard, ScorecardDraft
from qa.services import begin_draft, discard_draft, edit_draft, undo_edit

View = Callable[..., HttpResponse]


def told(view: View) -> View:
    """Turn a refusal into what the builder can act on: 409 with the one field to decide, 422 with words."""

    @wraps(view)
    def answer(request: HttpRequest, card_id: UUID) -> HttpResponse:
        try:
            return view(request, card_id)
        except StaleScorecard as error:
            return _stale(request, error)
        except DraftError as error:
            return JsonResponse(
                {"problem": "draft", "text": _("That can’t be done here."), "what": error.what}, status=422
            )
        except NotPossible as error:
            return JsonResponse({"problem": error.field, "text": str(error)}, status=422)
        except ScorecardDraft.DoesNotExist as error:
            raise Http404 from error
        except (ValueError, TypeError, KeyError) as error:
            return JsonResponse({"problem": "unreadable", "text": str(error)}, status=400)

    return answer


@requires(Permission.EDIT_SCORECARDS)
@never_cache
@require_safe
def screen(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """The draft, with what `at` names open."""
    draft = draft_or_404(card_id)
    newest = selectors.newest_version(card_id)
    parts = parts_of(draft, newest, at=request.GET.get("at") or _first(draft), answers={})
    state = {
        "version": draft.version,
        "at": parts["editor"]["at"],
        "try": parts["preview"].get("state"),
        "urls": {name: reverse(f"qa:draft_{name}", args=[card_id]) for name in ("edit", "undo", "try")},
    }
    context = parts | {"state": state, "undo": _may_undo(request, draft), "now": timezone.now()}
    return render(request, "qa/builder.html", context)


@requires(Permission.EDIT_SCORECARDS)
@require_POST
@told
def edit(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """One edit: {version, intent, at, answers}. Answers with the parts of the page as they are now."""
    sent, by, now = _sent(request), by_of(request), timezone.now()
    intent = sent["intent"]
    done = edit_draft(card_id=card_id, version=int(sent["version"]), intent=intent, by=by, now=now)
    made = done.step["item"]["key"] if done.step["do"] == "insert" else ""
    at = f"{intent['kind']}:{made}" if made and intent["kind"] != "option" else str(sent.get("at") or "")
    text = announced(done.draft, intent, done.step)
    if done.meanwhile:
        others = ngettext("%(n)s other edit came in.", "%(n)s other edits came in.", done.meanwhile)
        text = f"{text} {others % {'n': done.meanwhile}}".strip()
    more = {"said": text, "made": made, "meanwhile": done.meanwhile}
    return JsonResponse(_parts(request, done.draft, at, sent) | more)


@requires(Permission.EDIT_SCORECARDS)
@require_POST
@told
def undo(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Take back one's last edit: {at, answers}."""
    sent = _sent(request)
    done = undo_edit(card_id=card_id, by=by_of(request), now=timezone.now())
    draft = done.draft if done else draft_or_404(card_id)
    text = _("Taken back.") if done else _("Nothing of yours is left to take back.")
    at = str(sent.get("at") or "")
    if done and done.step["do"] == "insert" and done.step["kind"] != "option":  # what was removed is back: open it
        at = f"{done.step['kind']}:{done.step['item']['key']}"
    return JsonResponse(_parts(request, draft, at, sent) | {"said": text})


@requires(Permission.EDIT_SCORECARDS)
@require_POST
@told
def attempt(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """What the form says to these answers, and what is open: {at, answers}. Writes nothing."""
    sent = _sent(request)
    return JsonResponse(_parts(request, draft_or_404(card_id), str(sent.get("at") or ""), sent))


@requires(Permission.EDIT_SCORECARDS)
@require_POST
def begin(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Begin a draft of what the newest version says, or go to the one there is."""
    try:
        begin_draft(card_id=card_id, by=by_of(request), now=timezone.now())
    except Scorecard.DoesNotExist as error:
        raise Http404 from error
    return redirect("qa:draft", card_id)


@requires(Permission.EDIT_SCORECARDS)
@require_POST
def discard(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Throw the draft away as it was seen."""
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise Http404
    try:
        card = discard_draft(card_id=card_id, version=int(version), by=by_of(request), now=timezone.now())
    except ScorecardDraft.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="warning")
        return redirect("qa:draft", card_id)
    toast(request, _("The draft is discarded."))
    newest = selectors.newest_version(card.pk) if card else None
    return redirect("qa:scorecard", newest.pk) if newest else redirect("qa:scorecards")


def draft_or_404(card_id: UUID) -> ScorecardDraft:
    found = selectors.draft_of(card_id)
    if found is None:
        raise Http404
    return found


def _parts(request: HttpRequest, draft: ScorecardDraft, at: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the page that an edit can change, drawn."""
    answers = sent.get("answers")
    newest = selectors.newest_version(draft.scorecard_id)
    context = parts_of(draft, newest, at=at, answers=answers if isinstance(answers, dict) else {})
    context |= {"undo": _may_undo(request, draft), "now": timezone.now()}
    names = ("tree", "editor", "preview", "saved")
    drawn = {name: render_to_string(f"qa/_builder_{name}.html", context, request) for name in names}
    return {
        "version": draft.version,
        "at": context["editor"]["at"],
        "try": context["preview"].get("state"),
        "full": context["preview"].get("full"),
        "undo": context["undo"],
        "parts": drawn,
    }


def _stale(request: HttpRequest, error: StaleScorecard) -> HttpResponse:
    """409: what somebody else saved meanwhile, and the one field that needs a choice."""
    met, draft = error.met, error.draft
    at = f"{met.kind}:{met.key}" if met.kind in ("section", "question") and not met.gone else ""
    parts = _parts(request, draft, at, {})
    if met.gone:
        text = _("%(name)s removed it meanwhile. Their undo brings it back.") % {"name": met.who}
        return JsonResponse(parts | {"problem": "gone", "text": text}, status=409)
    rows = merge_rows(draft.content, met)
    context = {
        "who": met.who, "what": draft.scorecard.name, "at": met.at, "conflicts": 1, "rows": rows,
        "version": draft.version, "keep_url": reverse("qa:draft", args=[draft.scorecard_id]),
    }  # fmt: skip
    merge = render_to_string("qa/_builder_merge.html", context, request)
    return JsonResponse(parts | {"problem": "stale", "merge": merge, "text": str(error)}, status=409)


def _may_undo(request: HttpRequest, draft: ScorecardDraft) -> bool:
    return selectors.undoable(draft, principal_of(request).actor_id)


def _first(draft: ScorecardDraft) -> str:
    """The first question, or the form while there is none."""
    keys = [one["key"] for section in draft.content.get("sections") or [] for one in section["questions"]]
    return f"question:{keys[0]}" if keys and home_of(draft.content, keys[0]) else "form"


def _sent(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError("An object is expected.")
    return found
