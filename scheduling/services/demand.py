"""Expecting a week and staffing it. Both write once: a new run never changes an old one."""

from datetime import date, datetime
from math import isfinite
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Queue
from scheduling.domain import forecast as expecting
from scheduling.domain.requirement import Required, Target, required
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible
from scheduling.models import Forecast, ForecastInterval, Requirement, RequirementInterval
from scheduling.selectors import history

MINUTES = 30
UNBOUNDED = 1e9  # stands for an endless wait where a number must be stored


def make_forecast(*, queue_id: UUID, week_start: date, zone: str, by: By, now: datetime) -> Forecast:
    """Expect one queue's week from the days before it, and before today. NotPossible without any history."""
    week = Week(week_start, zone)
    until = min(now, week.begins)
    try:
        found = expecting.forecast(
            history(queue_id, until), week, until=until.astimezone(ZoneInfo(zone)).date(), minutes=MINUTES
        )
    except ValueError as error:
        raise NotPossible(
            _("Nothing has arrived in this queue before this week."),
            _("Import interactions or interval counts of earlier weeks first."),
        ) from error
    with transaction.atomic():
        made = Forecast.objects.create(
            queue=Queue.objects.get(pk=queue_id),
            week_start=week_start,
            zone=zone,
            minutes=MINUTES,
            level=found.level,
            level_days=found.level_days,
            used=[day.isoformat() for day in found.used],
            left_out=[[day.isoformat(), total, middle] for day, total, middle in found.left_out],
            made_at=now,
            made_by_id=by.actor_id,
        )
        ForecastInterval.objects.bulk_create([_interval(made, one) for one in found.intervals])
        record(action="forecast.made", target=made, by=by, now=now, detail={"volume": f"{found.volume:.3f}"})
    return made


def _interval(made: Forecast, one: expecting.Expected) -> ForecastInterval:
    return ForecastInterval(
        forecast=made,
        starts_at=one.at,
        volume=one.volume,
        aht_seconds=one.aht,
        days=[[day.isoformat(), count] for day, count in one.days],
        handled=one.handled,
        aht_of=one.aht_of,
    )


def make_requirement(*, forecast_id: UUID, target: Target, by: By, now: datetime) -> Requirement:
    """Agents for each interval of a forecast. NotPossible with the engine's words for a target it refuses."""
    made_of = Forecast.objects.get(pk=forecast_id)
    points = list(made_of.intervals.values_list("starts_at", "volume", "aht_seconds"))
    try:
        rows = required(points, target, interval=made_of.minutes * 60)
    except ValueError as error:
        raise NotPossible(_("These targets can't be staffed: %(why)s.") % {"why": error}, _("Correct them.")) from error
    with transaction.atomic():
        made = Requirement.objects.create(
            forecast=made_of,
            service_level=target.service_level,
            target_seconds=target.seconds,
            max_occupancy=target.max_occupancy,
            shrinkage=target.shrinkage,
            patience_seconds=target.patience,
            minimum=target.minimum,
            concurrency=target.concurrency,
            made_at=now,
            made_by_id=by.actor_id,
        )
        RequirementInterval.objects.bulk_create([_required(made, row) for row in rows])
        record(action="requirement.made", target=made, by=by, now=now, detail=_as_text(target))
    return made


def _as_text(target: Target) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in target.inputs().items()}


def _required(made: Requirement, row: Required) -> RequirementInterval:
    staffing = row.staffing
    return RequirementInterval(
        requirement=made,
        starts_at=row.at,
        calls=row.calls,
        aht_seconds=row.aht,
        agents=staffing.agents,
        scheduled=staffing.scheduled,
        p_wait=staffing.p_wait,
        service_level=staffing.service_level,
        asa_seconds=staffing.asa if isfinite(staffing.asa) else UNBOUNDED,
        occupancy=staffing.occupancy,
    )


def target_of(requirement: Requirement) -> Target:
    """The target a requirement was made for, as the pure rules want it."""
    return Target(
        service_level=requirement.service_level,
        seconds=requirement.target_seconds,
        max_occupancy=requirement.max_occupancy,
        shrinkage=requirement.shrinkage,
        patience=requirement.patience_seconds,
        minimum=requirement.minimum,
        concurrency=requirement.concurrency,
    )
