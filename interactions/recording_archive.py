"""The files of an archive, each with the interaction it says it is of."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.archives import DAMAGED
from bpo.imports.domain.problems import FileError
from bpo.imports.domain.reader import read_csv
from bpo.imports.domain.suggest import suggest_mapping
from bpo.imports.reading import bare_mapping
from interactions.domain.fields import ALIASES, CONSENTS
from interactions.domain.sound_archive import Member, is_manifest, members

INFLATED: Final = 10  # times what may be sent, all files together
LARGEST_MANIFEST: Final = 5_000_000  # bytes
COLUMNS: Final = {
    "file": ("file name", "filename", "recording", "path"),
    "external_id": ALIASES["external_id"],
    "source": (),
    "consent": ALIASES["consent"],
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to take, or a line of the manifest without one: what it is of, and what is wrong with it already."""

    name: str
    archive: zipfile.ZipFile
    member: Member | None
    references: tuple[str, ...]
    source: str = ""
    consent: str = ""
    problem: tuple[str, str] | None = None

    def open(self) -> BinaryIO:
        assert self.member is not None  # noqa: S101 - one without a file has a problem
        return self.archive.open(self.member.info)  # type: ignore[return-value]  # it reads, which is all that is asked


def entries(stream: BinaryIO) -> Iterator[Entry]:
    """Everything an archive has to be accounted for, in order. Raises FileError for what is no archive or a bomb."""
    try:
        archive = zipfile.ZipFile(stream)
        found = list(
            members(
                archive.infolist(),
                largest=settings.MAX_RECORDING_BYTES,
                total=settings.MAX_IMPORT_BYTES * INFLATED,
            )
        )
        lines = _lines(archive)
    except DAMAGED as error:
        if isinstance(error, FileError):
            raise
        raise FileError(_("The file is no ZIP archive, or a damaged one."), _("Pack the recordings again.")) from error
    if not found and not lines:
        raise FileError(_("The archive is empty."), _("Put the recordings into it, each named after its interaction."))
    yield from _matched(archive, found, lines)


def _matched(archive: zipfile.ZipFile, found: list[Member], lines: list[dict[str, str]]) -> Iterator[Entry]:
    by_name: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        by_name.setdefault(line["file"], []).append(line)
    for one in found:
        told = by_name.pop(one.name, None)
        yield (
            Entry(one.name, archive, one, one.references, problem=one.problem)
            if told is None
            else _told(archive, one, told)
        )
    for name in by_name:
        missing = (
            _("The manifest names it and the archive doesn't hold it."),
            _("Add the file, or take the line out."),
        )
        yield Entry(name, archive, None, (), problem=missing)


def _told(archive: zipfile.ZipFile, one: Member, lines: list[dict[str, str]]) -> Entry:
    line, problem = lines[0], one.problem
    if len(lines) > 1:
        problem = problem or (_("The manifest names it more than once."), _("Leave one line."))
    elif line["consent"] not in ("", *CONSENTS):
        problem = problem or (
            _("The manifest says “%(word)s” for consent.") % {"word": line["consent"][:40]},
            _("Write given, refused or unknown."),
        )
    references = (line["external_id"],) if line["external_id"] else one.references
    return Entry(one.name, archive, one, references, line["source"], line["consent"], problem)


def _lines(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    """The manifest's lines, if there is one. Raises FileError for one that can't be read or names no files."""
    info = next((one for one in archive.infolist() if is_manifest(one)), None)
    if info is None:
        return []
    if info.file_size > LARGEST_MANIFEST or info.flag_bits & 1:
        raise FileError(
            _("The manifest is larger than %(n)s bytes, or locked.") % {"n": LARGEST_MANIFEST},
            _("Leave out the columns that aren't needed: file, external_id, source and consent are."),
        )
    content = archive.read(info)
    table = read_csv(io.BytesIO(content), bare_mapping("UTC", _delimiter(content), "utf-8"))
    columns = suggest_mapping(table.headers, COLUMNS)
    if "file" not in columns.values():
        raise FileError(
            _("The manifest has no column “file”."), _("Give each line the name of its file as it is in the archive.")
        )
    return [
        dict.fromkeys(COLUMNS, "")
        | {field: row.cells[header].strip() for header, field in columns.items() if header in row.cells}
        for row in table
    ]


def _delimiter(content: bytes) -> str:
    first = content[:4096].decode("utf-8", "replace").splitlines()[:1]
    try:
        return csv.Sniffer().sniff(first[0] if first else "", ",;\t|").delimiter
    except csv.Error:
        return ","
