"""Erasing one person from a client's schema: as the owner, for frozen rows too, in the caller's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, F, ForeignObjectRel, Model, Q, UniqueConstraint, Value, When
from django.db.models.functions import Cast, Concat, Right

from bpo.files.models import StoredFile
from bpo.imports.models import RejectedRow
from bpo.privacy import files
from bpo.privacy.declared import Kind, Scope, models_by_label, own, steps
from bpo.privacy.domain.plan import Action
from bpo.privacy.keys import digests_of
from bpo.privacy.models import ErasedKey, SubjectRequest, Tombstone
from bpo.privacy.rows import Found, find, quoting_in_public, rows_quoting

MARK: Final = "erased"
FILE: Final = "files.StoredFile"
READ_FOR_A_PAGE: Final = 32_000_000  # bytes of imported files
Counts = list[tuple[str, Action, int]]  # label, what becomes of its rows, how many


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did, in numbers, and the bytes to take away once it is committed."""

    counts: Counts
    digests: tuple[str, ...]


def foreseen(kind: Kind, subject_id: UUID, client_id: UUID) -> Counts:
    """What an erasure would do: the same reading, and nothing changed. Of imported files it looks into 32 MB."""
    found, emptied = _read(kind, subject_id, client_id, most=READ_FOR_A_PAGE)
    return _counts(found, len(emptied))


def erase(*, kind: Kind, subject_id: UUID, client_id: UUID, now: datetime) -> Erased:
    """Do it. Rows are found first, then deleted, anonymised or kept; a tombstone stays.

    Doing it again, as after a restore, changes what has come back and nothing else.
    """
    found, emptied = _read(kind, subject_id, client_id)
    counts = _counts(found, len(emptied))
    _bury(found, now)
    gone = _digests(found, emptied)
    with _references_later():
        apply(found)
        apply(quoting_in_public(kind, found.words))
    StoredFile.objects.filter(pk__in=[one.pk for one in emptied]).update(name=MARK)
    SubjectRequest.objects.filter(subject_id=subject_id, expires_at__gt=now).update(expires_at=now)
    return Erased(counts, gone)


@contextmanager
def _references_later() -> Iterator[None]:
    """Rows go in the order of their models; that none is left pointing at nothing is checked at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def apply(found: Found) -> None:
    """What each model's step says, to the rows found. The caller holds the transaction."""
    for step in steps(found.kind, found.scope):
        model = models_by_label(found.scope)[step.label]
        rows, quoting = found.rows.get(step.label, []), found.quoting.get(step.label, [])
        if step.action == "delete":
            _delete(model, [*rows, *quoting], found.scope)
        elif step.action == "anonymise":
            anonymise(model, rows)
            _clear_quotes(model, quoting, found.words)


def _delete(model: type[Model], keys: list[Any], scope: Scope) -> None:
    """In a client's schema every model is found by itself; in public what hangs on a row goes with it."""
    if not keys:
        return
    found = model._base_manager.filter(pk__in=keys)
    if scope == "client":
        found._raw_delete(found.db)
    else:
        found.delete()


def counted(found: Found) -> Counts:
    """How many rows of what, and what becomes of them."""
    return [
        (step.label, step.action, found.count(step.label))
        for step in steps(found.kind, found.scope)
        if found.count(step.label)
    ]


def _counts(found: Found, emptied: int) -> Counts:
    counts = counted(found)
    return [*counts, (FILE, "anonymise", emptied)] if emptied else counts


def _read(kind: Kind, subject_id: UUID, client_id: UUID, *, most: int | None = None) -> tuple[Found, list[StoredFile]]:
    """The rows, and the files whose content goes. With an imported file go the rows of it that were refused: what
    they quote is in no other row."""
    found = find(kind, subject_id)
    if sound := found.rows.pop(FILE, []):
        found.rows[FILE] = unnamed(sound, found.rows)
    emptied = _emptied(found, client_id, most)
    refused = RejectedRow.objects.filter(run__file__in=emptied).values_list("pk", flat=True)
    if refused:
        quoting = found.quoting.setdefault("imports.RejectedRow", [])
        quoting += sorted(set(refused) - set(quoting))
    return found, emptied


