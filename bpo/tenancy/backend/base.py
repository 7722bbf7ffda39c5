"""The database wrapper: leaving an identity hands its connection to the idle store, entering asks there first.

`connect()` and `close()` of Django reset autocommit, the atomic stack, savepoints, `on_commit` callbacks and
health flags, so no state of one identity reaches the next, and nothing is swapped by hand.
"""

import time
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db.transaction import TransactionManagementError
from django_tenants.postgresql_backend import base as tenants
from psycopg.pq import TransactionStatus

from bpo.tenancy.identities import PUBLIC, Identity, app_identity
from bpo.tenancy.secrets import password_of, passwords_before
from bpo.tenancy.store import IdleStore

store = IdleStore(size=settings.STORE_SIZE, seconds=settings.STORE_SECONDS)


class WrongIdentity(RuntimeError):
    """The server says we are somebody else than we asked to be. Never answered with data."""


class DatabaseWrapper(tenants.DatabaseWrapper):  # type: ignore[misc]  # django-tenants ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.identity: Identity = app_identity()
        self._born = 0.0
        super().__init__(*args, **kwargs)

    # -- choosing ------------------------------------------------------------------------------
    def become(self, identity: Identity) -> None:
        """Change the database identity. TransactionManagementError inside an atomic block."""
        if identity == self.identity:
            return
        if self.in_atomic_block:
            raise TransactionManagementError(
                f"The database identity can't change from {self.identity.kind} to {identity.kind} inside a "
                "transaction. Read public facts before the block and pass them in."
            )
        self.close()
        self.identity = identity
        self.tenant = identity.client
        self.schema_name = identity.schema

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """django-tenants' own door stays shut: only the public schema may be chosen through it."""
        if tenant.schema_name != PUBLIC:
            raise RuntimeError("Choose a client with bpo.tenancy.enter(client), not with set_tenant or set_schema.")
        self.become(app_identity())
        self.tenant = tenant
        self.schema_name = PUBLIC

    # -- connecting ----------------------------------------------------------------------------
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        identity = self.identity
        params["user"] = identity.role
        params.pop("password", None)
        if (password := password_of(identity)) is not None:
            params["password"] = password
        params["options"] = " ".join(f"-c {name}={value}" for name, value in self._session().items())
        return params

    def _session(self) -> dict[str, str | int]:
        # Start-up options are what DISCARD ALL returns to, and they win over a setting a role gave itself.
        limits = {} if self.identity.kind == "owner" else {"statement_timeout": settings.STATEMENT_TIMEOUT_MS}
        return {
            "search_path": self.identity.search_path,
            "TimeZone": "UTC",
            "lock_timeout": settings.LOCK_TIMEOUT_MS,
            "idle_in_transaction_session_timeout": 60_000,
            **limits,
        }

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if (idle := store.take(self._key())) is not None:
            self._born, connection = idle
        else:
            self._born, connection = time.monotonic(), self._logged_in(conn_params)
            store.counters.opened += 1
        if connection.info.user != self.identity.role:
            connection.close()
            raise WrongIdentity(f"Connected as {connection.info.user!r}, wanted {self.identity.role!r}.")
        return connection

    def _logged_in(self, conn_params: dict[str, Any]) -> Any:
        """A new connection, by the password of now or else by one of a master key before. The first error is told."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            for password in [] if self.identity.kind == "owner" else passwords_before(self.identity.role):
                with suppress(psycopg.OperationalError):
                    return super().get_new_connection({**conn_params, "password": password})
            raise

    def _close(self) -> None:
        if self.connection is None:
            return
        if self._give_back():
            store.give(self._key(), self._born, self.connection)
        else:
            self.connection.close()

    def _give_back(self) -> bool:
        """Whether the connection may serve another request: idle, no error seen, and reset where it was a client's."""
        raw = self.connection
        if raw.closed or self.errors_occurred or self.identity.kind == "owner":
            return False
        if raw.info.transaction_status is not TransactionStatus.IDLE:
            return False
        if settings.RESET_ON_RETURN and self.identity.kind == "client":
            return self._reset(raw)
        return True

    @staticmethod
    def _reset(raw: Any) -> bool:
        try:
            raw.execute("DISCARD ALL")
        except psycopg.Error:
            return False
        return True

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Nothing to do: the path came with the connection."""

    def _key(self) -> tuple[str, str]:
        return (self.settings_dict["NAME"], self.identity.role)
