"""Who the database connection is: the owner, the app, or one client. The connection is the tenant."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.conf import settings

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class ClientRef:
    """What the ground knows of a client: enough to enter it, nothing of its contract."""

    id: UUID
    key: str
    name: str
    zone: str
    schema: str
    role: str
    colour: int = 1
    status: str = "active"
    host: str = ""  # the stored primary domain: the only source of links

    @property
    def enterable(self) -> bool:
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class Identity:
    """A database login and the schema search path that belongs to it."""

    kind: Literal["app", "client", "owner"]
    role: str
    schema: str = PUBLIC
    client: ClientRef | None = None

    @property
    def search_path(self) -> str:
        return PUBLIC if self.schema == PUBLIC else f"{self.schema},{PUBLIC}"


def app_identity() -> Identity:
    return Identity("app", f"{settings.ROLE_PREFIX}_app")


def client_identity(client: ClientRef) -> Identity:
    return Identity("client", client.role, client.schema, client)


def owner_identity(schema: str = PUBLIC) -> Identity:
    """The migrating identity. RuntimeError in web and worker processes, which never hold it."""
    if settings.OWNER is None:
        raise RuntimeError(
            "This process may not act as the database owner. Run the command through manage.py "
            "with DATABASE_URL set to the owner's address."
        )
    return Identity("owner", settings.OWNER["USER"], schema)
