"""The kinds of work there are. An app registers its own in `<app>/tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, TypeVar

from django.apps import apps

from bpo.tenancy.context import NoClient, inside_client

Work = TypeVar("Work", bound=Callable[..., None])
# client: inside the row's client. operator: as app, for rows of no client. crossing: as app, given the row's client,
# for the few jobs that read public facts first and enter the client after.
Scope = Literal["client", "operator", "crossing"]


class Permanent(Exception):
    """Work that no repetition will mend. It is dead at once, with this reason."""


class Uncertain(Exception):
    """Work that may or may not have happened and must not happen twice. It waits for a person."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of work runs: where, on which queue, how often and for how long at most."""

    name: str
    scope: Scope
    queue: str
    max_attempts: int
    lease_seconds: int | None
    work: Callable[..., None]
    when_dead: str = ""  # the kind of work that says so, with the same payload, after the last attempt


KINDS: dict[str, Kind] = {}


def job(
    name: str,
    *,
    scope: Scope,
    queue: str = "default",
    max_attempts: int = 8,
    lease_seconds: int | None = None,
    when_dead: str = "",
) -> Callable[[Work], Work]:
    """Register a function as a kind of work. It takes ids by keyword, and calls one service.

    `when_dead` names another kind: after the last attempt has failed, or killed its worker, that one is added with
    the same payload, in the transaction that gives the job up. Work that ends itself with Permanent says so itself.

    A client job refuses to run outside a client (NoClient), any other inside one (RuntimeError).
    """
    if scope not in ("client", "operator", "crossing"):
        raise ValueError(f"scope {scope!r} of job {name!r} must be 'client', 'operator' or 'crossing'")

    def register(work: Work) -> Work:
        @wraps(work)
        def guarded(**ids: Any) -> None:
            if scope == "client" and not inside_client():
                raise NoClient(f"Job {name} works on a client's data and none is entered. Let the outbox run it.")
            if scope != "client" and inside_client():
                raise RuntimeError(f"Job {name} starts as app and a client is entered. Leave the client first.")
            work(**ids)

        if name in KINDS and KINDS[name].work.__module__ != work.__module__:
            raise ValueError(f"Two jobs are called {name!r}.")
        KINDS[name] = Kind(name, scope, queue, max_attempts, lease_seconds, guarded, when_dead)
        return guarded  # type: ignore[return-value]  # the same call by keyword

    return register


def load() -> dict[str, Kind]:
    """Import every app's `tasks` module, so that its jobs are known."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.tasks") is not None and not config.name.startswith("django"):
            import_module(f"{config.name}.tasks")
    return KINDS
