"""The operator's library: writing versions of templates, offering them, and the copy that each client gets."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client
from bpo.actors import By, system
from bpo.cards import masked_all
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from console.models import ScorecardTemplate, TemplateOffer, TemplateVersion
from interactions.models.vocabulary import Channel
from qa.domain.content import content_hash
from qa.domain.documents import Document
from qa.domain.problems import problems_of
from qa.services import take_template

COPY = "console.copy_template"


def templates() -> QuerySet[ScorecardTemplate]:
    """Every template with its newest version and how many clients it was offered to."""
    newest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
    return ScorecardTemplate.objects.annotate(
        number=Subquery(newest.values("number")[:1]),
        set_at=Subquery(newest.values("set_at")[:1]),
        clients=Count("versions__offers__client", distinct=True),
    ).order_by("name", "pk")


@transaction.atomic
def write_version(
    *, document: Document, note: str, by: By, now: datetime, template_id: UUID | None = None
) -> TemplateVersion:
    """Keep what a document says as a template's next version; without a template, as the first of a new one.

    The same content as the newest version writes nothing. Raises Refused for a content with problems, an empty note,
    a document without a name, and another way of counting than the version before.
    """
    content = masked_all(document.content)
    if problems_of(content):
        raise Refused("file", _("It can’t score as it stands."), _("Mend what the list names, then take it again."))
    if not note.strip():
        raise Refused("note", _("The note is empty."), _("Write what it is for, or what changed."))
    template = _template(template_id, document, now)
    newest = template.versions.order_by("-number").first()
    digest = content_hash(content)
    if newest is not None and newest.content_hash == digest:
        return newest
    if newest is not None and newest.content.get("mode", "nested") != content.get("mode", "nested"):
        raise Refused(
            "file", _("It counts in another way than the version before."), _("Make it a template of its own.")
        )
    version = TemplateVersion.objects.create(
        template=template,
        number=newest.number + 1 if newest else 1,
        content=content,
        content_hash=digest,
        note=note.strip()[:300],
        set_by_user_id=by.user_id,
        set_by=by.name[:120],
        set_at=now,
    )
    detail = {"number": version.number, "hash": digest}
    record(action="library.version_written", target=version, by=by, now=now, detail=detail)
    return version


def _template(template_id: UUID | None, document: Document, now: datetime) -> ScorecardTemplate:
    if template_id is not None:
        found: ScorecardTemplate = ScorecardTemplate.objects.select_for_update().get(pk=template_id)
        return found
    name = document.name.strip()
    if not name:
        raise Refused("file", _("The file gives no name."), _('Give it one: "name", beside "content".'))
    stem = slugify(document.key or name)[:50] or "template"
    taken = set(ScorecardTemplate.objects.filter(key__startswith=stem).values_list("key", flat=True))
    key = next(one for n in range(1, len(taken) + 2) if (one := stem if n == 1 else f"{stem}-{n}") not in taken)
    channel = document.channel if document.channel in Channel.values else ""
    return ScorecardTemplate.objects.create(key=key, name=name[:120], channel=channel, created_at=now)


@transaction.atomic
def offer(*, version: TemplateVersion, clients: Iterable[Client], by: By, now: datetime) -> int:
    """Offer a version to clients; to whom it was offered already, nothing is done. Returns how many are new."""
    made = 0
    for client in clients:
        one, fresh = TemplateOffer.objects.get_or_create(
            version=version, client=client, defaults={"offered_at": now, "offered_by": by.name[:120]}
        )
        if not fresh:
            continue
        made += 1
        detail = {"number": version.number, "client": client.key}
        record(action="library.offered", target=one, by=by, now=now, detail=detail)
        payload = {"offer_id": str(one.pk)}
        enqueue(kind=COPY, dedupe_key=f"template:{one.pk}", payload=payload, client_id=client.pk)
    return made


def copy_template(*, client: ClientRef, offer_id: UUID, now: datetime) -> None:
    """What was offered, read as app, then its copy inside the client. Running it again changes nothing."""
    one = TemplateOffer.objects.select_related("version__template").get(pk=offer_id, client_id=client.id)
    version, template = one.version, one.version.template
    values = {
        "key": template.key,
        "name": template.name,
        "channel": template.channel,
        "note": version.note,
        "content": version.content,
        "content_hash": version.content_hash,
    }
    with enter(client):
        take_template(
            template_id=template.pk, number=version.number, values=values, by=system("library"), now=now
        )  # fmt: skip
    TemplateOffer.objects.filter(pk=one.pk, copied_at=None).update(copied_at=now)
