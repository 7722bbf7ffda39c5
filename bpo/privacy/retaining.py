"""What is past its term, and its end: as the owner, in a client's schema, one bounded batch a call."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from bpo.audit.models import Checkpoint, Entry
from bpo.files.models import StoredFile
from bpo.privacy import files
from bpo.privacy.declared import models_by_label, own
from bpo.privacy.domain.retention import Term, cutoff
from bpo.privacy.erasing import MARK, Counts, anonymise, unnamed

BATCH: Final = 500  # rows of one model in one transaction
FILES: Final = "files.StoredFile"
LOG: Final = "audit.Entry"
Terms = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch ended, the bytes to take away once it is committed, and where the next looks on."""

    counts: Counts
    digests: tuple[str, ...]
    looked: UUID | None  # the last imported file looked at
    more: bool  # there may be imported files after it


def due(terms: Terms, *, client_id: UUID, now: datetime, zone: str) -> Counts:
    """What would go now, by model. Reads and changes nothing; the client's own role may ask."""
    before = {kind: cutoff(term, now, zone) for kind, term in terms.items()}
    found: Counts = [
        (model._meta.label, own(model).erasure, number) for model, rows in _aged(before) if (number := rows.count())
    ]
    imported = len(_free(_with_bytes(client_id, _old_files(before)), before))
    lines = _old_lines(before).count()
    return [
        *found,
        *([(FILES, "anonymise", imported)] if imported else []),  # type: ignore[list-item]  # a literal in a list
        *([(LOG, "delete", lines)] if lines else []),  # type: ignore[list-item]  # the same
    ]


def end_batch(terms: Terms, *, client_id: UUID, now: datetime, zone: str, after: UUID | None = None) -> Batch:
    """End one batch of each model inside the caller's transaction; of imported files those after `after`.

    A batch looks at so many files on disk at most. The rows of files that went stay, and each night looks once more
    whether their bytes are gone: a night killed between commit and file is mended so.
    """
    before = {kind: cutoff(term, now, zone) for kind, term in terms.items()}
    counts: Counts = []
    digests: set[str] = set()
    for model, rows in _aged(before):
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if keys:
            counts.append((model._meta.label, own(model).erasure, len(keys)))
            digests |= _end(model, keys)
    old = list((_old_files(before).filter(pk__gt=after) if after else _old_files(before))[:BATCH])
    free = _free(_with_bytes(client_id, old), before)
    if free:
        counts.append((FILES, "anonymise", len(free)))
        digests |= {one.sha256 for one in free}
    if lines := _cut_log(before, now):
        counts.append((LOG, "delete", lines))
    return Batch(counts, tuple(sorted(digests)), old[-1].pk if old else after, len(old) == BATCH)


def _aged(before: Mapping[str, datetime]) -> Iterator[tuple[type[Model], QuerySet[Any]]]:
    """Models with a term, each with its rows that are past it and not yet ended."""
    for model in models_by_label("client").values():
        declared = own(model)
        if declared.dated and declared.retention in before and declared.erasure != "keep":
            rows = model._base_manager.filter(**{f"{declared.dated}__lt": before[declared.retention]})
            yield model, rows if declared.erasure == "delete" else rows.filter(_still_says(model))


def _still_says(model: type[Model]) -> Q:
    """Some text of the row is left."""
    left = Q()
    for name in own(model).clears:
        field: Any = model._meta.get_field(name)
        left |= ~Q(**{name: field.get_default() or ""})
    for name in own(model).marks:
        left |= ~Q(**{f"{name}__in": ["", MARK]})
    return left


def _end(model: type[Model], keys: list[Any]) -> set[str]:
    """Delete or anonymise; hashes of bytes that no row names any more."""
    if own(model).erasure != "delete":
        anonymise(model, keys)
        return set()
    rows = model._base_manager.filter(pk__in=keys)
    named = [one for name in _files_of(model) for one in rows.values_list(name, flat=True) if one is not None]
    rows._raw_delete(rows.db)
    if not named:
        return set()
    free = unnamed(named, {})
    gone = _unshared(free)
    StoredFile.objects.filter(pk__in=free)._raw_delete(rows.db)
    return gone


def _files_of(model: type[Model]) -> list[str]:
    """A model's columns that name a file."""
    return [field.attname for field in model._meta.concrete_fields if field.related_model is StoredFile]


def _unshared(going: list[Any]) -> set[str]:
    """Hashes of these files that no other row names."""
    named = set(StoredFile.objects.filter(pk__in=going).values_list("sha256", flat=True))
    return named - set(
        StoredFile.objects.filter(sha256__in=named).exclude(pk__in=going).values_list("sha256", flat=True)
    )


def _old_files(before: Mapping[str, datetime]) -> QuerySet[StoredFile]:
    """Imported files past their term. The row stays, for the run that read it."""
    return StoredFile.objects.filter(purpose="import", created_at__lt=before["operational"]).order_by("pk")


def _with_bytes(client_id: UUID, old: Iterable[StoredFile]) -> list[StoredFile]:
    return [one for one in old if files.place_of(client_id, one.sha256).exists()]


def _free(old: list[StoredFile], before: Mapping[str, datetime]) -> list[StoredFile]:
    """Those whose bytes no file needs that isn't past its term itself."""
    same = StoredFile.objects.filter(sha256__in=[one.sha256 for one in old])
    held = set(same.exclude(pk__in=_old_files(before).values("pk")).values_list("sha256", flat=True))
    return [one for one in old if one.sha256 not in held]


def _old_lines(before: Mapping[str, datetime]) -> QuerySet[Entry]:
    """The log's oldest lines, up to the first that is kept; the newest line always is."""
    kept = Entry.objects.filter(at__gte=before["audit"]).order_by("seq").values_list("seq", flat=True).first()
    newest = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return Entry.objects.filter(at__lt=before["audit"], seq__lt=kept or newest or 0)


def _cut_log(before: Mapping[str, datetime], now: datetime) -> int:
    """Take the oldest lines away and note where the chain begins now."""
    old = list(_old_lines(before).order_by("seq")[: 10 * BATCH])
    if not old:
        return 0
    Checkpoint.objects.create(seq=old[-1].seq, hash=old[-1].hash, made_at=now)
    gone = Entry.objects.filter(seq__lte=old[-1].seq)
    return int(gone._raw_delete(gone.db))
