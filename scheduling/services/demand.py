"""Staffing a week that is expected. Written once: a new run never changes an old one."""

from collections.abc import Sequence
from datetime import datetime
from math import inf
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from scheduling.domain.attempts import OutboundTarget
from scheduling.domain.requirement import ENGINE, Required, digest
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible
from scheduling.models import Forecast, ForecastEdit, Requirement, RequirementInterval
from scheduling.selectors import edits_of, points_of
from scheduling.staffing import AnyTarget, as_fields, calls_out, staffed

UNBOUNDED = 1e9  # stands for an endless wait where a number must be stored


def make_requirement(*, forecast_id: UUID, target: AnyTarget, by: By, now: datetime) -> Requirement:
    """Agents for each interval of a forecast. NotPossible with the engine's words for a target it refuses,
    and for calls we make.
    """
    made_of = Forecast.objects.select_related("queue").get(pk=forecast_id)
    planned = made_of.method == Forecast.PLANNED or calls_out(made_of.queue)
    if planned or isinstance(target, OutboundTarget):
        raise NotPossible(
            _("Calls we make are planned by attempts and reach, not from what arrives."), _("Plan the list instead.")
        )
    week = Week(made_of.week_start, made_of.zone)
    edits = edits_of(made_of.queue_id, week)
    points = points_of(made_of, edits)
    try:
        rows, load = staffed(made_of, points, target)
    except ValueError as error:
        raise NotPossible(_("These targets can't be staffed: %(why)s.") % {"why": error}, _("Correct them.")) from error
    return keep_requirement(made_of=made_of, target=target, rows=rows, load=load, edits=edits, by=by, now=now)


def keep_requirement(
    *,
    made_of: Forecast,
    target: AnyTarget,
    rows: Sequence[Required],
    load: Sequence[float],
    edits: Sequence[ForecastEdit],
    by: By,
    now: datetime,
) -> Requirement:
    """Write a run once, with everything it was made from. Joins the caller's transaction, if there is one."""
    points = [(row.at, row.calls, row.aht) for row in rows]
    with transaction.atomic():
        made = Requirement.objects.create(
            forecast=made_of,
            **as_fields(target),
            edits=[str(one.pk) for one in edits],
            engine=ENGINE,
            digest=digest(points, target.inputs() | {"callbacks": load}, interval=made_of.minutes * 60),
            made_at=now,
            made_by_id=by.actor_id,
        )
        RequirementInterval.objects.bulk_create([_required(made, row) for row in rows])
        record(action="requirement.made", target=made, by=by, now=now, detail=_as_text(target))
    return made


def _as_text(target: AnyTarget) -> dict[str, str | None]:
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
        asa_seconds=UNBOUNDED if staffing.asa == inf else staffing.asa,
        occupancy=staffing.occupancy,
        left=row.left,
        late=row.late,
        decided_by=row.decided_by,
        reach=row.reach,
        callback_load=row.callback_load,
        callback_agents=row.callback_agents,
    )
