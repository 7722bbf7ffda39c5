"""What planners change in forecasts: rows of their own, each with author and reason, none ever changed."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Queue
from scheduling.errors import NotPossible
from scheduling.models import ForecastEdit


def edit_forecast(
    *,
    queue_id: UUID,
    begins_at: datetime,
    ends_at: datetime,
    reason: str,
    by: By,
    now: datetime,
    factor: float | None = None,
    volume: float | None = None,
) -> ForecastEdit:
    """Change what is expected of a queue from `begins_at` on until `ends_at`: times `factor`, or to `volume` each."""
    if ends_at <= begins_at:
        raise NotPossible(_("A change ends after it begins."), _("Correct its times."))
    if (factor is None) == (volume is None):
        raise NotPossible(_("A change is either a share or a number."), _("Give one of the two."))
    with transaction.atomic():
        made = ForecastEdit.objects.create(
            queue=Queue.objects.get(pk=queue_id), begins_at=begins_at, ends_at=ends_at, factor=factor, volume=volume,
            reason=reason, made_at=now, made_by_id=by.actor_id,
        )  # fmt: skip
        detail = {"factor": str(factor), "volume": str(volume), "begins_at": begins_at.isoformat()}
        record(action="forecast.edited", target=made, by=by, now=now, detail=detail)
    return made


def take_back_edit(*, edit_id: UUID, by: By, now: datetime) -> ForecastEdit:
    """Let an edit count no longer. It stays to be read; taken back twice, it is taken back once."""
    found = ForecastEdit.objects.get(pk=edit_id, takes_back=None)
    try:
        with transaction.atomic():
            made = ForecastEdit.objects.create(
                queue_id=found.queue_id, begins_at=found.begins_at, ends_at=found.ends_at, takes_back=found,
                reason=found.reason, made_at=now, made_by_id=by.actor_id,
            )  # fmt: skip
            record(action="forecast.edit_taken_back", target=found, by=by, now=now, detail={})
    except IntegrityError:  # somebody was faster
        return ForecastEdit.objects.get(takes_back=found)
    return made
