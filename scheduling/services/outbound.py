"""Planning a week of calls we make: nobody forecasts arrivals, a list is to be worked."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Queue
from scheduling.domain.attempts import OutboundTarget
from scheduling.domain.requirement import Required
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible
from scheduling.models import Forecast, ForecastInterval, Requirement
from scheduling.services.demand import keep_requirement
from scheduling.services.forecasting import MINUTES
from scheduling.staffing import calls_out, staffed


def make_outbound(
    *, queue_id: UUID, week_start: date, zone: str, target: OutboundTarget, by: By, now: datetime
) -> Requirement:
    """Agents to work a list within a week. NotPossible for a queue that customers turn to, and for a bad target.

    The attempts stand where a forecast's arrivals do, so that all that follows from a requirement follows from it.
    """
    queue, week = Queue.objects.get(pk=queue_id), Week(week_start, zone)
    if not calls_out(queue):
        raise NotPossible(
            _("Customers turn to this queue, so its week is forecast."), _("Staff its forecast, or make it outbound.")
        )
    made_of = Forecast(
        queue=queue, week_start=week.start, zone=week.zone, minutes=MINUTES, method=Forecast.PLANNED, level=1,
        level_days=0, used=[], left_out=[], made_at=now, made_by_id=by.actor_id,
    )  # fmt: skip
    instants = week.steps(MINUTES)
    try:
        rows, load = staffed(made_of, [(at, 0.0, target.talk) for at in instants], target)
    except ValueError as error:
        raise NotPossible(_("This list can't be staffed: %(why)s.") % {"why": error}, _("Correct it.")) from error
    with transaction.atomic():
        made_of.save(force_insert=True)
        ForecastInterval.objects.bulk_create([_planned(made_of, row) for row in rows])
        detail = {"volume": f"{sum(row.calls for row in rows):.3f}", "model": made_of.method, "source": ""}
        record(action="forecast.made", target=made_of, by=by, now=now, detail=detail)
        return keep_requirement(made_of=made_of, target=target, rows=rows, load=load, edits=[], by=by, now=now)


def _planned(made_of: Forecast, row: Required) -> ForecastInterval:
    return ForecastInterval(
        forecast=made_of, starts_at=row.at, volume=row.calls, aht_seconds=row.aht, days=[], handled=0, aht_of="all"
    )
