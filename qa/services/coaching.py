"""Notes beside and after scoring: given, widened, taken back, answered. Each is a row of its own, none is changed."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.notices.services import tell
from bpo.outbox.services import enqueue
from interactions.models import Interaction, Recording
from qa.domain.content import questions
from qa.errors import NotPossible
from qa.models import Evaluation, EvaluationRevision, Note, NoteReply, NoteShare, NoteWithdrawal, Release
from qa.models.note import LEVELS, TO_AGENT, Visibility
from qa.selectors.notes import level_of, shared_with_agent

GRACE: Final = timedelta(seconds=10)  # to take a note back before its agent can see it
GIVEN, ANSWERED = "note_given", "note_answered"
MOST_REPLIES: Final = 200


def give_note(
    *,
    note_id: UUID,
    interaction_id: UUID,
    text: str,
    by: By,
    now: datetime,
    revision_id: UUID | None = None,
    visibility: str = Visibility.AGENT,
    at_ms: int | None = None,
    question: str = "",
) -> Note:
    """Give a note on an interaction, or on the standing revision of its evaluation. The caller names it, so a resend
    is the same note.

    An agent sees it with the release, or ten seconds from now where that was before. Raises NotPossible for an empty
    text, a strange visibility, question or moment, one's own work, and an account without a seat.
    """
    words, author = _words(text), _seat(by)
    if visibility not in Visibility.values:
        raise NotPossible("visibility", _("Nobody is called that."), _("Choose who sees the note."))
    with transaction.atomic():
        about = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction_id)
        known = Note.objects.filter(pk=note_id).first()
        if known is not None:
            return _same(known, about, by)
        if about.agent_id is None or about.agent_id == by.actor_id:
            raise NotPossible("agent", _("Nobody else handled this."), _("Choose what another person handled."))
        _check_moment(about, at_ms)
        revision = _revision(revision_id, about)
        _check_question(revision, question)
        note = Note.objects.create(
            pk=note_id, interaction=about, revision=revision, agent_id=about.agent_id, author_id=author,
            text=words, visibility=visibility, at_ms=at_ms, question=question, given_at=now,
            shown_from=_shown_from(revision, now),
        )  # fmt: skip
        record(action="qa.note_given", target=note, by=by, now=now, detail={"visibility": str(visibility)})
        if note.shown_from is not None and visibility in TO_AGENT:
            _tell_later(note, note.shown_from)
    return note


def share_note(*, note_id: UUID, to: str, by: By, now: datetime) -> Note:
    """Let more people see a note; who may is for the caller to know. Open so far already, nothing changes.

    Raises NotPossible for less than it is open now, for somebody else's private note, and for one taken back.
    """
    if to not in Visibility.values:
        raise NotPossible("to", _("Nobody is called that."), _("Choose who sees the note."))
    who = _seat(by)
    with transaction.atomic():
        note = _held(note_id)
        was = level_of(note_id)
        if was == to:
            return note
        if LEVELS.index(to) < LEVELS.index(was):
            raise NotPossible("to", _("More people see it already."), _("A note can't be narrowed. Write another."))
        if note.agent_id == by.actor_id:
            raise NotPossible("to", _("It is about your own work."), _("Somebody else has to share it."))
        if was == Visibility.PRIVATE and note.author_id != by.actor_id:
            raise NotPossible("to", _("This is somebody's private note."), _("Ask them to share it."))
        share = NoteShare.objects.create(note=note, was=was, to=to, shared_by_id=who, shared_at=now)
        record(action="qa.note_shared", target=note, by=by, now=now, detail={"was": share.was, "to": share.to})
        if was not in TO_AGENT and to in TO_AGENT and _agent_may_know(note):
            _tell_later(note, max(now, note.shown_from or now))
    return note


def withdraw_note(*, note_id: UUID, by: By, now: datetime) -> None:
    """Take one's own note back while its agent can't see it. Taken back already is no error.

    Raises NotPossible for another's and for one that the agent can see.
    """
    with transaction.atomic():
        note = _held(note_id, withdrawn=True)
        if note.author_id != by.actor_id:
            raise NotPossible("note", _("Somebody else wrote it."), _("Ask them to take it back."))
        if NoteWithdrawal.objects.filter(note=note).exists():
            return
        if shared_with_agent(note_id, now=now):
            raise NotPossible("note", _("The agent has it already."), _("Answer below it instead."))
        NoteWithdrawal.objects.create(note=note, withdrawn_by_id=by.actor_id, withdrawn_at=now)
        record(action="qa.note_withdrawn", target=note, by=by, now=now)


def reply(*, note_id: UUID, reply_id: UUID, text: str, by: By, now: datetime) -> NoteReply:
    """Answer below a note its agent can see: the agent, or whoever coaches them. The other side is told.

    Raises NotPossible for an empty text, for a note the agent doesn't see, and where there are too many.
    """
    words, author = _words(text), _seat(by)
    with transaction.atomic():
        note = _held(note_id)
        known = NoteReply.objects.filter(pk=reply_id).first()
        if known is not None:
            return _same_reply(known, note_id, by)
        if not shared_with_agent(note_id, now=now):
            raise NotPossible("text", _("The agent doesn't see this note."), _("Share it with them first."))
        if NoteReply.objects.filter(note=note).count() >= MOST_REPLIES:
            raise NotPossible("text", _("This thread is full."), _("Speak with each other."))
        made = NoteReply.objects.create(
            pk=reply_id, note=note, author_id=author, text=words, replied_at=now
        )  # fmt: skip
        record(action="qa.note_answered", target=note, by=by, now=now, detail={"reply": str(made.pk)})
        _tell_other(note, made, by, now)
    return made


def tell_of_note(*, note_id: UUID, now: datetime) -> None:
    """Tell the agent of a note that came by itself, unless it was taken back within the grace."""
    note = Note.objects.filter(pk=note_id).first()
    if note is None or not shared_with_agent(note_id, now=now):
        return
    tell(
        actor_id=note.agent_id,
        kind=GIVEN,
        text=_("There is a note for you on one of your interactions."),
        path=reverse("qa:my_note", args=[note.pk]),
        dedupe_key=f"note:{note.pk}",
        now=now,
    )


def _tell_other(note: Note, made: NoteReply, by: By, now: datetime) -> None:
    """The author of a note is told of the agent's answers, the agent of everybody else's."""
    own = by.actor_id == note.agent_id
    tell(
        actor_id=note.author_id if own else note.agent_id,
        kind=ANSWERED,
        text=_("%(name)s answered your note.") % {"name": by.name} if own else _("Your reply was answered."),
        path=reverse("qa:note" if own else "qa:my_note", args=[note.pk]),
        dedupe_key=f"reply:{made.pk}",
        now=now,
    )


def _tell_later(note: Note, at: datetime) -> None:
    enqueue(kind="qa.tell_of_note", dedupe_key=f"note:{note.pk}", payload={"note_id": str(note.pk)}, run_at=at)


def _seat(by: By) -> UUID:
    if by.actor_id is None:
        raise NotPossible("actor", _("Your account has no seat at this client."), _("Ask the operator to give it one."))
    return by.actor_id


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise NotPossible("text", _("There is nothing in it."), _("Write what you want to say."))
    if len(words) > 2000:
        raise NotPossible("text", _("It is longer than 2,000 characters."), _("Say it shorter."))
    return words


def _same(known: Note, about: Interaction, by: By) -> Note:
    if (known.author_id, known.interaction_id) != (by.actor_id, about.pk):
        raise NotPossible("note", _("That note is another one."), _("Write a new one."))
    return known


def _same_reply(known: NoteReply, note_id: UUID, by: By) -> NoteReply:
    if (known.note_id, known.author_id) != (note_id, by.actor_id):
        raise NotPossible("text", _("That answer is another one."), _("Write a new one."))
    return known


def _revision(revision_id: UUID | None, about: Interaction) -> EvaluationRevision | None:
    """The revision, if it stands, with its evaluation held: it is released before or after this note, not meanwhile."""
    if revision_id is None:
        return None
    standing = Evaluation.objects.select_for_update(of=("self",)).filter(current=revision_id, interaction=about)
    if not standing.exists():
        raise NotPossible("evaluation", _("This evaluation was taken back."), _("Open it again."))
    return EvaluationRevision.objects.select_related("scorecard_version").get(pk=revision_id)


def _shown_from(revision: EvaluationRevision | None, now: datetime) -> datetime | None:
    waits = revision is not None and not Release.objects.filter(revision=revision).exists()
    return None if waits else now + GRACE


def _agent_may_know(note: Note) -> bool:
    return note.shown_from is not None or Release.objects.filter(revision=note.revision_id).exists()


def _check_moment(about: Interaction, at_ms: int | None) -> None:
    recording = Recording.objects.filter(interaction=about).only("duration_ms").first()
    if at_ms is not None and (at_ms < 0 or (recording is not None and at_ms > recording.duration_ms)):
        raise NotPossible("at_ms", _("The sound is over by then."), _("Give a moment within it."))


def _check_question(revision: EvaluationRevision | None, question: str) -> None:
    if not question:
        return
    known = {one.key for one in questions(revision.scorecard_version.content)} if revision else set()
    if question not in known:
        raise NotPossible("question", _("The scorecard has no such question."), _("Choose one of it."))


def _held(note_id: UUID, *, withdrawn: bool = False) -> Note:
    """The note with what it is about locked: no share, withdrawal and release at once. Raises Note.DoesNotExist."""
    note = Note.objects.get(pk=note_id)
    Interaction.objects.select_for_update(of=("self",)).get(pk=note.interaction_id)
    if note.revision_id is not None:
        list(Evaluation.objects.select_for_update(of=("self",)).filter(current=note.revision_id))
    if not withdrawn and NoteWithdrawal.objects.filter(note=note).exists():
        raise NotPossible("note", _("It was taken back."), _("Write another."))
    return note
