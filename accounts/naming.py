"""Who acted on the operator's host: ids to names and back, for the operator's audit log."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from bpo.slots import Naming
from bpo.tenancy.context import inside_client


def names(asked: Naming) -> dict[Any, str] | None:
    if inside_client():
        return None
    return {user.pk: str(user) for user in User.objects.filter(pk__in=asked.ids)}


def named(text: str) -> list[UUID] | None:
    if inside_client():
        return None
    either = Q(name__icontains=text) | Q(email__iexact=text)
    return list(User.objects.filter(either).values_list("pk", flat=True)[:200])
