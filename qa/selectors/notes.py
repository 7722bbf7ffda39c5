"""The one reader of notes (ADR 34). Whoever reads says for whom, and the query holds nothing that isn't for them.

An architecture test keeps every other module from asking the tables of notes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bpo.permissions import Permission, Principal, Reach, may, reach
from interactions.selectors import within
from qa.models import Evaluation, Evidence, Note, NoteDraft, NoteReply, NoteShare, Release
from qa.models.note import TO_AGENT, Visibility


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom notes are read, at a moment. `nobody` reads none, which is also what a missing permission comes to."""

    kind: Literal["team", "agent", "client", "nobody"]
    now: datetime
    actor: UUID | None = None
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One line of a thread. `mine` is the reader's own; `name` is empty where the reader isn't told."""

    text: str
    replied_at: datetime
    mine: bool
    by_agent: bool
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """A note as its reader is shown it: without its author for agents and clients, without a thread for clients."""

    id: UUID
    at_ms: int | None
    question: str
    text: str
    given_at: datetime
    visibility: str = ""
    author: str = ""
    mine: bool = False
    replies: tuple[Reply, ...] = ()
    answerable: bool = False
    evidence: tuple[Evidence, ...] = ()

    def get_visibility_display(self) -> str:
        return str(Visibility(self.visibility).label) if self.visibility else ""


def for_team(principal: Principal, *, now: datetime) -> Audience:
    """A lead or an analyst, within their reach; a token that may only coach is one, too."""
    for permission in (Permission.SEE_EVALUATIONS, Permission.COACH):
        if may(principal, permission):
            return Audience("team", now, principal.actor_id, reach(principal, permission))
    return Audience("nobody", now)


def for_agent(principal: Principal, *, now: datetime) -> Audience:
    """An agent, about themselves."""
    if not may(principal, Permission.SEE_OWN_REVIEWS) or principal.actor_id is None:
        return Audience("nobody", now)
    return Audience("agent", now, principal.actor_id)


def for_client(principal: Principal, *, now: datetime) -> Audience:
    """The client's own people, where their contract lets them see evaluations."""
    return Audience("client" if may(principal, Permission.SEE_CLIENT_EVALUATIONS) else "nobody", now)


def notes_for(audience: Audience) -> QuerySet[Note]:
    """The notes this audience may read, each with `level`: how far it is open by now."""
    if audience.kind == "nobody":
        return Note.objects.none()
    newest = NoteShare.objects.filter(note=OuterRef("pk")).order_by("-id").values("to")[:1]
    found = Note.objects.filter(withdrawal=None).filter(_stands()).annotate(
        level=Coalesce(Subquery(newest), F("visibility"))
    )  # fmt: skip
    if audience.kind == "agent":
        return found.filter(_open_to_agent(audience.now), agent_id=audience.actor)
    if audience.kind == "client":
        return found.filter(_shown(audience.now), level=Visibility.CLIENT)
    own = Q(author_id=audience.actor) if audience.actor else Q(pk__in=[])
    about_oneself = Q(agent_id=audience.actor) if audience.actor else Q(pk__in=[])
    others = ~Q(level=Visibility.PRIVATE) & (~about_oneself | _open_to_agent(audience.now))
    return found.filter(within(audience.reach), own | others).select_related("author")


def no_notes() -> QuerySet[Note]:
    """What a view that reads notes names before it knows for whom."""
    return Note.objects.none()


def notes_by_revision(revisions: Iterable[UUID], audience: Audience) -> dict[UUID, list[Note]]:
    """Notes of several evaluations' standing revisions, for one audience, in one statement."""
    found: dict[UUID, list[Note]] = defaultdict(list)
    for note in notes_for(audience).filter(revision__in=list(revisions)).select_related("agent", "revision__standing"):
        if note.revision_id is not None:
            found[note.revision_id].append(note)
    return dict(found)


def note_for(audience: Audience, note_id: UUID) -> Note | None:
    """One of them with what its page shows."""
    related = ("author", "agent__team", "interaction__queue", "interaction__reason", "revision__standing__scorecard")
    return notes_for(audience).select_related(*related).filter(pk=note_id).first()


def notes_of(evaluation: Evaluation, audience: Audience) -> list[Said]:
    """Notes of an evaluation's standing revision, with their threads."""
    return said(notes_for(audience).filter(revision_id=evaluation.current_id), audience)


