"""Publishing a scorecard into a version that nobody can change."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.validators import slug_re
from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.cards import masked_all
from interactions.models.vocabulary import Channel
from qa.domain.content import ContentError, check_words, content_hash
from qa.domain.scoring import Form
from qa.errors import NotPossible
from qa.models import Scorecard, ScorecardVersion


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
    digest = content_hash(content)
    if newest is not None and newest.content_hash == digest:
        return newest
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
        content_hash=digest,
        published_at=now,
        published_by_id=by.actor_id,
    )
    detail = {"number": version.number, "hash": digest}
    record(action="qa.scorecard_published", target=version, by=by, now=now, detail=detail)
    return version


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
