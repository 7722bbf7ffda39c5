"""Removing what lets nobody in any more."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q

from accounts.models import HandOff, OpenSession, SignInLink

KEPT: Final = timedelta(days=30)  # a link that ran out, for an invitation to be sent again from the list


def tidy(*, now: datetime) -> int:
    """Delete sessions past their limits, links and crossing codes long past theirs; how many rows that were."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    gone = [
        Session.objects.filter(expire_date__lt=now).delete()[0],
        OpenSession.objects.filter(Q(ends_at__lte=now) | Q(seen_at__lte=now - idle)).delete()[0],
        SignInLink.objects.filter(expires_at__lt=now - KEPT).delete()[0],
        HandOff.objects.filter(expires_at__lt=now - KEPT).delete()[0],
    ]
    return sum(gone)