def notes_of_interaction(interaction: UUID, audience: Audience) -> list[Said]:
    """Notes on an interaction that belong to no evaluation."""
    return said(notes_for(audience).filter(interaction_id=interaction, revision=None), audience)


def loose_notes(audience: Audience) -> QuerySet[Note]:
    """Notes of no evaluation, newest first, with what a row shows."""
    found = notes_for(audience).filter(revision=None).select_related("interaction__queue", "agent")
    return found.order_by("-given_at", "-id")


def coaching_notes(audience: Audience) -> QuerySet[Note]:
    """What was said, newest first; private notes of one's own are in the reviews they were written in."""
    related = ("agent__team", "author", "interaction__queue", "revision__standing")
    found = notes_for(audience).filter(_open_to_more()).select_related(*related)
    return found.order_by("-given_at", "-id")


def replies_count(audience: Audience, shown: Iterable[UUID]) -> dict[UUID, int]:
    """How many replies each of these notes has; one that isn't for this audience has none."""
    allowed = notes_for(audience).filter(pk__in=list(shown)).values("pk")
    found: dict[UUID, int] = defaultdict(int)
    for note in NoteReply.objects.filter(note__in=allowed).values_list("note_id", flat=True):
        found[note] += 1
    return dict(found)


def said(found: QuerySet[Note], audience: Audience) -> list[Said]:
    """Notes as their reader is shown them, with threads for those who take part in them; two statements at most."""
    rows = list(found)
    threads = _threads(rows, audience) if audience.kind in ("team", "agent") else {}
    return [_said(note, audience, threads.get(note.pk, ())) for note in rows]


def shared_with_agent(note_id: UUID, *, now: datetime) -> bool:
    """Whether its agent can read a note by now: from then on it can't be taken back."""
    return Note.objects.filter(_stands(), _open_to_agent(now), pk=note_id, withdrawal=None).exists()


def level_of(note_id: UUID) -> str:
    """How far a note is open by now."""
    newest = NoteShare.objects.filter(note_id=note_id).order_by("-id").values_list("to", flat=True).first()
    return newest or Note.objects.values_list("visibility", flat=True).get(pk=note_id)


def drafts_of(evaluation: Evaluation) -> list[NoteDraft]:
    """Notes of the review in hand, for whoever has it in hand."""
    return list(NoteDraft.objects.filter(evaluation=evaluation))


def _stands() -> Q:
    """Of an evaluation as it stands, or of none: what was taken back within the grace is in no one's list."""
    return Q(revision=None) | Q(Exists(Evaluation.objects.filter(current=OuterRef("revision"))))


def _shown(now: datetime) -> Q:
    """Past the grace: shown by its evaluation's release, or by its own moment."""
    released = Q(Exists(Release.objects.filter(revision=OuterRef("revision"))))
    return Q(shown_from__lte=now) | Q(Q(shown_from=None) & released)


def _open_to_agent(now: datetime) -> Q:
    shared = Q(Exists(NoteShare.objects.filter(note=OuterRef("pk"), to__in=TO_AGENT)))
    return (Q(visibility__in=TO_AGENT) | shared) & _shown(now)


def _open_to_more() -> Q:
    return ~Q(visibility=Visibility.PRIVATE) | Q(Exists(NoteShare.objects.filter(note=OuterRef("pk"))))


def _threads(rows: list[Note], audience: Audience) -> dict[UUID, tuple[Reply, ...]]:
    agents = {note.pk: note.agent_id for note in rows}
    found: dict[UUID, list[Reply]] = defaultdict(list)
    for one in NoteReply.objects.filter(note__in=list(agents)).select_related("author"):
        by_agent = one.author_id == agents[one.note_id]
        name = one.author.display_name if audience.kind == "team" else ""
        found[one.note_id].append(Reply(one.text, one.replied_at, one.author_id == audience.actor, by_agent, name))
    return {note: tuple(replies) for note, replies in found.items()}


def _said(note: Note, audience: Audience, replies: tuple[Reply, ...]) -> Said:
    common = (note.pk, note.at_ms, note.question, note.text, note.given_at)
    if audience.kind == "client":
        return Said(*common)
    level: str = note.level  # type: ignore[attr-defined]  # annotated by `notes_for`
    if audience.kind == "agent":
        return Said(*common, replies=replies, answerable=True)
    own = note.author_id == audience.actor
    return Said(*common, level, note.author.display_name, own, replies, answerable=level in TO_AGENT)
