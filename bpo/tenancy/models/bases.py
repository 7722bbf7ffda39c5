"""Abstract bases of the client and its domains; the concrete ones live in `accounts`."""

from typing import Any

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from bpo.tenancy.identities import ClientRef


class ClientBase(TenantMixin):  # type: ignore[misc]  # django-tenants ships no types
    """A client's place in the database. Schemas are made by provisioning, never by saving a row."""

    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        abstract = True

    def __enter__(self) -> Any:
        raise RuntimeError("`with client:` leaks between threads. Use `with enter(client.ref()):`.")

    def activate(self) -> None:
        raise RuntimeError("Use `with enter(client.ref()):`.")

    def ref(self) -> ClientRef:
        raise NotImplementedError


class DomainBase(DomainMixin):  # type: ignore[misc]  # django-tenants ships no types
    """A host name that leads to a client. One that isn't `lasting` may end at any moment and is never remembered."""

    class Meta(DomainMixin.Meta):  # type: ignore[misc]
        abstract = True
        constraints: list[models.BaseConstraint] = [
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$"),
                name="%(app_label)s_domain_is_lower_case",
            )
        ]

    @property
    def lasting(self) -> bool:
        return True
