"""Taking what the operator's library offers into this client."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from qa.domain.following import Followed, follow
from qa.errors import NotPossible
from qa.models import Scorecard, TemplateCopy
from qa.selectors.scorecards import newer_template
from qa.services.drafting import locked_draft, replace_draft


@transaction.atomic
def take_template(*, template_id: UUID, number: int, values: Mapping[str, Any], by: By, now: datetime) -> TemplateCopy:
    """Keep a version of a template as it was offered. Taken already, it stays as it is.

    `values` are key, name, channel, note, content and content_hash.
    """
    copy, made = TemplateCopy.objects.get_or_create(
        template_id=template_id, number=number, defaults={**values, "offered_at": now}
    )
    if made:
        detail = {"template": str(template_id), "number": number, "hash": copy.content_hash}
        record(action="qa.template_offered", target=copy, by=by, now=now, detail=detail)
    return copy


@transaction.atomic
def follow_template(*, card_id: UUID, version: int, by: By, now: datetime) -> Followed:
    """Bring a draft from the template version its scorecard follows to the newest one offered.

    What only the template changed is taken, what was changed here stays, and what both changed is named. Raises
    NotPossible where there is nothing newer, or the draft was edited since it was read; ScorecardDraft.DoesNotExist.
    """
    draft = locked_draft(card_id)
    card = Scorecard.objects.select_for_update(of=("self",)).select_related("template").get(pk=card_id)
    newer = newer_template(card)
    if card.template is None or newer is None:
        raise NotPossible("template", _("Nothing newer is offered."), _("Go on with the draft as it is."))
    found = follow(card.template.content, newer.content, draft.content)
    replace_draft(card_id=card_id, version=version, content=found.content, by=by, now=now)
    card.template = newer
    card.version += 1
    card.save(update_fields=["template", "version"])
    record(action="qa.template_followed", target=card, by=by, now=now, detail={"number": newer.number})
    return found
