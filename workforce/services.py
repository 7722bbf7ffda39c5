"""Verbs on people: hire, assign, place, transfer; and ending an employment with all that hangs on it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client
from bpo.actors import By
from bpo.ids import uuid7
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from workforce.models import Assignment, Employee, Employment, Placement, Seat, Site

Closed = dict[str, Any]  # {"employment": the end before, "rows": rows that ended or were dropped, as they were}
_MODELS: dict[str, type[models.Model]] = {"assignment": Assignment, "placement": Placement}


def hire(
    *, number: str, name: str, starts_on: date, by: By, now: datetime, site: Site | None = None, email: str = ""
) -> Employment:
    """A new spell of employment; the person is made if the number is new. Refused when a spell holds then already."""
    with transaction.atomic():
        employee, _made = Employee.objects.get_or_create(
            number=number, defaults={"name": name, "email": email, "created_at": now}
        )
        running = employee.employments.exclude(ends_on__lte=starts_on).exists()
        if running:
            raise Refused(
                "starts_on",
                _("%(name)s is employed on that day already.") % {"name": employee.name},
                _("Record the separation first, or start after it."),
            )
        employment = Employment.objects.create(employee=employee, site=site, starts_on=starts_on)
        record(action="employment.started", target=employment, by=by, now=now, detail={"starts_on": str(starts_on)})
    return employment


def assign(
    *, employee: Employee, client: Client, starts_on: date, by: By, now: datetime, share: Decimal = Decimal(1)
) -> Assignment:
    """Work for a client from a day on, for a share 0..1 of the person's time. Refused where the shares exceed 1."""
    with transaction.atomic():
        _check_share(employee, share, starts_on)
        made = Assignment.objects.create(employee=employee, client=client, share=share, starts_on=starts_on)
        _note(made, "assignment.started", by, now)
    return made


def place(
    *,
    assignment: Assignment,
    team_id: UUID,
    team_name: str,
    starts_on: date,
    by: By,
    now: datetime,
    lead: Employee | None = None,
) -> Placement:
    """Sit an assignment in a team from a day on; the placement before ends that day."""
    with transaction.atomic():
        assignment.placements.filter(starts_on__lt=starts_on, ends_on=None).update(
            ends_on=starts_on, version=F("version") + 1
        )
        placed = Placement.objects.create(
            assignment=assignment, team_id=team_id, team_name=team_name, lead=lead, starts_on=starts_on
        )
        record(action="placement.started", target=placed, by=by, now=now, detail={"team": str(team_id)})
    return placed


def transfer(
    *, assignment: Assignment, client: Client, on: date, by: By, now: datetime, share: Decimal | None = None
) -> Assignment:
    """Move a person to another client from `on`: one assignment ends, another starts. Nobody has left."""
    if client.pk == assignment.client_id:
        raise Refused("client", _("That is the client they work for."), _("Choose another client."))
    with transaction.atomic():
        _end_assignments(Assignment.objects.filter(pk=assignment.pk), on)
        assignment.refresh_from_db()
        _note(assignment, "assignment.ended", by, now)
        return assign(
            employee=assignment.employee, client=client, starts_on=on, share=share or assignment.share, by=by, now=now
        )


def end_employment(*, employment: Employment, ends_on: date) -> Closed:
    """End an employment, and the assignments and placements that would go on or begin after; returns what it was.

    For the service that records why. Call it inside its transaction. Refused before the first day, or after a
    later employment began.
    """
    assignments = Assignment.objects.filter(employee_id=employment.employee_id).exclude(ends_on__lte=ends_on)
    placements = Placement.objects.filter(assignment__employee_id=employment.employee_id).exclude(ends_on__lte=ends_on)
    if employment.ends_on:  # what belongs to a later spell stays out of it
        assignments = assignments.filter(starts_on__lt=employment.ends_on)
        placements = placements.filter(starts_on__lt=employment.ends_on)
    closed = {
        "employment": employment.ends_on.isoformat() if employment.ends_on else None,
        "rows": [kept(row) for rows in (assignments, placements) for row in rows],
    }
    move_end(employment=employment, closed=closed, ends_on=ends_on)
    return closed


