"""Writing a scorecard's draft: each edit saved at once, numbered, and able to be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models.vocabulary import Channel
from qa.domain.drafting import Content, DraftError, Missing, apply, found, keys_in
from qa.domain.intents import step_of
from qa.domain.meeting import meeting, touched
from qa.errors import Met, NotPossible, StaleScorecard
from qa.models import DraftEdit, Scorecard, ScorecardDraft, TemplateCopy
from qa.selectors.scorecards import last_of

EMPTY: Final[Mapping[str, Any]] = {
    "mode": "nested", "pass_mark": 80, "cap_at_100": True, "autofail_effect": "zero", "sections": [],
}  # fmt: skip
MOST_TOLD: Final = 5  # names of what an edit touched, in its audit line


@dataclass(frozen=True, slots=True)
class Edited:
    """The draft after an edit, the step it was, and how many edits came between it and what the editor had read."""

    draft: ScorecardDraft
    step: Mapping[str, Any]
    meanwhile: int = 0


@transaction.atomic
def new_scorecard(
    *, name: str, channel: str, content: Content | None, by: By, now: datetime, template: TemplateCopy | None = None
) -> ScorecardDraft:
    """A scorecard that has only a draft, empty or with some content to start from. Raises NotPossible for a name."""
    words = name.strip()
    if not words or len(words) > 120:
        raise NotPossible("name", _("A scorecard needs a name."), _("Give one of up to 120 characters."))
    if channel not in ("", *Channel.values):
        raise NotPossible("channel", _("There is no such channel."), _("Choose one of the list."))
    card = Scorecard.objects.create(key=_free_key(words), name=words, channel=channel, template=template)
    draft = ScorecardDraft.objects.create(
        scorecard=card, content=dict(EMPTY), edited_at=now, edited_by_id=by.actor_id, version=1
    )
    record(action="qa.scorecard_begun", target=card, by=by, now=now)
    return _saved(draft, {"do": "replace", "content": content}, by, now) if content else draft


@transaction.atomic
def begin_draft(*, card_id: UUID, by: By, now: datetime) -> ScorecardDraft:
    """The scorecard's draft; a new one says what the newest version says. Raises Scorecard.DoesNotExist."""
    card = Scorecard.objects.select_for_update(of=("self",)).get(pk=card_id)
    known = ScorecardDraft.objects.filter(scorecard=card).first()
    if known is not None:
        return known
    newest = card.versions.order_by("-number").first()
    draft = ScorecardDraft.objects.create(
        scorecard=card,
        content=newest.content if newest else dict(EMPTY),
        edited_at=now,
        edited_by_id=by.actor_id,
        version=1,
    )
    record(action="qa.draft_begun", target=draft, by=by, now=now)
    return draft


@transaction.atomic
def edit_draft(*, card_id: UUID, version: int, intent: Mapping[str, Any], by: By, now: datetime) -> Edited:
    """Do what somebody means to the draft, who had read it at `version`.

    What others did since stays, and what was meant is laid over it. Raises StaleScorecard where they changed the same
    thing, DraftError for what can't be meant, NotPossible for another mode than published versions have,
    ScorecardDraft.DoesNotExist.
    """
    draft = locked_draft(card_id)
    others = list(draft.edits.filter(number__gt=version).select_related("edited_by"))
    _check_version(draft, version)
    _check_mode(draft, intent)
    try:
        step = step_of(draft.content, intent, taken=_taken(draft, intent))
        _made, back = apply(draft.content, step)
    except Missing as error:
        if not others:
            raise
        raise StaleScorecard(draft, _gone(intent, others[-1])) from error
    met = meeting(touched(step, back), {name for one in others for name in touched(one.step, one.back)})
    if met:
        raise StaleScorecard(draft, _met(draft, intent, step, others))
    return Edited(_saved(draft, step, by, now), step, len(others))


@transaction.atomic
def undo_edit(*, card_id: UUID, by: By, now: datetime) -> Edited | None:
    """Take back this person's last edit that stands; None where there is none.

    Raises NotPossible where somebody else has built on it.
    """
    draft = locked_draft(card_id)
    edits = list(draft.edits.select_related("edited_by"))
    last = last_of(edits, by.actor_id)
    if last is None:
        return None
    later = [one for one in edits if one.number > last.number and one.edited_by_id != by.actor_id]
    names = touched(last.step, last.back)
    blocking = next((one for one in later if meeting(names, touched(one.step, one.back))), None)
    if blocking is not None:
        raise NotPossible(
            "undo",
            _("%(name)s changed the same since.") % {"name": _name(blocking)},
            _("Change it to what it should say."),
        )
    try:
        return Edited(_saved(draft, last.back, by, now, takes_back=last.number), last.back)
    except DraftError as error:
        problem = _("What it was about isn't there any more.")
        raise NotPossible("undo", problem, _("Change it to what it should say.")) from error


