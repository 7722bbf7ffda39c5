"""Absences, and the least change to a published week that makes up for them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bpo.actors import By, system
from bpo.audit.services import record
from bpo.outbox.services import enqueue
from interactions.models import Actor
from scheduling.domain.repairing import repair
from scheduling.domain.rostering import Roster
from scheduling.errors import NotPossible
from scheduling.mending import Change, Slot, Standing, prices_of, proposed, standing, unchanged
from scheduling.models import Absence, DraftShift, Repair, SchedulePlan, ScheduleVersion
from scheduling.problem import week_of
from scheduling.selectors import absences_of, current_version
from scheduling.services.allotments import give_back, held_by
from scheduling.services.building import as_json
from scheduling.services.publishing import changes, check_open, publish
from scheduling.services.reviewing import send_for_review
from scheduling.turns import plan_in_turn

SECONDS: Final = 3.0  # of a search
WORKERS: Final = 2
LONGEST: Final = 31  # days of one absence


def report_absence(
    *, actor_id: UUID, first_day: date, last_day: date, kind: str, by: By, now: datetime
) -> Absence:  # fmt: skip
    """Note that somebody won't work on these business dates. Raises NotPossible, Actor.DoesNotExist.

    ValueError for the kind of planned time off, which takes room: that is `ask_time_off`'s.
    """
    if kind == Absence.Kind.TIME_OFF:
        raise ValueError("kind: planned time off is asked for")
    if last_day < first_day or (last_day - first_day).days >= LONGEST:
        raise NotPossible(
            _("An absence has 1 to %(n)s days.") % {"n": LONGEST}, _("Choose a last day after the first.")
        )
    actor = Actor.objects.get(pk=actor_id)
    with alone(actor), transaction.atomic():
        made = Absence.objects.create(
            actor=actor, first_day=first_day, last_day=last_day, kind=kind, reported_at=now,
            reported_by_id=by.actor_id,
        )  # fmt: skip
        detail = {"actor": str(actor_id), "first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
        record(action="absence.reported", target=made, by=by, now=now, detail=detail)
    return made


@contextmanager
def alone(actor: Actor) -> Iterator[None]:
    """The block notes an absence. Raises NotPossible where the database knows of another on its days."""
    try:
        yield
    except IntegrityError as error:
        if "absences_of_a_person_do_not_overlap" not in str(error):
            raise
        raise NotPossible(
            _("%(name)s is reported absent then already.") % {"name": actor.display_name},
            _("Withdraw the other absence, or choose other days."),
        ) from error


def withdraw_absence(*, absence_id: UUID, by: By, now: datetime, reason: str = "") -> Absence:
    """Take an absence back, and with it the room that it took as planned time off.

    `reason` is for who had the time off. Raises Absence.DoesNotExist; InUse; NotPossible when it is taken back already.
    """
    with transaction.atomic():
        taken = held_by(absence_id)
        found = Absence.objects.select_for_update(of=("self",)).select_related("actor").get(pk=absence_id)
        if found.withdrawn_at is not None:
            raise NotPossible(_("This absence is withdrawn already."), _("Look at the list."))
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at"])
        record(action="absence.withdrawn", target=found, by=by, now=now, detail={"actor": str(found.actor_id)})
        give_back(absence_id, taken, reason=reason, by=by, now=now)
    return found


def ask_repair(
    *, plan_id: UUID, lead: timedelta, notice: timedelta, change_hours: float, short_notice_hours: float, by: By,
    now: datetime,
) -> Repair:  # fmt: skip
    """Have the least change looked for that makes up for the week's absences.

    Nothing that begins within `lead` is changed; what begins within `notice` costs `short_notice_hours` of missing
    agent hours a change, everything else `change_hours`. A proposal that nobody took is discarded. Raises
    SchedulePlan.DoesNotExist, and NotPossible without a published week or while one is being looked for.
    """
    with transaction.atomic():
        plan = plan_in_turn(plan_id)
        version = current_version(plan.queue_id, plan.week_start)
        if version is None:
            raise NotPossible(_("This week isn’t published."), _("Change its draft on the board."))
        if week_of(plan).ends <= now + lead:
            raise NotPossible(_("This week is over."), _("Choose a later week."))
        if plan.repairs.filter(state__in=Repair.RUNNING).exists():
            raise NotPossible(_("A repair is being looked for already."), _("Wait until it is there."))
        plan.repairs.filter(state=Repair.State.PROPOSED).update(state=Repair.State.DISCARDED)
        made = Repair.objects.create(
            plan=plan, of_version=version, since=now + lead, notice_until=now + notice, change_hours=change_hours,
            short_notice_hours=short_notice_hours, asked_at=now, asked_by_id=by.actor_id,
            absences=[str(one.pk) for one in absences_of(plan)],
        )  # fmt: skip
        enqueue(kind="scheduling.repair", dedupe_key=f"repair:{made.pk}", payload={"repair_id": str(made.pk)})
        detail = {"version": version.number, "absences": len(made.absences)}
        record(action="repair.asked", target=made, by=by, now=now, detail=detail)
    return made


def find_repair(*, repair_id: UUID, clock: Callable[[], datetime]) -> None:
    """Look for a repair that waits and keep what is proposed. Run again after a crash it starts over."""
    asked = _started(repair_id)
    if asked is None:
        return
    try:
        found = standing(asked.plan, asked.of_version, _its_absences(asked), since=asked.since)
        roster = repair(found.problem, found.told, prices_of(asked), seconds=SECONDS, seed=asked.seed, workers=WORKERS)
        _proposed(asked, found, roster, clock())
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:300]
        Repair.objects.filter(pk=repair_id).update(state=Repair.State.FAILED, problem=problem, finished_at=clock())
        raise


def lose_repair(*, repair_id: UUID, now: datetime) -> None:
    """Say of a search whose workers were all lost that it failed, so that another may be asked for."""
    Repair.objects.filter(pk=repair_id, state__in=Repair.RUNNING).update(
        state=Repair.State.FAILED, problem=_("Its worker was lost each time."), finished_at=now
    )


def _started(repair_id: UUID) -> Repair | None:
    with transaction.atomic():
        found = Repair.objects.select_for_update().filter(pk=repair_id).first()
        if found is None or not (found.running or found.state == Repair.State.FAILED):
            return None
        others = Repair.objects.filter(plan_id=found.plan_id, state__in=Repair.RUNNING).exclude(pk=found.pk)
        if others.exists():  # this one failed, and another was asked for since
            return None
        found.state = Repair.State.SOLVING
        found.save(update_fields=["state"])
    related = ("plan__queue", "plan__requirement__forecast", "of_version")
    return Repair.objects.select_related(*related).get(pk=repair_id)


def _its_absences(asked: Repair) -> list[Absence]:
    return list(Absence.objects.filter(pk__in=asked.absences))


def _proposed(asked: Repair, found: Standing, roster: Roster, now: datetime) -> None:
    made = proposed(found, roster.held, now)
    coming, gone = ([slot for _, slot in part] for part in (found.coming, found.gone))
    after = [*unchanged(found, made), *(one.after for one in made if one.after)]
    short = found.cover.short_hours
    with transaction.atomic():
        asked.state, asked.finished_at, asked.status = Repair.State.PROPOSED, now, roster.status
        asked.objective, asked.bound = roster.objective, roster.bound
        asked.changes = [one.as_json() for one in made]
        asked.short_published, asked.short_absent, asked.short_after = (
            short([*coming, *gone]),
            short(coming),
            short(after),
        )
        asked.save()
        detail = {"count": len(made), "objective": roster.objective, "bound": roster.bound, "status": roster.status}
        record(action="repair.proposed", target=asked, by=system("solver"), now=now, detail=detail)


def accept_repair(*, repair_id: UUID, reason: str, by: By, now: datetime) -> ScheduleVersion | None:
    """Take a proposal: its changes go into the week's draft, which is published unless it has changes of its own.

    None when the draft has others' changes; then the planner publishes all of them. None, too, where the contract asks
    for a second person: then it is sent for review with the reason. Raises Repair.DoesNotExist; Clash when the ledger
    refuses; NotPossible when it isn't proposed any more, the week was published or an absence reported meanwhile, or
    the draft was changed where the proposal changes it. Then nothing is changed.
    """
    with transaction.atomic():
        asked = _open(repair_id)
        plan = plan_in_turn(asked.plan_id)
        _check_still_right(asked, plan)
        others = changes(plan, asked.of_version).any
        made = [Change.from_json(one) for one in asked.changes]
        _draft(plan, made)
        plan.version, plan.state = plan.version + 1, plan.State.DRAFT
        plan.save(update_fields=["version", "state"])
        asked.state = Repair.State.ACCEPTED
        asked.save(update_fields=["state"])
        record(action="repair.accepted", target=asked, by=by, now=now, detail={"count": len(made)})
        if others:
            return None
        if plan.queue.second_person:
            send_for_review(plan_id=plan.pk, version=plan.version, reason=reason, by=by, now=now)
            return None
        return publish(plan_id=plan.pk, version=plan.version, reason=reason, by=by, now=now)


def discard_repair(*, repair_id: UUID, by: By, now: datetime) -> Repair:
    """Leave a proposal. Raises Repair.DoesNotExist, and NotPossible when it isn't proposed any more."""
    with transaction.atomic():
        asked = _open(repair_id)
        asked.state = Repair.State.DISCARDED
        asked.save(update_fields=["state"])
        record(action="repair.discarded", target=asked, by=by, now=now)
    return asked


