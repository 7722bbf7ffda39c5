"""Whom a request acts for, as services want it."""

from typing import Any

from bpo.actors import By, Kind
from bpo.permissions import Principal
from bpo.tenancy.identities import ClientRef


def host_client(request: Any) -> ClientRef | None:
    """The client whose host was asked, as the tenancy middleware found it; None at the operator."""
    found: ClientRef | None = getattr(request, "_request", request).client
    return found


def served_client(request: Any) -> ClientRef:
    """The same for a view that only clients' hosts have."""
    found = host_client(request)
    if found is None:
        raise LookupError("This view is no part of the operator's host.")
    return found


def principal_of(request: Any) -> Principal:
    """The principal of a view that needs a permission; there is one, or the view would not run."""
    principal: Principal = getattr(request, "_request", request).principal
    return principal


def by_of(request: Any) -> By:
    """The actor of this request: a person by session, or a token."""
    return by_of_principal(principal_of(request))


def by_of_principal(principal: Principal) -> By:
    kind: Kind = "token" if principal.token_id else "person"
    return By(kind, principal.name, actor_id=principal.actor_id, user_id=principal.user_id)


def operator_of(request: Any) -> By:
    """The actor of a request on the operator's host, as the operator's audit keeps it."""
    principal = principal_of(request)
    return By("operator", principal.name, user_id=principal.user_id)
