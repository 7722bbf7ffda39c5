"""Writing the audit log of the client entered."""

from datetime import datetime
from typing import Any

from django.db import models

from bpo.actors import By
from bpo.audit.models import Entry, Head
from bpo.audit_writing import append


def record(*, action: str, target: models.Model, by: By, now: datetime, detail: dict[str, Any] | None = None) -> Entry:
    """One line, in the transaction of what it describes. Put personal facts in the target, not in `detail`."""
    return append(Entry, Head, action=action, target=target, by=by, now=now, detail=detail)
