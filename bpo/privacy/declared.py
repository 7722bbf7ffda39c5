"""The models' data classes as the rules of `domain.plan` want them."""

from functools import cache
from typing import Any, Final, Literal

from django.db.models import Field, Model

from bpo.data_classes import DataClass, data_class_of, models_of
from bpo.privacy.domain.plan import Declared, Step, plan

Kind = Literal["customer", "person", "login"]
Scope = Literal["client", "public"]
KINDS: Final[tuple[Kind, ...]] = ("customer", "person")  # in a client's schema


def own(model: type[Model]) -> DataClass:
    """A model's data class; each model has one, or the start of `manage.py check` fails."""
    found = data_class_of(model)
    if found is None:
        raise LookupError(f"{model._meta.label} declares no data class.")
    return found


@cache
def models_by_label(scope: Scope) -> dict[str, type[Model]]:
    return {model._meta.label: model for model in models_of(scope)}


@cache
def declared(kind: Kind, scope: Scope = "client") -> tuple[Declared, ...]:
    """What every model of a scope says about one kind of subject."""
    subject = next((label for label, model in models_by_label(scope).items() if own(model).subject == kind), "")
    return tuple(_declared(model, kind, subject) for model in models_by_label(scope).values())


def _declared(model: type[Model], kind: Kind, subject: str) -> Declared:
    found = own(model)
    about: tuple[str, ...] = getattr(found, kind)
    return Declared(
        model._meta.label,
        found.erasure,
        about,
        {name: _end(model, name, subject) for name in about if _has(model, name)},
        found.subject == kind,
        found.by_words,
    )


def _has(model: type[Model], name: str) -> bool:
    return any(name in (one.name, getattr(one, "attname", "")) for one in model._meta.get_fields())


def _end(model: type[Model], name: str, subject: str) -> str:
    """Where a reference leads; an id without a foreign key is the subject's own."""
    field: Any = model._meta.get_field(name)
    return str(field.related_model._meta.label) if field.is_relation else subject


@cache
def steps(kind: Kind, scope: Scope = "client") -> tuple[Step, ...]:
    """What an erasure of this kind of subject does, model by model."""
    return plan(declared(kind, scope))


def text_fields(model: type[Model]) -> "list[Field[Any, Any]]":
    """The fields of a model that can hold what somebody typed or is called."""
    wanted = {"CharField", "TextField", "EmailField", "JSONField"}
    return [
        field
        for field in model._meta.concrete_fields
        if field.get_internal_type() in wanted and not field.choices and not field.primary_key
    ]
