"""Staffing a week that is expected. Written once: a new run never changes an old one."""

from datetime import datetime
from math import inf
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from scheduling.domain.requirement import ENGINE, Required, digest
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible
from scheduling.models import Forecast, Requirement, RequirementInterval
from scheduling.selectors import edits_of, points_of
from scheduling.staffing import AnyTarget, as_fields, staffed

UNBOUNDED = 1e9  # stands for an endless wait where a number must be stored


def make_requirement(*, forecast_id: UUID, target: AnyTarget, by: By, now: datetime) -> Requirement:
    """Agents for each interval of a forecast. NotPossible with the engine's words for a target it refuses."""
    made_of = Forecast.objects.get(pk=forecast_id)
    week = Week(made_of.week_start, made_of.zone)
    edits = edits_of(made_of.queue_id, week)
    points = points_of(made_of, edits)
    try:
        rows, load = staffed(made_of, points, target)
    except ValueError as error:
        raise NotPossible(_("These targets can't be staffed: %(why)s.") % {"why": error}, _("Correct them.")) from error
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
        callback_load=row.callback_load,
        callback_agents=row.callback_agents,
    )
