"""Recording, correcting and taking back a separation."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from attrition.domain.reasons import REASONS, kind_of
from attrition.leavers import watch_end
from attrition.models import Separation
from bpo.actors import By
from bpo.ops_audit.services import record
from workforce.models import Employment
from workforce.services import end_employment, move_end, reopen_employment

DAY = timedelta(days=1)


class Stale(ValueError):
    """Somebody changed the separation meanwhile."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody changed this separation meanwhile; version %(n)s is there now.") % {"n": version})
        self.version = version


def record_separation(
    *,
    employment: Employment,
    last_day: date,
    reason: str,
    by: By,
    now: datetime,
    notice_on: date | None = None,
    note: str = "",
) -> Separation:
    """End an employment on its last day worked, for a reason; assignments and placements end with it, and at the
    midnight after it, or now if that has passed, whatever the person comes in with.

    Raises Refused naming the field: a day before the first, an unknown reason, a notice after the last day, or an
    employment that has a separation already.
    """
    _check(reason, last_day, notice_on)
    with transaction.atomic():
        locked = Employment.objects.select_for_update(of=("self",)).get(pk=employment.pk)
        if Separation.objects.filter(employment=locked).exists():
            raise Refused("last_day", _("The separation is recorded already."), _("Correct it instead."))
        closed = end_employment(employment=locked, ends_on=last_day + DAY)
        made = Separation.objects.create(
            employment=locked,
            last_day=last_day,
            notice_on=notice_on,
            kind=kind_of(reason),
            reason=reason,
            note=note.strip(),
            closed=closed,
            recorded_by=by.name[:120],
            recorded_at=now,
        )
        record(action="separation.recorded", target=locked, by=by, now=now, detail=_said(made))
        watch_end(employment=locked, by=by, now=now)
    return made


def correct_separation(
    *,
    separation: Separation,
    version: int,
    last_day: date,
    reason: str,
    by: By,
    now: datetime,
    notice_on: date | None = None,
    note: str = "",
) -> Separation:
    """Put a separation right; what hung on the old day follows the new one. Raises Refused, or Stale on `version`."""
    _check(reason, last_day, notice_on)
    with transaction.atomic():
        locked = _locked(separation, version)
        before = _said(locked)
        if locked.last_day != last_day:
            move_end(employment=locked.employment, closed=locked.closed, ends_on=last_day + DAY)
        locked.last_day, locked.reason, locked.kind = last_day, reason, kind_of(reason)
        locked.notice_on, locked.note = notice_on, note.strip()
        locked.version += 1
        locked.save()
        record(
            action="separation.corrected",
            target=locked.employment,
            by=by,
            now=now,
            detail={"was": before, "is": _said(locked)},
        )
        watch_end(employment=locked.employment, by=by, now=now)
    return locked


def take_back(*, separation: Separation, version: int, by: By, now: datetime) -> None:
    """The person did not leave after all: everything that ended goes on as before, but access that a last day has ended
    already is given anew. Raises Stale."""
    with transaction.atomic():
        locked = _locked(separation, version)
        reopen_employment(employment=locked.employment, closed=locked.closed)
        record(action="separation.taken_back", target=locked.employment, by=by, now=now, detail=_said(locked))
        locked.delete()


def _locked(separation: Separation, version: int) -> Separation:
    locked = Separation.objects.select_for_update(of=("self",)).select_related("employment").get(pk=separation.pk)
    if locked.version != version:
        raise Stale(locked.version)
    return locked


def _check(reason: str, last_day: date, notice_on: date | None) -> None:
    if reason not in REASONS:
        raise Refused("reason", _("“%(reason)s” is no reason we know.") % {"reason": reason}, _("Choose one."))
    if notice_on and notice_on > last_day:
        raise Refused("notice_on", _("Notice was given after the last day."), _("Correct one of the two days."))


def _said(separation: Separation) -> dict[str, str | None]:
    """What the audit of the employment keeps: the facts, without the note, which is personal and stays in its row."""
    return {
        "last_day": separation.last_day.isoformat(),
        "reason": separation.reason,
        "notice_on": separation.notice_on.isoformat() if separation.notice_on else None,
    }
