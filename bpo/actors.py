"""The actor a service names: who did it, in terms that stay true after the person left."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Kind = Literal["person", "token", "system", "customer", "operator"]


@dataclass(frozen=True, slots=True)
class By:
    """Who acts. `actor_id` is the client's local Actor; `user_id` a public user, kept for the operator's log."""

    kind: Kind
    name: str
    actor_id: UUID | None = None
    user_id: UUID | None = None


def system(name: str) -> By:
    """A part of the product acting by itself, such as "import" or "beat"."""
    return By("system", name)


CUSTOMER = By("customer", "customer")
