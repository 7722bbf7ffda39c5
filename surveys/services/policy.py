"""Whether customers are asked, and how long they are left in peace: as agreed with the client."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bpo.actors import By
from bpo.audit.services import record
from surveys.models import Survey
from surveys.services.publishing import ensure_default_survey


def follow_policy(*, asked: bool, rest_days: int, by: By, now: datetime) -> None:
    """Ask from now on or don't, and nobody again within so many days. Writes and logs what differs alone."""
    with transaction.atomic():
        ensure_default_survey(by=by, now=now)
        differs = ~Q(active=asked) | ~Q(rest_days=rest_days)
        for survey in Survey.objects.filter(differs).select_for_update():
            changes = {"active": [survey.active, asked], "rest_days": [survey.rest_days, rest_days]}
            survey.active, survey.rest_days = asked, rest_days
            survey.version += 1
            survey.save(update_fields=["active", "rest_days", "version"])
            record(action="surveys.policy_set", target=survey, by=by, now=now, detail={"changes": changes})