@transaction.atomic
def replace_draft(*, card_id: UUID, version: int, content: Content, by: By, now: datetime) -> Edited:
    """Put another content in the place of the whole draft: a file's, a template's, or the newest version's.

    Raises NotPossible where it was edited since it was read, or for another mode than published versions have.
    """
    draft = locked_draft(card_id)
    if draft.version != version:
        raise NotPossible(
            "version", _("The draft was edited meanwhile."), _("Look at the differences again, then take it.")
        )
    _check_mode(draft, {"kind": "form", "field": "mode", "value": content.get("mode", "nested")})
    step = {"do": "replace", "content": dict(content)}
    return Edited(_saved(draft, step, by, now), step)


@transaction.atomic
def discard_draft(*, card_id: UUID, version: int, by: By, now: datetime) -> Scorecard | None:
    """Throw the draft away; a scorecard that was never published goes with it and None is returned."""
    draft = locked_draft(card_id)
    _check_version(draft, version)
    card = draft.scorecard
    record(action="qa.draft_discarded", target=draft, by=by, now=now, detail={"number": draft.version})
    draft.delete()
    if card.versions.exists() or card.tasks.exists():
        return card
    card.delete()
    return None


def locked_draft(card_id: UUID) -> ScorecardDraft:
    found: ScorecardDraft = (
        ScorecardDraft.objects.select_for_update(of=("self",)).select_related("scorecard").get(scorecard_id=card_id)
    )
    return found


def _saved(
    draft: ScorecardDraft, step: Mapping[str, Any], by: By, now: datetime, *, takes_back: int | None = None
) -> ScorecardDraft:
    """Apply a step to a locked draft and keep it. Whoever was asked to publish is asked about what is gone now."""
    draft.content, back = apply(draft.content, step)
    draft.version += 1
    draft.edited_at, draft.edited_by_id = now, by.actor_id
    draft.asked_at, draft.asked_by = None, None
    draft.save()
    DraftEdit.objects.create(
        draft=draft,
        number=draft.version,
        step=dict(step),
        back=back,
        takes_back=takes_back,
        edited_at=now,
        edited_by_id=by.actor_id,
    )
    names = sorted(touched(step, back))[:MOST_TOLD]
    detail = {"number": draft.version, "touched": names} | ({"takes_back": takes_back} if takes_back else {})
    record(action="qa.draft_edited", target=draft, by=by, now=now, detail=detail)
    return draft


def _check_version(draft: ScorecardDraft, version: int) -> None:
    if not 1 <= version <= draft.version:
        raise NotPossible("version", _("That draft is another one by now."), _("Load the page again."))


def _check_mode(draft: ScorecardDraft, intent: Mapping[str, Any]) -> None:
    """The mode is fixed with the first publication: scores of two modes don't compare."""
    if (intent.get("kind"), intent.get("field")) != ("form", "mode"):
        return
    newest = draft.scorecard.versions.order_by("-number").only("mode", "number").first()
    if newest is not None and newest.mode != intent.get("value"):
        raise NotPossible(
            "mode",
            _("Version %(number)s scores by another mode.") % {"number": newest.number},
            _("Keep the mode, or begin a new scorecard."),
        )


def _taken(draft: ScorecardDraft, intent: Mapping[str, Any]) -> set[str]:
    """Keys that versions and earlier edits ever gave; asked for only where a new one is needed."""
    if intent.get("do") not in ("add", "duplicate"):
        return set()
    published = list(draft.scorecard.versions.values_list("content", flat=True))
    return {*keys_in(published), *keys_in(list(draft.edits.values_list("step", "back")))}


def _met(draft: ScorecardDraft, intent: Mapping[str, Any], step: Mapping[str, Any], others: list[DraftEdit]) -> Met:
    """The one thing two people changed, as the merge view asks about it."""
    field = str(intent.get("field") or "")
    kind, key, question = (str(intent.get(name) or "") for name in ("kind", "key", "question"))
    mine = step["steps"][0] if step["do"] == "several" else step
    address = f"{kind}:{key}" if kind != "option" else f"question:{question}/option:{key}"
    name = "form" if kind == "form" else address
    name = f"{name}.{field}" if field else name
    theirs = [one for one in others if meeting({name, f"{name}@"}, touched(one.step, one.back))] or others
    before = _value_in(theirs[0].back, field)
    now = found(draft.content, kind, key, question).get(field) if field else None
    last = theirs[-1]
    return Met(kind, key, field, before, now, mine.get("value"), _name(last), last.edited_at)


def _value_in(step: Mapping[str, Any], field: str) -> Any:
    inner = [step, *step.get("steps", [])]
    return next((one.get("value") for one in inner if one.get("field") == field), None)


def _gone(intent: Mapping[str, Any], last: DraftEdit) -> Met:
    key = str(intent.get("key") or intent.get("after") or intent.get("parent") or "")
    kind = str(intent.get("kind") or "")
    mine = intent.get("value")
    return Met(kind, key, str(intent.get("field") or ""), None, None, mine, _name(last), last.edited_at, gone=True)


def _name(edit: DraftEdit) -> str:
    return edit.edited_by.display_name if edit.edited_by else _("Somebody")


def _free_key(name: str) -> str:
    """A key made of the name that no scorecard here has."""
    stem = slugify(name)[:50] or "scorecard"
    taken = set(Scorecard.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := stem if n == 1 else f"{stem}-{n}") not in taken)
