"""Asking for a report. The work itself is a job."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bpo.actors import By, system
from bpo.audit.services import record
from bpo.outbox.services import enqueue
from bpo.tenancy.context import current_client
from reports.domain.weeks import Week
from reports.models import Build, ReportVersion
from reports.selectors import running_build

WAITING = (Build.State.QUEUED, Build.State.BUILDING)


class Refused(ValueError):
    """A report that can't be asked for, with what to do instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


def request_build(*, week: Week, reason: str, by: By, now: datetime) -> Build:
    """Ask for a week's report, or join the request that is at work already.

    A week that has a report needs a reason for the next revision. Raises Refused for a week that is not over in
    the client's zone, and for a missing reason.
    """
    reason = " ".join(reason.split())[:300]
    _check(week, reason, now)
    running = running_build(week.start)
    if running is not None:
        return running
    try:
        with transaction.atomic():
            return _add(week, reason, by, now)
    except IntegrityError:  # another request came in between: one build of a week at a time
        running = running_build(week.start)
        if running is None:
            raise
        return running


class Superseded(Exception):
    """A job whose failed build is another's by now."""


def _check(week: Week, reason: str, now: datetime) -> None:
    if now.astimezone(ZoneInfo(current_client().zone)).date() <= week.end:
        raise Refused(_("This week is not over yet."), _("Build its report from the Monday after."))
    if not reason and ReportVersion.objects.filter(period_start=week.start).exists():
        raise Refused(
            _("This week has a report already, and a report never changes."),
            _("Give the reason for another revision."),
        )


def _add(week: Week, reason: str, by: By, now: datetime) -> Build:
    found = Build.objects.create(
        period_start=week.start,
        period_end=week.end,
        reason=reason,
        actor_id=by.actor_id,
        actor_name=by.name[:120],
        created_at=now,
    )
    _queue(found)
    detail = {"week": week.start.isoformat(), "with_reason": bool(reason)}
    record(action="reports.build_requested", target=found, by=by, now=now, detail=detail)
    return found


def _queue(found: Build) -> None:
    payload = {"build_id": str(found.pk), "tries": found.tries}
    enqueue(kind="reports.build", dedupe_key=f"report:{found.pk}:{found.tries}", payload=payload)


def retry_build(*, build_id: UUID, by: By, now: datetime) -> Build | None:
    """Try a failed build again. None when there is none of that id, or it has not failed."""
    with transaction.atomic():
        found = Build.objects.select_for_update().filter(pk=build_id, state=Build.State.FAILED).first()
        if found is None or running_build(found.period_start) is not None:
            return None
        found.state, found.problem, found.finished_at, found.tries = Build.State.QUEUED, "", None, found.tries + 1
        found.save(update_fields=["state", "problem", "finished_at", "tries"])
        _queue(found)
        record(action="reports.build_retried", target=found, by=by, now=now)
    return found


def resume_build(*, build_id: UUID, tries: int, now: datetime) -> None:
    """Open a failed build again for the very job that failed it: somebody wants that job tried again.

    Anything but a failed build is left alone. Raises Superseded when a later try, or another build of that week, has
    taken over, and Build.DoesNotExist.
    """
    with transaction.atomic():
        found = Build.objects.select_for_update().get(pk=build_id)
        if found.state != Build.State.FAILED:
            return
        if found.tries != tries:
            raise Superseded(_("This build was tried again from its own page, by another job."))
        if running_build(found.period_start) is not None:
            raise Superseded(_("Another build of that week is at work."))
        found.state, found.problem, found.finished_at = Build.State.QUEUED, "", None
        found.save(update_fields=["state", "problem", "finished_at"])
        record(action="reports.build_retried", target=found, by=system("jobs"), now=now)