def move_end(*, employment: Employment, closed: Closed, ends_on: date) -> None:
    """Put the end of an employment on another day; what `closed` names follows it, or ends where it would have."""
    if ends_on <= employment.starts_on:
        raise Refused(
            "last_day",
            _("The last day is before the first, %(day)s.") % {"day": employment.starts_on.isoformat()},
            _("Choose a day from the first day on."),
        )
    _check_free(employment, ends_on)
    _apply(closed["rows"], ends_on)
    Employment.objects.filter(pk=employment.pk).update(ends_on=ends_on, version=F("version") + 1)
    copy_dates_later(employment.employee_id)


def reopen_employment(*, employment: Employment, closed: Closed) -> None:
    """Undo `end_employment` with what it returned. Refused when the person was hired again since."""
    before = closed.get("employment")
    _check_free(employment, date.fromisoformat(before) if before else None)
    Employment.objects.filter(pk=employment.pk).update(ends_on=before, version=F("version") + 1)
    _apply(closed.get("rows", []), None)
    copy_dates_later(employment.employee_id)


def copy_dates_later(employee_id: UUID) -> None:
    """Let each client's actor of this person learn the dates it works there: an idempotent copy, after the commit."""
    for seat in Seat.objects.filter(employee_id=employee_id).select_related("client"):
        enqueue(
            kind="interactions.copy_actor_dates",
            dedupe_key=f"actor-dates:{seat.pk}:{uuid7()}",
            payload={"seat_id": str(seat.pk)},
            client_id=seat.client_id,
        )


def _check_free(employment: Employment, ends_on: date | None) -> None:
    """Refuse an end that would run into the person's next employment."""
    later = employment.employee.employments.filter(starts_on__gt=employment.starts_on)
    if ends_on is not None:
        later = later.filter(starts_on__lt=ends_on)
    following = later.order_by("starts_on").first()
    if following is not None:
        raise Refused(
            "last_day",
            _("They were hired again on %(day)s.") % {"day": following.starts_on.isoformat()},
            _("Choose a day before that."),
        )


def _check_share(employee: Employee, share: Decimal, starts_on: date) -> None:
    if not 0 < share <= 1:
        raise Refused("share", _("A share lies between 0 and 1."), _("Write 1 for all of the person's time."))
    running = Assignment.objects.filter(employee=employee).exclude(ends_on__lte=starts_on)
    taken = sum((one.share for one in running), Decimal(0))
    if taken + share > 1:
        raise Refused(
            "share",
            _("%(taken)s of their time is given already.") % {"taken": taken},
            _("Give at most %(left)s, or end an assignment first.") % {"left": 1 - taken},
        )


def _end_assignments(assignments: Any, on: date) -> None:
    Placement.objects.filter(assignment__in=assignments).exclude(ends_on__lte=on).update(
        ends_on=on, version=F("version") + 1
    )
    assignments.update(ends_on=on, version=F("version") + 1)


def kept(row: models.Model) -> dict[str, Any]:
    """A row as it is, as `Closed` holds it, to be put back later."""
    fields = {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return {"model": row._meta.model_name, "fields": fields}


def _apply(rows: list[dict[str, Any]], ends_on: date | None) -> None:
    """Give kept rows their own end or `ends_on`, whichever is sooner; what would begin after it is taken out."""
    limit = ends_on.isoformat() if ends_on else "9999-12-31"
    for one in rows:
        fields = one["fields"]
        if fields["starts_on"] < limit:
            _end_row(one, min(fields["ends_on"] or limit, limit) if ends_on else fields["ends_on"])
    for one in reversed(rows):
        if one["fields"]["starts_on"] >= limit:
            _MODELS[one["model"]]._default_manager.filter(pk=one["fields"]["id"]).delete()


def _end_row(one: dict[str, Any], ends_on: str | None) -> None:
    rows = _MODELS[one["model"]]._default_manager
    if not rows.filter(pk=one["fields"]["id"]).update(ends_on=ends_on, version=F("version") + 1):
        rows.create(**one["fields"] | {"ends_on": ends_on})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _note(assignment: Assignment, action: str, by: By, now: datetime) -> None:
    detail = {"client": str(assignment.client_id), "share": str(assignment.share)}
    record(action=action, target=assignment, by=by, now=now, detail=detail)
    copy_dates_later(assignment.employee_id)
