"""The rows about one person, read before anything is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from bpo.privacy.declared import Kind, Scope, models_by_label, own, steps, text_fields
from bpo.privacy.domain.plan import Step

SHORTEST: Final = 4  # characters; a shorter word stands in too many texts that are about nobody
AT_ONCE: Final = 40  # words in one statement


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of the rows about a subject by model, and what the subject is called in them."""

    kind: Kind
    subject_id: UUID
    scope: Scope
    rows: dict[str, list[Any]]
    words: tuple[str, ...]
    quoting: dict[str, list[Any]] = field(default_factory=dict)  # rows found by words alone

    def count(self, label: str) -> int:
        return len(self.rows.get(label, [])) + len(self.quoting.get(label, []))


def quoting_in_public(kind: Kind, words: tuple[str, ...]) -> Found:
    """Rows of public that quote somebody of a client, such as the error of a job."""
    return Found(kind, UUID(int=0), "public", {}, words, _all_quoting(kind, words, "public", {}))


def find(kind: Kind, subject_id: UUID, scope: Scope = "client") -> Found:
    """Everything about one subject in the schema entered, or in public."""
    rows: dict[str, list[Any]] = {}
    words: set[str] = set()
    for step in steps(kind, scope):
        model = models_by_label(scope)[step.label]
        keys = list(about(model, step, subject_id).values_list("pk", flat=True)) if step.ways else []
        if keys:
            rows[step.label] = keys
            words |= set(_called(model, keys))
    ordered = tuple(sorted(words))
    return Found(kind, subject_id, scope, rows, ordered, _all_quoting(kind, ordered, scope, rows))


def _all_quoting(
    kind: Kind, words: tuple[str, ...], scope: Scope, without: dict[str, list[Any]]
) -> dict[str, list[Any]]:
    return {
        step.label: keys
        for step in steps(kind, scope)
        if step.by_words
        and (keys := _quoting(models_by_label(scope)[step.label], words, frozenset(without.get(step.label, []))))
    }


def about(model: type[Model], step: Step, subject_id: UUID) -> QuerySet[Any]:
    """A model's rows about the subject, by its ways."""
    either = Q()
    for way in step.ways:
        one = Q(**{way.path: subject_id})
        for path in way.unless:
            one &= Q(**{f"{path}__isnull": True})
        either |= one
    return model._base_manager.filter(either).order_by("pk").distinct()


def _called(model: type[Model], keys: list[Any]) -> Iterator[str]:
    names = own(model).called
    if not names:
        return
    for values in model._base_manager.filter(pk__in=keys).values_list(*names):
        yield from (word.strip() for word in values if word and len(word.strip()) >= SHORTEST)


def _quoting(model: type[Model], words: Iterable[str], without: frozenset[Any]) -> list[Any]:
    found: set[Any] = set()
    for name in [one.name for one in text_fields(model)]:
        found |= set(rows_quoting(model, name, words).values_list("pk", flat=True))
    return sorted(found - without)


def rows_quoting(model: type[Model], name: str, words: Iterable[str]) -> QuerySet[Any]:
    """Rows of a model whose field holds one of the words, in any case. No words, no rows."""
    wanted, keys = list(words), set()
    text = model._base_manager.annotate(_text=Cast(name, TextField()))
    for start in range(0, len(wanted), AT_ONCE):
        either = Q()
        for word in wanted[start : start + AT_ONCE]:
            either |= Q(_text__icontains=word) | Q(_text__icontains=_in_json(word))
        keys |= set(text.filter(either).values_list("pk", flat=True))
    return model._base_manager.filter(pk__in=keys)


def _in_json(word: str) -> str:
    """As PostgreSQL writes it inside JSON."""
    return word.replace("\\", "\\\\").replace('"', '\\"')


def as_text(model: type[Model], keys: list[Any], names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Values of some fields as text, for hashing."""
    shown = {f"_{name}": Cast(name, CharField()) for name in names}
    rows = model._base_manager.filter(pk__in=keys).annotate(**shown).values_list(*shown)
    yield from (tuple(value or "" for value in row) for row in rows)
