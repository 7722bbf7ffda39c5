"""Recordings as a kind of import: an archive, each file of which is told to which interaction it belongs."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.actors import By
from bpo.archives import DAMAGED
from bpo.cards import masked
from bpo.files.services import plain_name
from bpo.imports.domain.mapping import Mapping as ColumnMapping
from bpo.imports.domain.problems import Problem
from bpo.imports.reading import bare_mapping
from bpo.imports.registry import Written
from bpo.permissions import Permission, Reach
from interactions.errors import NotPossible
from interactions.models import Interaction, Recording
from interactions.recording_archive import Entry, entries
from interactions.selectors import within
from interactions.services import set_consent
from interactions.sounds import NotSound, Sound, received
from interactions.voice import attach_sound

KIND: Final = "recordings"
PURPOSE: Final = "recording_import"
CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that belongs to an interaction; no sound where it is there already."""

    name: str
    interaction: Interaction
    sound: Sound | None
    consent: str


class RecordingImporter:
    """Recordings from a ZIP archive. One that `keeps` nothing tells what would become of each file."""

    key = KIND
    label = gettext_lazy("Recordings")
    noun = gettext_lazy("recordings")
    permission = Permission.ADD_RECORDINGS.value
    own_page = "interactions:import_recordings"
    purpose = PURPOSE
    aliases: Mapping[str, Iterable[str]] = {}
    defaults: Mapping[str, str] = {}
    constants: Sequence[str] = ()
    creates: Sequence[str] = ()
    wide_field = None

    def __init__(self, *, keeps: bool = True) -> None:
        self._keeps = keeps

    def shown(self, headers: Sequence[str], mapping: ColumnMapping) -> Sequence[str]:
        return ()

    def batch(self, mapping: ColumnMapping) -> int:
        """One: its file is there until the next is asked for."""
        return 1

    def read_mapping(self, loaded: object, *, zone: str) -> ColumnMapping:
        """What is kept with a run is how far the reach of its person goes."""
        constants = loaded.get("constants", {}) if isinstance(loaded, dict) else {}
        return replace(bare_mapping(zone, ",", "utf-8"), constants=constants)

    def open(self, stream: BinaryIO) -> Iterator[Entry]:
        return entries(stream)

    def parse(self, rows: Iterable[Any], mapping: ColumnMapping) -> Iterator[tuple[int, Any]]:
        """Each file, read and rewritten, while the next isn't asked for; or why it isn't taken."""
        reach = reach_from(mapping.constants)
        for number, entry in enumerate(rows, start=1):
            with ExitStack() as kept:
                yield number, _taken(entry, number, reach, kept)

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: ColumnMapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        written = Written()
        for number, taken in rows:
            try:
                what = self._written(taken, by, now)
            except NotPossible as error:
                written.problems.append(Problem(number, shown_name(taken.name), error.problem, error.remedy))
            else:
                setattr(written, what, getattr(written, what) + 1)
        return written

    def _written(self, taken: Taken, by: By, now: datetime) -> str:
        says = bool(taken.consent) and taken.consent != taken.interaction.consent
        if self._keeps and says:
            set_consent(interaction_id=taken.interaction.pk, consent=taken.consent, by=by, now=now)
        if taken.sound is None:
            return "updated" if says else "unchanged"
        if self._keeps:
            attach_sound(interaction=taken.interaction, sound=taken.sound, name=taken.name, by=by, now=now)
        return "created"


def _taken(entry: Entry, number: int, reach: Reach | None, kept: ExitStack) -> Taken | list[Problem]:
    try:
        interaction = _interaction(entry, reach)
        sound = _sound(entry, interaction, kept)
    except (NotSound, NotPossible) as error:
        return [Problem(number, shown_name(entry.name), error.problem, error.remedy)]
    except DAMAGED as error:
        damaged = _("It is damaged in the archive: %(why)s.") % {"why": type(error).__name__}
        return [Problem(number, shown_name(entry.name), damaged, _("Pack it again."))]
    return Taken(entry.name, interaction, sound, entry.consent)


def _interaction(entry: Entry, reach: Reach | None) -> Interaction:
    """The one interaction a file is of. Raises NotPossible."""
    if entry.problem is not None:
        raise NotPossible("file", *entry.problem)
    for reference in entry.references:
        named = {"external_id": reference} | ({"source": entry.source} if entry.source else {})
        found = list(Interaction.objects.filter(within(reach), **named)[:2])
        if len(found) > 1:
            raise NotPossible(
                "file",
                _("Several interactions have the reference “%(name)s”.") % {"name": reference[:80]},
                _("Say which one by a column “source” in a manifest.csv."),
            )
        if found:
            return found[0]
    raise NotPossible(
        "file",
        _("There is no interaction with the reference “%(name)s”.") % {"name": (entry.references or ("",))[0][:80]},
        _("Import the interaction first, or name the file after its reference."),
    )


def _sound(entry: Entry, interaction: Interaction, kept: ExitStack) -> Sound | None:
    """The file read and rewritten; None where the interaction has this very recording. Raises NotSound, NotPossible."""
    known = Recording.objects.filter(interaction=interaction).values_list("source_sha256", flat=True).first()
    if known is not None:
        with entry.open() as stream:
            if _digest(stream) == known:
                return None
        raise NotPossible(
            "file",
            _("The interaction has another recording already."),
            _("Take the file out; the sound of an interaction is never replaced."),
        )
    with entry.open() as stream:
        return kept.enter_context(received(stream))


def _digest(stream: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := stream.read(CHUNK):
        found.update(piece)
    return found.hexdigest()


def shown_name(name: str) -> str:
    """A file's name as a page, a line or a spreadsheet may have it."""
    return masked(plain_name(name))[:120]


def reach_as(reach: Reach | None) -> dict[str, str]:
    """A reach as a run keeps it."""
    if reach is None:
        return {}
    return {"teams": " ".join(sorted(map(str, reach.teams))), "actor": str(reach.actor or "")}


def reach_from(kept: Mapping[str, str]) -> Reach | None:
    if "teams" not in kept:
        return None
    actor = kept.get("actor", "")
    return Reach(frozenset(map(UUID, kept["teams"].split())), UUID(actor) if actor else None)
