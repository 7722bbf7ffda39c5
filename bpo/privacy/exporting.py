"""Everything we hold about one person as one ZIP: JSON of every row, and the files."""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q

from bpo.actors import By
from bpo.audit.models import Entry
from bpo.files.models import StoredFile
from bpo.files.services import open_file, store_file
from bpo.privacy.declared import Kind, models_by_label, own
from bpo.privacy.rows import Found, find

PURPOSE: Final = "subject_export"
NAME: Final = "personal-data.zip"
LIMIT: Final = 4_000_000_000  # bytes
SECRETS: Final = frozenset({"password", "token_hash", "token_digest", "code_hash", "digest", "secret"})
IN_MEMORY: Final = 8_000_000
CHUNK: Final = 1 << 20


def write_export(*, kind: Kind, subject_id: UUID, by: By, now: datetime) -> StoredFile:
    """Make the archive and keep it as a file of the client entered."""
    found = find(kind, subject_id)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as draft:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts_of(found):
                archive.writestr(name, text)
            for stored in StoredFile.objects.filter(pk__in=found.rows.get("files.StoredFile", [])):
                _add_file(archive, stored)
            archive.writestr("looked_at.json", as_json(_looked_at(found)))
            archive.writestr("about.json", as_json(_about(found, now)))
        draft.seek(0)
        return store_file(stream=draft, name=NAME, purpose=PURPOSE, by=by, now=now, limit=LIMIT)


def rows_of(model: type[Model], keys: list[Any]) -> Iterator[dict[str, Any]]:
    """Rows as plain values, without what proves who somebody is."""
    for values in model._base_manager.filter(pk__in=keys).order_by("pk").values():
        yield {name: value for name, value in values.items() if name not in SECRETS}


def parts_of(found: Found) -> Iterator[tuple[str, str]]:
    """Each model's rows as JSON, by the name of its member; models that no export holds are left out."""
    for label, keys in sorted(found.rows.items()):
        model = models_by_label(found.scope)[label]
        if own(model).export:
            yield f"{label}.json", as_json(rows_of(model, keys))


def _add_file(archive: zipfile.ZipFile, stored: StoredFile) -> None:
    try:
        with open_file(stored) as source, archive.open(f"files/{stored.pk}-{stored.name}", "w") as target:
            while piece := source.read(CHUNK):
                target.write(piece)
    except FileNotFoundError:
        return  # its row is in the export and says which file it was


def _looked_at(found: Found) -> Iterator[Any]:
    """When something of theirs was played, downloaded or shown by a search; who did it stays with us."""
    either = Q(action="customers.found", detail__customers__contains=[str(found.subject_id)])
    for label, keys in found.rows.items():
        own = Q(target_type=label, target_id__in=[str(key) for key in keys])
        either |= own & Q(action__in=["recording.played", "file.downloaded"])
    yield from Entry.objects.filter(either).order_by("seq").values("at", "action", "target_type", "target_id")


def _about(found: Found, now: datetime) -> dict[str, Any]:
    return {
        "made_at": now,
        "subject": {"kind": found.kind, "id": found.subject_id},
        "rows": {label: len(keys) for label, keys in sorted(found.rows.items())},
        # Held about others or by the product itself; they quote the person and are cleared by an erasure.
        "quoted_in": {label: len(keys) for label, keys in sorted(found.quoting.items())},
    }


def as_json(plain: Any) -> str:
    """An object, or a list of what an iterator gives, as the archive keeps it."""
    wanted = plain if isinstance(plain, dict) else list(plain)
    return json.dumps(wanted, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
