"""Entering a client and stepping out of one. The only way in.

A client is entered by connecting as its role; there is no state beside the connection's identity, so a new
thread, a late callback or a lazy stream starts as `app`, which can't reach any client's tables.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from django.db import connection, transaction

from bpo.tenancy.backend.base import DatabaseWrapper
from bpo.tenancy.identities import ClientRef, Identity, app_identity, client_identity, owner_identity


class NoClient(RuntimeError):
    """Client data was asked for outside a client."""


class ClientUnavailable(RuntimeError):
    """The client is suspended, archived, half-made or gone."""


def _wrapper() -> DatabaseWrapper:
    # The proxy's own __getattr__ reaches the thread's wrapper; the cast tells the type checker.
    return cast("DatabaseWrapper", cast("Any", connection))


def current_client() -> ClientRef:
    """The client this thread's connection is. NoClient when it is none."""
    client = _wrapper().identity.client
    if client is None:
        raise NoClient("No client is entered here. Wrap the call in `with enter(client):` or pass the client on.")
    return client


def inside_client() -> bool:
    return _wrapper().identity.client is not None


def become(identity: Identity, *, connect: bool = False) -> None:
    """Change this thread's identity without a block; for middleware and the task base, which end by leave_all()."""
    _wrapper().become(identity)
    if connect:
        connection.ensure_connection()


@contextmanager
def _acting(identity: Identity) -> Iterator[None]:
    wrapper = _wrapper()
    before = wrapper.identity
    wrapper.become(identity)
    try:
        yield
    finally:
        wrapper.become(before)


@contextmanager
def enter(client: ClientRef) -> Iterator[ClientRef]:
    """Run the block on a connection opened as `client`.

    Raises ClientUnavailable unless the client is active, RuntimeError when another client is entered already,
    and TransactionManagementError inside a transaction.
    """
    if not client.enterable:
        raise ClientUnavailable(f"Client {client.key!r} is {client.status}. Resume it before working in it.")
    inside = _wrapper().identity.client
    if inside is not None and inside != client:
        raise RuntimeError(f"Already inside client {inside.key!r}; leave it before entering {client.key!r}.")
    with _acting(client_identity(client)):
        yield client


@contextmanager
def as_app() -> Iterator[None]:
    """Step out of the client for a few public reads or writes (sessions, sign-in), then back in."""
    with _acting(app_identity()):
        yield


@contextmanager
def as_owner(schema: str = "public") -> Iterator[None]:
    """Migrate or provision. RuntimeError in web and worker processes, which hold no owner credentials."""
    with _acting(owner_identity(schema)):
        yield


def leave_all() -> None:
    """End a request or task as `app`, whatever happened in it, with its transaction rolled back."""
    wrapper = _wrapper()
    if wrapper.in_atomic_block:  # a block somebody began and never left: hang up, the server rolls back
        wrapper.in_atomic_block = False
        wrapper.errors_occurred = True
        wrapper.close()
    wrapper.become(app_identity())


def on_commit(call: Callable[[], object]) -> None:
    """Run `call` after this transaction commits, in the client that registered it."""
    client = _wrapper().identity.client
    transaction.on_commit(call if client is None else partial(_in_client, client, call))


def _in_client(client: ClientRef, call: Callable[[], object]) -> None:
    with enter(client):
        call()


def run_in_thread(client: ClientRef, call: Callable[[], object]) -> threading.Thread:
    """Start `call` inside `client` on a thread of its own; its connection is closed at the end."""

    def body() -> None:
        try:
            _in_client(client, call)
        finally:
            connection.close()

    thread = threading.Thread(target=body, name=f"client-{client.key}")
    thread.start()
    return thread
