"""Keeping the sound of a call, with its peaks made once so that a page draws it without the sound."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.files.models import StoredFile
from bpo.files.services import Readable, delete_bytes, store_file
from bpo.outbox.services import enqueue
from interactions.domain.spans import CARD, Span, checked, spans_of
from interactions.errors import NotPossible
from interactions.models import Interaction, Recording
from interactions.silencing import silenced_copy
from interactions.sounds import FLAC, STORED, NotSound, Sound, received

PURPOSE: Final = "recording"
COPY: Final = "recording_redacted"
COPY_NAME: Final = "redacted.flac"
RENDER: Final = "interactions.render_copy"

__all__ = ["NotSound", "Sound", "add_recording", "attach_sound", "received", "redact", "render_copy"]


def add_recording(
    *, interaction: Interaction, stream: Readable, name: str, by: By, now: datetime, redactions: Sequence[Span] = ()
) -> Recording:
    """Take the sound of an interaction from outside. Raises NotSound, and NotPossible where it has one already."""
    with received(stream) as sound:
        return attach_sound(interaction=interaction, sound=sound, name=name, redactions=redactions, by=by, now=now)


@transaction.atomic
def attach_sound(
    *, interaction: Interaction, sound: Sound, name: str, by: By, now: datetime, redactions: Sequence[Span] = ()
) -> Recording:
    """Keep a sound that was received; the first channel is the agent's. Raises NotPossible where there is one already."""
    spans = checked(redactions, length_ms=sound.duration_ms)
    if Recording.objects.filter(interaction=interaction).exists():
        raise _has_one()
    with sound.open() as stream:
        stored = store_file(
            stream=stream, name=name, purpose=PURPOSE, by=by, now=now, limit=STORED, content_type=FLAC
        )  # fmt: skip
    made = Recording(
        interaction=interaction, file=stored, duration_ms=sound.duration_ms, peaks=sound.peaks,
        source_sha256=sound.source_sha256, redactions=[one.as_dict() for one in spans], spans_number=min(len(spans), 1),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:  # somebody else's came at the same moment
        raise _has_one() from error
    detail = {"source": sound.form, "sha256": sound.source_sha256}
    record(action="recording.added", target=made, by=by, now=now, detail=detail)
    if spans:
        ask_for_copy(made)
    return made


def _has_one() -> NotPossible:
    return NotPossible(
        "file",
        _("The interaction has a recording already."),
        _("Keep the one there is; the sound of an interaction is never replaced."),
    )


@transaction.atomic
def redact(*, recording_id: UUID, spans: Sequence[Span], number: int, by: By, now: datetime) -> Recording:
    """Say which stretches are silenced from now on; a copy is made anew. The client's people hear nothing until then.

    `number` is the change the caller saw. Raises NotPossible for another one, for spans outside the sound, and for a
    card span taken away once the original is gone: what was said there can't come back.
    """
    found = Recording.objects.select_for_update(of=("self",)).get(pk=recording_id)
    if number != found.spans_number:
        raise NotPossible(
            "number", _("Somebody else changed the redactions since."), _("Look at them as they are now, then go on.")
        )
    try:
        wanted = checked(spans, length_ms=found.duration_ms)
    except ValueError as error:
        raise NotPossible(
            "from", _("The stretch does not lie inside the recording."), _("Give a start before its end, both inside.")
        ) from error
    before = spans_of(found.redactions)
    if found.original_gone_at is not None and (set(before) - set(wanted)):
        raise NotPossible(
            "number",
            _("The original was destroyed; what was silenced then stays silent."),
            _("Add what is missing; nothing can be taken away."),
        )
    if wanted == before:
        return found
    found.redactions = [one.as_dict() for one in wanted]
    found.spans_number += 1
    found.save(update_fields=["redactions", "spans_number"])
    detail = {"number": found.spans_number, "spans": found.redactions}
    record(action="recording.redacted", target=found, by=by, now=now, detail=detail)
    ask_for_copy(found)
    return found


def ask_for_copy(recording: Recording) -> None:
    """Have the copy made that the spans as they are now want. Joins the caller's transaction."""
    enqueue(
        kind=RENDER,
        dedupe_key=f"copy:{recording.pk}:{recording.spans_number}",
        payload={"recording_id": str(recording.pk)},
    )


def render_copy(*, recording_id: UUID, by: By, now: datetime) -> None:
    """Make the copy with the spans silenced, and destroy the original where a card number was read out.

    Doing it again, as after a crash, makes nothing that stands and takes away the bytes that were left. No recording,
    or one whose bytes are gone, is no work.
    """
    found = Recording.objects.select_related("file").filter(pk=recording_id).first()
    if found is None:
        return
    if found.redactions and found.redacted_number != found.spans_number:
        _render(found, by, now)
    elif not found.redactions and found.redacted_file_id is not None:
        _let_go(found)
    _take_away(recording_id)


def _render(found: Recording, by: By, now: datetime) -> None:
    spans = spans_of(found.redactions)
    with silenced_copy(found.file, spans) as stream, transaction.atomic():
        copy = store_file(
            stream=stream, name=COPY_NAME, purpose=COPY, by=by, now=now, limit=STORED, content_type=FLAC
        )  # fmt: skip
        held = Recording.objects.select_for_update(of=("self",)).select_related("file", "redacted_file")
        kept = held.get(pk=found.pk)
        if kept.spans_number != found.spans_number:  # changed meanwhile: the job of that change makes another
            _no_longer_wants(kept, copy.sha256)
            kept.save(update_fields=["unwanted"])
            return
        if kept.redacted_file is not None:
            _no_longer_wants(kept, kept.redacted_file.sha256)
        gone = any(one.kind == CARD for one in spans)
        if gone:
            _no_longer_wants(kept, kept.file.sha256)
            kept.file = copy
            kept.original_gone_at = kept.original_gone_at or now
        kept.redacted_file, kept.redacted_number = copy, kept.spans_number
        kept.save(update_fields=["file", "original_gone_at", "redacted_file", "redacted_number", "unwanted"])
        record(action="recording.copy_made", target=kept, by=by, now=now, detail={"number": kept.spans_number})
        if gone:
            record(action="recording.original_destroyed", target=kept, by=by, now=now)


def _no_longer_wants(recording: Recording, digest: str) -> None:
    recording.unwanted = " ".join([*recording.unwanted.split(), digest])


@transaction.atomic
def _let_go(found: Recording) -> None:
    """No span is left: the copy isn't needed any more."""
    kept = Recording.objects.select_for_update(of=("self",)).select_related("redacted_file").get(pk=found.pk)
    if kept.redactions or kept.redacted_file is None:
        return
    _no_longer_wants(kept, kept.redacted_file.sha256)
    kept.redacted_file = kept.redacted_number = None
    kept.save(update_fields=["redacted_file", "redacted_number", "unwanted"])


def _take_away(recording_id: UUID) -> None:
    """Remove bytes that this recording doesn't want any more and that nothing else names."""
    row = Recording.objects.filter(pk=recording_id).values_list("unwanted", flat=True).first() or ""
    if row:
        for digest in set(row.split()):
            if not _is_named(digest):
                delete_bytes(digest)
        Recording.objects.filter(pk=recording_id, unwanted=row).update(unwanted="")


def _is_named(digest: str) -> bool:
    """Whether a recording plays these bytes, or a file of another purpose has them."""
    rows: Any = StoredFile.objects.filter(sha256=digest)
    playing = rows.filter(recordings__isnull=False) | rows.filter(redacted_recordings__isnull=False)
    return bool(playing.exists() or rows.exclude(purpose__in=[PURPOSE, COPY]).exists())
