"""From an upload to a run that waits: read once to its end before anything is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.files.models import StoredFile
from bpo.files.services import store_file
from bpo.imports.domain.jsontext import load_json
from bpo.imports.domain.mapping import ENCODINGS, Mapping, MappingError
from bpo.imports.domain.problems import FileError
from bpo.imports.masking import WithoutCards
from bpo.imports.models import ImportRun
from bpo.imports.reading import (
    bare_mapping,
    count_rows,
    first_rows,
    guess,
    headers_of,
    is_workbook,
    open_table,
    presets,
)
from bpo.imports.registry import Importer
from bpo.imports.services import create_run
from bpo.tenancy.context import current_client

READ_AT_ONCE: Final = 20_000_000  # bytes; a larger file is read to its end by the worker instead


@dataclass(frozen=True, slots=True)
class Upload:
    """What came with the form."""

    file: BinaryIO
    name: str
    size: int
    preset: str = ""
    mapping: bytes = b""
    encoding: str = ""


def receive(upload: Upload, importer: Importer, *, by: By, now: datetime) -> ImportRun:
    """Check an upload, keep its file and make a run of it.

    A mapping that was given must fit; one that is guessed may be incomplete, a person completes it. Raises
    FileError, MappingError, JsonError and TooLarge before anything is kept.
    """
    if upload.size > settings.MAX_IMPORT_BYTES:
        raise FileError(
            _("The file is larger than %(limit)s bytes.") % {"limit": settings.MAX_IMPORT_BYTES},
            _("Split it, or leave out the columns you do not need."),
        )
    loaded, given = _mapping(upload, importer)
    rows = _checked(upload, importer, loaded, given)
    stored = keep(upload.file, _bare(loaded, current_client().zone), name=upload.name, by=by, now=now)
    return create_run(kind=importer.key, file=stored, mapping=loaded, by=by, now=now, file_rows=rows)


def keep(stream: BinaryIO, mapping: Mapping, *, name: str, by: By, now: datetime) -> StoredFile:
    """Store a file to import: a workbook as it is, a text file with its card numbers masked. Raises TooLarge."""
    stream.seek(0)
    as_it_is = is_workbook(stream)
    return store_file(
        stream=stream if as_it_is else WithoutCards(stream, encoding=mapping.encoding, delimiter=mapping.delimiter),
        name=name,
        purpose="import",
        by=by,
        now=now,
        limit=settings.MAX_IMPORT_BYTES,
    )


def _mapping(upload: Upload, importer: Importer) -> tuple[dict[str, Any], bool]:
    """The mapping, and whether somebody gave it."""
    zone = current_client().zone
    if upload.mapping:
        loaded: Any = load_json(upload.mapping)
    elif upload.preset:
        loaded = presets(importer, zone).get(upload.preset)
        if loaded is None:
            raise MappingError(
                "",
                _("“%(name)s” is made for another kind of file.") % {"name": upload.preset},
                _("Choose what the file holds, or let the columns be suggested."),
            )
    else:
        return guess(upload.file, importer, zone=zone, encoding=upload.encoding or "utf-8"), False
    importer.read_mapping(loaded, zone=zone)
    return {**loaded, **({"encoding": upload.encoding} if upload.encoding else {})}, True


def _checked(upload: Upload, importer: Importer, loaded: dict[str, Any], given: bool) -> int:
    """How many rows the file has; 0 for a file too large to read while somebody waits."""
    zone = current_client().zone
    mapping = importer.read_mapping(loaded, zone=zone) if given else _bare(loaded, zone)
    upload.file.seek(0)
    if upload.size <= READ_AT_ONCE or is_workbook(upload.file):  # a workbook is kept only once all of it is looked at
        return count_rows(upload.file, mapping)
    open_table(upload.file, mapping)
    return 0


def _bare(loaded: dict[str, Any], zone: str) -> Mapping:
    encoding = str(loaded.get("encoding", "utf-8"))
    return bare_mapping(zone, str(loaded.get("delimiter", ",")), encoding if encoding in ENCODINGS else "utf-8")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person sees before the word go: each column, the first rows, or why they can't be read."""

    headers: tuple[str, ...]
    fields: tuple[str, ...] = ()
    rows: tuple[Any, ...] = ()
    error: FileError | MappingError | None = None


def preview(stream: BinaryIO, importer: Importer, loaded: dict[str, Any]) -> Preview:
    """The first ten rows as they will be read. What is wrong is part of the answer, nothing is raised."""
    zone = current_client().zone
    bare = _bare(loaded, zone)
    headers: tuple[str, ...] = ()
    try:
        headers = headers_of(stream, zone=zone, delimiter=bare.delimiter, encoding=bare.encoding)
        mapping = importer.read_mapping(loaded, zone=zone)
        stream.seek(0)
        fields = list(importer.shown(headers, mapping))
        return Preview(headers, tuple(fields), tuple(first_rows(stream, importer, mapping, fields)))
    except (FileError, MappingError) as error:
        return Preview(headers, error=error)


def with_choices(loaded: dict[str, Any], headers: tuple[str, ...], chosen: dict[str, str]) -> dict[str, Any]:
    """The mapping with what the form says: `column-<n>` for the n-th header, `constant-<field>`, zone, dates."""
    columns = {
        header: field for place, header in enumerate(headers) if header and (field := chosen.get(f"column-{place}", ""))
    }
    constants = {**loaded.get("constants", {})}
    for name, value in chosen.items():
        if name.startswith("constant-"):
            constants[name.removeprefix("constant-")] = value.strip()
    kept = {field: word for field, word in constants.items() if word and field not in columns.values()}
    creating = [name for name in ("actor", "queue") if chosen.get(f"create-{name}")]
    dates = [form.strip() for form in chosen.get("dates", "").splitlines() if form.strip()]
    return {
        **loaded,
        "columns": columns,
        "constants": kept,
        "create_missing": creating,
        "zone": chosen.get("zone", "").strip() or loaded.get("zone"),
        "dates": dates,
    }