def unnamed(files_going: list[Any], going: dict[str, list[Any]]) -> list[Any]:
    """Those files that nothing else names, once the rows going are gone."""
    held: set[Any] = set()
    for one in StoredFile._meta.get_fields(include_hidden=True):
        if one.auto_created and not one.concrete and isinstance(one, ForeignObjectRel):
            rows = one.related_model._base_manager.filter(**{f"{one.field.name}__in": files_going})
            others = rows.exclude(pk__in=going.get(one.related_model._meta.label, []))
            held |= set(others.values_list(f"{one.field.name}_id", flat=True))
    return [one for one in files_going if one not in held]


def _emptied(found: Found, client_id: UUID, most: int | None) -> list[StoredFile]:
    """Files whose rows stay and whose bytes go: imported ones that name the subject, exports of the subject."""
    deleted = set(found.rows.get(FILE, []))
    exports = SubjectRequest.objects.filter(subject_id=found.subject_id, file__isnull=False).select_related("file")
    own_exports = [one.file for one in exports if one.file and one.file.name != MARK]
    return [one for one in [*files.holding(client_id, found.words, most=most), *own_exports] if one.pk not in deleted]


def _digests(found: Found, emptied: list[StoredFile]) -> tuple[str, ...]:
    """Bytes that no other row names once these are gone."""
    going = {*found.rows.get(FILE, []), *(one.pk for one in emptied)}
    named = set(StoredFile.objects.filter(pk__in=going).values_list("sha256", flat=True))
    shared = set(StoredFile.objects.filter(sha256__in=named).exclude(pk__in=going).values_list("sha256", flat=True))
    return tuple(sorted(named - shared))


def _bury(found: Found, now: datetime) -> None:
    stone, _ = Tombstone.objects.get_or_create(
        subject_id=found.subject_id, defaults={"subject_kind": found.kind, "erased_at": now}
    )
    ErasedKey.objects.bulk_create(
        [ErasedKey(tombstone=stone, digest=digest) for digest in sorted(digests_of(found))], ignore_conflicts=True
    )


def anonymise(model: type[Model], keys: list[Any]) -> None:
    """Empty, mark and rename what the model's data class says."""
    declared = own(model)
    values: dict[str, Any] = {name: _emptied_value(model, name) for name in declared.clears}
    values |= {name: _marked(name) for name in declared.marks}
    values |= {name: F(other) for name, other in declared.becomes}
    values |= {name: _pseudonym() for name in declared.renames}
    if keys and values:
        model._base_manager.filter(pk__in=keys).update(**values)


def _clear_quotes(model: type[Model], keys: list[Any], words: tuple[str, ...]) -> None:
    """Only the fields that quote the subject: the row is about something else."""
    declared = own(model)
    for name in (*declared.clears, *declared.marks) if keys else ():
        value = _marked(name) if name in declared.marks else _emptied_value(model, name)
        rows_quoting(model, name, words).filter(pk__in=keys).update(**{name: value})


def _emptied_value(model: type[Model], name: str) -> Any:
    """Nothing, as its column can hold it: null, an empty text, an empty JSON; one of a kind where it must differ."""
    field: Any = model._meta.get_field(name)
    if field.null:
        return None
    if name in _unique(model):
        return Concat(Value(f"{MARK}-"), _id(36 if (field.max_length or 99) > 43 else 12), output_field=CharField())
    if field.get_internal_type() == "JSONField":
        default = field.get_default()
        return {} if default is None else default
    return ""


def _unique(model: type[Model]) -> set[str]:
    """Fields whose values have to differ, alone or with others, by a column or by an expression of it."""
    alone = {field.name for field in model._meta.concrete_fields if field.unique}
    rules: list[Any] = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    together = {name for one in rules for name in one.fields}
    parts = (part for one in rules for whole in one.expressions for part in getattr(whole, "flatten", list)())
    inside: set[str] = {part.name for part in parts if isinstance(part, F)}  # type: ignore[attr-defined]  # F has it
    return alone | together | inside


def _id(length: int) -> Any:
    """The end of the row's id as text."""
    return Right(Cast(F("pk"), CharField()), length)


def _pseudonym() -> Any:
    return Concat(Value("Person "), _id(8), output_field=CharField())


def _marked(name: str) -> Any:
    """A word where there was one: some columns have to say something."""
    return Case(When(Q(**{name: ""}), then=Value("")), default=Value(MARK), output_field=CharField())
