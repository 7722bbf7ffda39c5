"""What may be done with each model's rows. A model without a data class fails the start of `manage.py check`.

data = DataClass(scope="client", grants="frozen", erasure="keep", retention="audit")
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.db.models import Model

Grants = Literal["mutable", "frozen", "append", "read", "none"]
# Frozen rows are written once and read; append rows are written and not even read back.
PRIVILEGES: dict[Grants, tuple[str, ...]] = {
    "mutable": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "frozen": ("SELECT", "INSERT"),
    "append": ("INSERT",),
    "read": ("SELECT",),
    "none": (),
}


@dataclass(frozen=True, slots=True)
class DataClass:
    """Scope, grants to the working identity, and how a row leaves: export, erasure, retention."""

    scope: Literal["client", "public"]
    grants: Grants = "mutable"
    personal: bool = False  # holds facts about a person
    export: bool = True  # goes into a client's or subject's export
    erasure: Literal["keep", "anonymise", "delete"] = "keep"
    retention: Literal["client", "audit", "recordings", "surveys", "operational"] = "client"
    audit: bool = True  # changes are written to the audit log by the service that makes them
    part_of: str = ""  # the foreign key to what it is a part of, whose history shows its lines too
    # How an export and an erasure find a person's rows (bpo/privacy, ADR 27).
    subject: str = ""  # "customer", "person" or "login": each row is one
    customer: tuple[str, ...] = ()  # references that lead to the customer a row is about, the nearest first
    person: tuple[str, ...] = ()  # the same for one of our people
    login: tuple[str, ...] = ()  # and for a sign-in
    by_words: bool = False  # rows refer to nobody and are found where they quote what somebody is called
    called: tuple[str, ...] = ()  # fields that say what a person is called elsewhere: names, addresses, references
    keys: tuple[tuple[str, ...], ...] = ()  # of these, what would bring the person back with a file
    # What anonymising does to the texts of a row: empties them, puts a word in their place, or leaves them.
    clears: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    becomes: tuple[tuple[str, str], ...] = ()  # a field that takes another's value, as a name its pseudonym
    dated: str = ""  # the moment a row's retention counts from; at its end happens what an erasure does
    renames: tuple[str, ...] = ()  # a name people are told apart by on pages: a pseudonym made of the row's id


PUBLIC_TECHNICAL = DataClass(scope="public", export=False, audit=False, retention="operational")
PUBLIC_PERSONAL = DataClass(scope="public", personal=True, export=False, audit=False, erasure="delete", by_words=True)
OF_A_LOGIN = DataClass(scope="public", personal=True, export=False, audit=False, erasure="delete", login=("user",))

# Models of libraries, which can't carry the attribute themselves.
THIRD_PARTY = {
    "admin.LogEntry": OF_A_LOGIN,
    "auth.Group": PUBLIC_TECHNICAL,
    "auth.Group_permissions": PUBLIC_TECHNICAL,
    "auth.Permission": PUBLIC_TECHNICAL,
    "contenttypes.ContentType": PUBLIC_TECHNICAL,
    "sessions.Session": PUBLIC_PERSONAL,
    "axes.AccessAttempt": PUBLIC_PERSONAL,
    "axes.AccessAttemptExpiration": PUBLIC_PERSONAL,
    "axes.AccessFailureLog": PUBLIC_PERSONAL,
    "axes.AccessLog": PUBLIC_PERSONAL,
    "knox.AuthToken": PUBLIC_TECHNICAL,
}


def data_class_of(model: type[Model]) -> DataClass | None:
    """The data class a model declares itself, or the one kept here for a library's model."""
    own: Any = model.__dict__.get("data")
    return own if isinstance(own, DataClass) else THIRD_PARTY.get(model._meta.label)


def managed_models() -> Iterator[type[Model]]:
    """Every model with a table of its own, automatic many-to-many tables included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
            yield model


def models_of(scope: Literal["client", "public"]) -> list[type[Model]]:
    """Models whose app migrates into that scope's schema, by the two app lists."""
    names = settings.TENANT_APPS if scope == "client" else settings.SHARED_APPS
    return [model for model in managed_models() if app_in(model._meta.app_label, names)]


def app_in(label: str, names: list[str]) -> bool:
    """Whether an app is in a list that names packages or their configuration classes."""
    config = apps.get_app_config(label)
    kind = type(config)
    return config.name in names or f"{kind.__module__}.{kind.__name__}" in names


def problems_of(model: type[Model]) -> list[str]:
    """What is wrong with a model's declaration, in words with the remedy."""
    declared = data_class_of(model)
    label = model._meta.label
    if declared is None:
        return [f"{label} declares no data class. Add `data = DataClass(scope=…, grants=…, …)` to the model."]
    lists = {"client": settings.TENANT_APPS, "public": settings.SHARED_APPS}
    if not app_in(model._meta.app_label, lists[declared.scope]):
        return [f"{label} says scope {declared.scope!r} but its app is in the other app list."]
    return [
        f"{label}.{field.name} is a foreign key from a client's schema to public ({field.related_model._meta.label}). "
        "Store the id and copy what you need."
        for field in model._meta.concrete_fields
        if declared.scope == "client"
        and field.is_relation
        and field.related_model is not None
        and not app_in(field.related_model._meta.app_label, settings.TENANT_APPS)
    ]
