"""A client's own host name for tests, as it stands once DNS has proven it."""

import secrets
from typing import Any

from django.utils import timezone

from accounts.models import Claim, Domain


def own_domain(client: Any, host: str) -> Domain:
    now = timezone.now()
    claim = Claim.objects.create(
        client=client, host=host, token=secrets.token_urlsafe(32), asked_at=now, proven_at=now, checked_at=now
    )
    return Domain.objects.create(domain=host, tenant=client, claim=claim, is_primary=False)
