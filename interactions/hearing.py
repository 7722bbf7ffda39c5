"""Who hears a recording, and which of its two files: the original, or the copy with the redacted parts silenced.

A client's own people, evaluators of a third party among them, get the copy and never the original, whatever their
permissions are. Everything is asked again at each request for bytes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.acting import principal_of, served_client
from bpo.files.models import StoredFile
from bpo.permissions import Permission, Principal, may, reach
from bpo.slots import Hearing, may_hear
from bpo.tokens import hash_of
from interactions import tickets
from interactions.models import Interaction, Recording
from interactions.selectors import within

STAFF: Final = "staff"  # the realm of the operator's own people
GOOD_FOR: Final = timedelta(minutes=10)


class Version(StrEnum):
    """Which file somebody gets."""

    ORIGINAL = "original"
    REDACTED = "redacted"


class Withheld(Exception):
    """Nobody, or nobody of this kind, hears the recording now; `why` is for them to read."""

    def __init__(self, why: str, *, soon: bool = False) -> None:
        self.why, self.soon = why, soon
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Playable:
    """What a page shows of a recording: an address that plays it for ten minutes, or why there is none."""

    url: str = ""
    why_not: str = ""
    soon: bool = False  # it is being prepared


def version_for(principal: Principal, recording: Recording) -> Version | None:
    """Which file this person gets of a recording; None where they may hear none."""
    staff = principal.realm == STAFF
    permission = Permission.PLAY_RECORDINGS if staff else Permission.HEAR_REDACTED
    if may(principal, permission):
        reached = reach(principal, permission)
        own = Interaction.objects.filter(within(reached), pk=recording.interaction_id)
        if reached is None or own.exists():
            return Version.ORIGINAL if staff else Version.REDACTED
    if staff and any(may_hear.collect(Hearing(principal, recording.interaction_id))):
        return Version.ORIGINAL
    return None


def file_of(recording: Recording, version: Version) -> StoredFile:
    """The bytes of a version. Raises Withheld while there may be none."""
    if recording.interaction.consent == Interaction.Consent.REFUSED:
        raise Withheld(_("The customer refused to be recorded. Nobody hears this recording."))
    if version == Version.ORIGINAL or not recording.redactions:
        return recording.file
    if recording.redacted_file is None or recording.redacted_number != recording.spans_number:
        raise Withheld(_("The copy without the redacted parts is being prepared. Try again in a minute."), soon=True)
    return recording.redacted_file


def playable(request: HttpRequest, recording: Recording, *, now: datetime) -> Playable:
    """An address for a page, new at each view and good for this session, person, client, recording and version."""
    principal = principal_of(request)
    version, session = version_for(principal, recording), request.session.session_key
    if version is None or session is None:
        return Playable(why_not=_("You may not hear this recording."))
    try:
        file_of(recording, version)
    except Withheld as withheld:
        return Playable(why_not=withheld.why, soon=withheld.soon)
    ticket = tickets.Ticket(recording.pk, version.value, now + GOOD_FOR)
    return Playable(reverse("interactions:sound", args=[tickets.issue(ticket, about=bound_to(request))]))


def shown_to(request: HttpRequest, token: str, *, now: datetime) -> tuple[Recording, Version] | None:
    """The recording a token opens for who shows it, if all of it still holds: session, person, client, permission."""
    ticket = tickets.read(token, about=bound_to(request), now=now)
    found = recordings().filter(pk=ticket.recording_id).first() if ticket else None
    if ticket is None or found is None:
        return None
    version = version_for(principal_of(request), found)
    return (found, version) if version is not None and version == ticket.version else None


def recordings() -> QuerySet[Recording]:
    """Recordings with what it takes to play them: one query."""
    return Recording.objects.select_related("interaction", "file", "redacted_file")


def recording_of(interaction_id: UUID) -> Recording | None:
    return recordings().filter(interaction_id=interaction_id).first()


def bound_to(request: HttpRequest) -> str:
    """What a ticket is good for beside what it says: this client's host, this session and this person."""
    session = hash_of(request.session.session_key)
    return f"{served_client(request).id}:{session}:{principal_of(request).user_id}"
