"""Database sessions that always read and write as `app`, also when a client view touches them."""

from typing import Any

from django.contrib.sessions.backends import db

from bpo.tenancy.context import as_app


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from django.contrib.sessions.models import Session  # the app registry must be ready

        return Session

    def load(self) -> dict[str, Any]:
        with as_app():
            return super().load()

    def exists(self, session_key: str) -> bool:
        with as_app():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        with as_app():
            super().save(must_create=must_create)

    def delete(self, session_key: str | None = None) -> None:
        with as_app():
            super().delete(session_key)
