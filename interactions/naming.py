"""Who acted inside a client: ids to names and back, for its audit log."""

from typing import Any
from uuid import UUID

from bpo.slots import Naming
from bpo.tenancy.context import inside_client
from interactions.models import Actor


def names(asked: Naming) -> dict[Any, str] | None:
    if not inside_client():
        return None
    return dict(Actor.objects.filter(pk__in=asked.ids).values_list("pk", "display_name"))


def named(text: str) -> list[UUID] | None:
    if not inside_client():
        return None
    return list(Actor.objects.filter(display_name__icontains=text).values_list("pk", flat=True)[:200])
