"""Publishing a scorecard into a version that nobody can change; a draft by somebody who didn't write it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.core.validators import slug_re
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpo.actors import By
from bpo.audit.services import record
from bpo.cards import masked_all
from bpo.notices.services import tell
from bpo.outbox.services import enqueue
from interactions.models import Actor
from interactions.models.vocabulary import Channel
from qa.domain.content import ContentError, check_words, content_hash
from qa.domain.problems import problems_of
from qa.domain.scoring import Form
from qa.errors import NotPossible
from qa.models import Scorecard, ScorecardDraft, ScorecardReplay, ScorecardVersion
from qa.services.drafting import locked_draft
from qa.services.replaying import standing_of

NOTICE: Final = "publication_asked"


@transaction.atomic
def publish_scorecard(
    *, key: str, name: str, content: Mapping[str, Any], by: By, now: datetime, channel: str = ""
) -> ScorecardVersion:
    """Publish a scorecard's next version; the same content as the newest version publishes nothing.

    Raises FormError or ContentError naming the place of what is wrong; NotPossible for a key, name or channel that
    can't be, and where the scoring mode differs from the version before: scores would no longer compare.
    """
    _check_names(key, name, channel)
    if not isinstance(content, Mapping):
        raise ContentError("content", "is no object. Give mode, pass_mark and sections by name.")
    content = masked_all(dict(content))  # before it is hashed: what is frozen is what was stored
    check_words(content)
    form = Form.from_dict(content)
    card, _made = Scorecard.objects.get_or_create(key=key, defaults={"name": name, "channel": channel})
    card = Scorecard.objects.select_for_update().get(pk=card.pk)
    newest = card.versions.order_by("-number").first()
    if newest is not None and newest.content_hash == content_hash(content):
        return newest
    return _freeze(card, newest, form, content, by=by, now=now)


@transaction.atomic
def ask_publication(*, card_id: UUID, by: By, now: datetime) -> ScorecardDraft:
    """Ask those who may publish to look at the draft as it stands; they are told. Asking again tells nobody twice.

    Raises NotPossible for a draft with problems or without a change, ScorecardDraft.DoesNotExist.
    """
    draft = locked_draft(card_id)
    _check_ready(draft)
    if draft.asked_at is None:
        draft.asked_at, draft.asked_by_id = now, by.actor_id
        draft.save(update_fields=["asked_at", "asked_by"])
        record(action="qa.publication_asked", target=draft, by=by, now=now, detail={"number": draft.version})
        key = f"publication:{draft.pk}:{draft.version}"
        enqueue(kind="qa.tell_publishers", dedupe_key=key, payload={"draft_id": str(draft.pk)})
    return draft


def tell_publishers(*, draft_id: UUID, actor_ids: Iterable[UUID], now: datetime) -> int:
    """Tell each of these actors who didn't write the draft; returns how many. A draft edited or gone tells nobody."""
    draft = ScorecardDraft.objects.select_related("scorecard").filter(pk=draft_id, asked_at__isnull=False).first()
    if draft is None:
        return 0
    wrote = editors_of(draft)
    known = Actor.objects.filter(pk__in=list(actor_ids)).exclude(pk__in=wrote)
    people = sorted(known.values_list("pk", flat=True))
    text = _("%(name)s waits for somebody to publish it.") % {"name": draft.scorecard.name}
    path = reverse("qa:draft_changes", args=[draft.scorecard_id])
    for actor_id in people:
        key = f"publication:{draft.pk}:{draft.version}"
        tell(actor_id=actor_id, kind=NOTICE, text=text, path=path, dedupe_key=key, now=now)
    return len(people)


@transaction.atomic
def publish_draft(*, card_id: UUID, seen: str, reason: str, by: By, now: datetime) -> ScorecardVersion:
    """Publish the draft whose content hash is `seen` as the next version, and end it.

    Raises NotPossible where it was edited since, has problems or no change, where no reason is given, where this
    person wrote any of it, and where what past evaluations would have scored wasn't counted for this content;
    ScorecardDraft.DoesNotExist.
    """
    draft = locked_draft(card_id)
    card = Scorecard.objects.select_for_update(of=("self",)).get(pk=card_id)
    if content_hash(draft.content) != seen:
        raise NotPossible(
            "seen", _("The draft was edited since you looked."), _("Look at what is different now, then publish.")
        )
    if not reason.strip():
        raise NotPossible("reason", _("No reason was given."), _("Say what changed, in a few words."))
    wrote = editors_of(draft)
    _check_four_eyes(draft, wrote, by)
    newest = _check_ready(draft)
    _check_replayed(card, seen)
    form = Form.from_dict(draft.content)
    content, written_by = draft.content, draft.edited_by_id
    draft.delete()
    ScorecardReplay.objects.filter(scorecard=card).exclude(
        content_hash=seen
    ).delete()  # of what was given up on the way
    more = {"written_by_id": written_by, "reason": reason.strip()[:300]}
    version = _freeze(card, newest, form, content, by=by, now=now, editors=wrote, **more)
    card.version += 1
    card.save(update_fields=["version"])
    return version