def _open(repair_id: UUID) -> Repair:
    asked = Repair.objects.select_for_update(of=("self",)).select_related("of_version", "plan__queue").get(pk=repair_id)
    if asked.state != Repair.State.PROPOSED:
        raise NotPossible(_("This proposal isn’t open any more."), _("Look for a repair again."))
    return asked


def _check_still_right(asked: Repair, plan: SchedulePlan) -> None:
    check_open(plan)
    if current_version(plan.queue_id, plan.week_start) != asked.of_version:
        raise NotPossible(_("The week was published again meanwhile."), _("Look for a repair again."))
    if {str(one.pk) for one in absences_of(plan)} != set(asked.absences):
        raise NotPossible(_("The absences changed meanwhile."), _("Look for a repair again."))


def _draft(plan: SchedulePlan, made: Iterable[Change]) -> None:
    """Put the changes into the draft. NotPossible where the draft is not what they change."""
    there = {(one.actor_id, one.business_date): one for one in plan.shifts.all()}
    gone, new = [], []
    for one in made:
        drafted = there.get((one.actor_id, one.day))
        if (drafted and (drafted.starts_at, drafted.ends_at)) != (one.before and one.before.times):
            name = Actor.objects.get(pk=one.actor_id).display_name
            words = {"name": name, "day": one.day.isoformat()}
            raise NotPossible(
                _("The draft of %(name)s’s %(day)s is not what is published.") % words,
                _("Publish the draft or put it back, then look for a repair again."),
            )
        gone += [drafted.pk] if drafted else []
        new += [_drafted(plan, one.actor_id, one.after)] if one.after else []
    plan.shifts.filter(pk__in=gone).delete()
    DraftShift.objects.bulk_create(new)


def _drafted(plan: SchedulePlan, actor_id: UUID, slot: Slot) -> DraftShift:
    return DraftShift(
        plan=plan, actor_id=actor_id, template_id=slot.template, template_name=slot.name, starts_at=slot.starts_at,
        ends_at=slot.ends_at, business_date=slot.day, zone=slot.zone, pauses=as_json(slot.pauses),
    )  # fmt: skip
