"""Reading an audit log: a search by actor, action, object and days, and the history of one object. Either chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from bpo.audit_models import AuditEntry
from bpo.audit_words import KINDS, action_words, field_words, value_words
from bpo.data_classes import data_class_of, managed_models
from bpo.slots import Naming, actor_names, actors_named

PAGE: Final = 50
FAMILY: Final = 500  # parts of one object whose lines its history shows
Key = tuple[str, str]  # target_type, target_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is narrowed to. `before` is the cursor: the seq above the page."""

    actor: str = ""
    action: str = ""
    kind: str = ""
    object_id: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    seq: int
    at: datetime
    who: str
    words: str
    kind: str
    target_type: str
    target_id: str
    changes: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines, and the cursor of the next older one."""

    lines: list[Line]
    older: int | None


def search(model: type[AuditEntry], wanted: Wanted, *, zone: str) -> Lines:
    """Newest first, 50 a page. The number of statements does not depend on the number of lines."""
    found = model._base_manager.order_by("-seq")
    if wanted.actor:
        found = found.filter(Q(actor_id__in=_meant(wanted.actor)) | Q(actor_name__icontains=wanted.actor))
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.kind:
        found = found.filter(target_type=wanted.kind)
    if wanted.object_id:
        found = found.filter(target_id=wanted.object_id)
    return _page(found.filter(_days(wanted, zone)), wanted.before)


def history(model: type[AuditEntry], label: str, object_id: str, *, before: int | None = None) -> Lines:
    """The lines of an object and of its parts (`DataClass.part_of`), newest first. The row itself may be gone."""
    own: dict[str, list[str]] = {}
    for kind, key in family(label, object_id):
        own.setdefault(kind, []).append(key)
    either = Q()
    for kind, keys in own.items():
        either |= Q(target_type=kind, target_id__in=keys)
    return _page(model._base_manager.filter(either).order_by("-seq"), before)


def family(label: str, object_id: str) -> list[Key]:
    """The object and what is part of it, parts of parts too."""
    found, wave = [(label, object_id)], [label]
    holders: dict[str, list[Any]] = {label: [object_id]}
    while wave:
        whole = wave.pop()
        for child, path in _parts().get(whole, []):
            if child in holders or not holders[whole]:
                continue
            rows = apps.get_model(child)._base_manager.filter(**{f"{path}__in": holders[whole]})
            holders[child] = list(rows.order_by("pk").values_list("pk", flat=True)[:FAMILY])
            found += [(child, str(pk)) for pk in holders[child]]
            wave.append(child)
    return found


def _parts() -> dict[str, list[tuple[str, str]]]:
    """Label of a model → the models that call themselves part of it, with the field that says of which row."""
    found: dict[str, list[tuple[str, str]]] = {}
    for model in managed_models():
        declared = data_class_of(model)
        if declared is not None and declared.part_of:
            whole: Any = model._meta.get_field(declared.part_of).related_model
            found.setdefault(whole._meta.label, []).append((model._meta.label, declared.part_of))
    return found


def named_in(label: str, scope: str) -> type[Model] | None:
    """The model of that label if its rows are in this scope."""
    for model in managed_models():
        declared = data_class_of(model)
        if model._meta.label == label and declared is not None and declared.scope == scope:
            return model
    return None


def kinds(scope: str) -> list[tuple[str, str]]:
    """Label and name of every model whose changes are in the log of this scope, by name."""
    found = [
        (model._meta.label, kind_words(model._meta.label))
        for model in managed_models()
        if (declared := data_class_of(model)) is not None and declared.audit and declared.scope == scope
    ]
    return sorted(found, key=lambda one: one[1])


def kind_words(label: str) -> str:
    return str(KINDS.get(label, label.rpartition(".")[2]))


def _meant(name: str) -> set[UUID]:
    return {one for some in actors_named.collect(name) for one in some}


def _days(wanted: Wanted, zone: str) -> Q:
    """From the first day's beginning to the last day's end, on the clock of the zone."""
    either, clock = Q(), ZoneInfo(zone)
    if wanted.first:
        either &= Q(at__gte=datetime.combine(wanted.first, time(), clock))
    if wanted.last:
        either &= Q(at__lt=datetime.combine(wanted.last + timedelta(days=1), time(), clock))
    return either


def _page(found: QuerySet[Any], before: int | None) -> Lines:
    if before is not None:
        found = found.filter(seq__lt=before)
    rows = list(found[: PAGE + 1])
    older = rows[PAGE - 1].seq if len(rows) > PAGE else None
    return Lines(lines_of(rows[:PAGE]), older)


def lines_of(entries: Sequence[AuditEntry]) -> list[Line]:
    """Entries in words. Who acted is looked up now: a name is kept in the person's own row alone."""
    names = names_of(one.actor_id for one in entries if one.actor_id)
    return [_line(one, names) for one in entries]


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = frozenset(ids)
    found: dict[UUID, str] = {}
    for some in actor_names.collect(Naming(wanted)) if wanted else []:
        found |= some
    return found


def _line(entry: AuditEntry, names: dict[UUID, str]) -> Line:
    detail = dict(entry.detail)
    changes, reason = detail.pop("changes", {}), detail.pop("reason", "")
    return Line(
        entry.seq,
        entry.at,
        _who(entry, names),
        action_words(entry.action),
        kind_words(entry.target_type),
        entry.target_type,
        entry.target_id,
        tuple((field_words(key), value_words(pair[0]), value_words(pair[1])) for key, pair in changes.items()),
        tuple((field_words(key), value_words(value)) for key, value in detail.items()),
        reason if isinstance(reason, str) else "",  # older lines of a report say only that there was one
    )


def _who(entry: AuditEntry, names: dict[UUID, str]) -> str:
    if entry.actor_id and entry.actor_id in names:
        return names[entry.actor_id]
    kinds = {"token": _("an API token"), "customer": _("a customer"), "operator": _("the operator")}
    return entry.actor_name or kinds.get(entry.actor_kind, _("somebody without a seat here"))
