"""What people would rather have: stated, replaced, taken back. Never a right, so nothing here is approved."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Actor
from scheduling.domain.shifts import business_date
from scheduling.errors import NotPossible
from scheduling.models import Preference
from scheduling.turns import in_turn


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each week on `weekday` (Monday 0) or once on `date`: a start within `band`, or a day off where that is None."""

    weekday: int | None
    date: date | None
    band: tuple[time, time] | None
    strength: str
    zone: str


def state_preference(*, actor_id: UUID, wanted: Wanted, by: By, now: datetime) -> Preference:
    """Note what somebody would rather have; what they said of the same day before is taken back.

    Raises Actor.DoesNotExist, InUse, and NotPossible for a day that is over or a band that ends before it begins.
    """
    _check(wanted, now)
    with transaction.atomic():
        with in_turn():
            actor = Actor.objects.select_for_update(of=("self",)).get(pk=actor_id, kind=Actor.Kind.PERSON)
        before = Preference.objects.filter(actor=actor, state=Preference.State.LIVE)
        for one in before.filter(weekday=wanted.weekday, date=wanted.date):
            _end(one, by, now)
        first, last = wanted.band or (None, None)
        kind = Preference.Kind.START if wanted.band else Preference.Kind.OFF
        made = Preference.objects.create(
            actor=actor, weekday=wanted.weekday, date=wanted.date, kind=kind, begins_from=first, begins_until=last,
            zone=wanted.zone, strength=wanted.strength, stated_at=now, stated_by_id=by.actor_id,
        )  # fmt: skip
        record(action="preference.stated", target=made, by=by, now=now, detail=_detail(made))
    return made


def take_back_preference(*, preference_id: UUID, by: By, now: datetime) -> Preference:
    """Let a preference count no longer; taken back twice, it is taken back once. Raises Preference.DoesNotExist."""
    with transaction.atomic():
        found = Preference.objects.select_for_update(of=("self",)).select_related("actor").get(pk=preference_id)
        if found.state == Preference.State.LIVE:
            _end(found, by, now)
    return found


def put_back_preference(*, preference_id: UUID, by: By, now: datetime) -> Preference:
    """State again what was taken back. Raises as stating does, and Preference.DoesNotExist."""
    found = Preference.objects.select_related("actor").get(pk=preference_id)
    if found.state == Preference.State.LIVE:
        return found
    band = None
    if found.begins_from is not None and found.begins_until is not None:
        band = (found.begins_from, found.begins_until)
    wanted = Wanted(found.weekday, found.date, band, found.strength, found.zone)
    return state_preference(actor_id=found.actor_id, wanted=wanted, by=by, now=now)


def _check(wanted: Wanted, now: datetime) -> None:
    if (wanted.weekday is None) == (wanted.date is None):
        raise NotPossible(_("A preference is for a weekday or for a date."), _("Choose one of the two."))
    if wanted.date is not None and wanted.date < business_date(now, wanted.zone):
        raise NotPossible(_("This day is over."), _("Choose a day to come."))
    if wanted.band is not None and wanted.band[1] < wanted.band[0]:
        raise NotPossible(
            _("The later time comes before the earlier one."), _("For a start around midnight, choose one side of it.")
        )


def _end(one: Preference, by: By, now: datetime) -> None:
    one.state, one.ended_at = Preference.State.BACK, now
    one.save(update_fields=["state", "ended_at"])
    record(action="preference.taken_back", target=one, by=by, now=now, detail=_detail(one))


def _detail(one: Preference) -> dict[str, Any]:
    day = one.date.isoformat() if one.date else one.weekday
    band = f"{one.begins_from:%H:%M}–{one.begins_until:%H:%M}" if one.begins_from and one.begins_until else None
    return {"actor": str(one.actor_id), "day": day, "kind": one.kind, "start": band, "strength": one.strength}