def editors_of(draft: ScorecardDraft) -> list[UUID]:
    """Everybody who edited this draft, the last one last."""
    rows = draft.edits.order_by("-number").values_list("edited_by_id", flat=True)
    found = dict.fromkeys(one for one in rows if one is not None)
    return list(found)[::-1]


def _freeze(
    card: Scorecard,
    newest: ScorecardVersion | None,
    form: Form,
    content: Mapping[str, Any],
    *,
    by: By,
    now: datetime,
    editors: Iterable[UUID] = (),
    **more: Any,
) -> ScorecardVersion:
    """The next version of a locked scorecard, and its audit line. Raises NotPossible for another mode."""
    if newest is not None and newest.mode != form.mode:
        raise NotPossible(
            "mode",
            _("Version %(number)s scores by another mode.") % {"number": newest.number},
            _("Keep the mode, or begin a new scorecard."),
        )
    version = ScorecardVersion.objects.create(
        scorecard=card,
        number=newest.number + 1 if newest else 1,
        mode=form.mode,
        pass_mark=Decimal(form.pass_mark),
        content=content,
        content_hash=content_hash(content),
        published_at=now,
        published_by_id=by.actor_id,
        **more,
    )
    detail = {"number": version.number, "hash": version.content_hash, "editors": [str(one) for one in editors]}
    record(action="qa.scorecard_published", target=version, by=by, now=now, detail=detail)
    return version


def _check_four_eyes(draft: ScorecardDraft, wrote: list[UUID], by: By) -> None:
    """Refuse whoever wrote any of it, and an account that is nobody here."""
    if by.actor_id is None:
        raise NotPossible("actor", _("Your account has no seat at this client."), _("Ask the operator to give it one."))
    if by.actor_id in wrote or by.actor_id == draft.edited_by_id:
        raise NotPossible(
            "publisher", _("You wrote a part of this draft."), _("Ask somebody who didn't to look and publish it.")
        )


def _check_ready(draft: ScorecardDraft) -> ScorecardVersion | None:
    """The newest version; raises NotPossible where the draft has problems or says the same."""
    found = problems_of(draft.content)
    if found:
        text = ngettext("%(n)s problem is left.", "%(n)s problems are left.", len(found)) % {"n": len(found)}
        raise NotPossible("content", text, _("Open the draft: it lists them with what to do."))
    newest: ScorecardVersion | None = draft.scorecard.versions.order_by("-number").first()
    if newest is not None and newest.content_hash == content_hash(draft.content):
        raise NotPossible("content", _("Nothing is different."), _("Change something, or discard the draft."))
    return newest


def _check_replayed(card: Scorecard, seen: str) -> None:
    """Nobody publishes blind: where evaluations stand, what would become of them was counted for this very content."""
    if not standing_of(card.pk).exists():
        return
    if not ScorecardReplay.objects.filter(scorecard=card, content_hash=seen, state="done").exists():
        raise NotPossible(
            "replay", _("What past reviews would have scored isn't counted yet."), _("Count it, look, then publish.")
        )


def _check_names(key: object, name: object, channel: object) -> None:
    if not isinstance(key, str) or len(key) > 60 or not slug_re.match(key):
        raise NotPossible(
            "key",
            _("%(key)r can't be the key of a scorecard.") % {"key": key},
            _("Give up to 60 letters, digits, hyphens or underscores, such as voice-billing."),
        )
    if not isinstance(name, str) or not name.strip() or len(name) > 120:
        raise NotPossible("name", _("A scorecard needs a name."), _("Give one of up to 120 characters."))
    if channel not in ("", *Channel.values):
        raise NotPossible(
            "channel",
            _("There is no channel %(channel)r.") % {"channel": channel},
            _("Give one of %(known)s, or leave it out for any.") % {"known": ", ".join(Channel.values)},
        )
