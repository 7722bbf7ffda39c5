"""Publishing a week: a frozen version, its shifts in the work ledger, and everybody told. All of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.ids import uuid7
from bpo.notices.services import tell
from bpo.ui.moments import zone_name
from scheduling.domain.segments import segments
from scheduling.domain.shifts import Pause
from scheduling.errors import Beside, Clash, NotPossible, StalePlan, Taken
from scheduling.ledger import Busy, Unknown, book, hold, release
from scheduling.models import DraftShift, PublishedShift, SchedulePlan, ScheduleVersion, Segment
from scheduling.selectors import current_shifts, current_version, laid_of
from scheduling.turns import in_turn, plan_in_turn

LEDGER_REST: Final = timedelta(minutes=660)  # what the ledger keeps free after a duty
Key = tuple[UUID, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Change:
    """What a publication does to the ledger: shifts whose block stays, shifts to book, blocks to give back.

    `rested` are those of the first that have other breaks than before: their block stays, and their people are told.
    """

    kept: list[tuple[DraftShift, UUID]]
    new: list[DraftShift]
    dropped: list[PublishedShift]
    rested: list[DraftShift]

    @property
    def any(self) -> bool:
        return bool(self.new or self.dropped or self.rested)

    def actors(self) -> set[UUID]:
        every: list[DraftShift | PublishedShift] = [*self.new, *self.dropped, *self.rested]
        return {one.actor_id for one in every}


def publish(*, plan_id: UUID, version: int, reason: str, by: By, now: datetime) -> ScheduleVersion:
    """Publish a draft, reviewed or not, as the week's next version. That version holds from then on.

    Raises StalePlan; NotPossible without a reason or shifts, when nothing changed, or where the contract asks for a
    second person and this isn't one; Clash when the ledger refuses any of its shifts. Then nothing is published, booked
    or released. Of two that publish one draft at once the second waits for the first and raises StalePlan; of two that
    book one person at once it raises Clash. Where the first takes longer than the database lets anybody wait, it is
    InUse.
    """
    if not reason.strip():
        raise NotPossible(_("A version needs a reason."), _("Say why it is published, in a few words."))
    with transaction.atomic():
        plan = ready(plan_id, version)
        if no := refusal_of(plan, by):
            raise no
        before = current_version(plan.queue_id, plan.week_start)
        change = changes(plan, before)
        if before is not None and not change.any:
            raise NotPossible(_("Nothing changed since the last version."), _("Change a shift first."))
        with in_turn():
            hold(change.actors())
        made = _version(plan, before, change, reason.strip(), by, now)
        blocks = _booked(made, change)
        _shifts(made, change, blocks)
        plan.state, plan.version = plan.State.PUBLISHED, plan.version + 1
        plan.sent_at = plan.sent_by = None
        plan.proposed = plan.returned = ""
        plan.save(update_fields=["state", "version", "sent_at", "sent_by", "proposed", "returned"])
        _tell(made, change, now)
        detail = {"number": made.number, "reason": made.reason, "booked": len(change.new)}
        record(action="schedule.published", target=made, by=by, now=now, detail=detail)
    return made


def locked(plan_id: UUID, version: int) -> SchedulePlan:
    """The plan for this transaction alone. Whoever else wants it waits, and then raises StalePlan as its version says;
    InUse where it is kept for longer than anybody waits."""
    plan = plan_in_turn(plan_id)
    if plan.version != version:
        holds = current_version(plan.queue_id, plan.week_start) if plan.state == plan.State.PUBLISHED else None
        raise StalePlan(current=plan.version, sent=version, published=holds.number if holds else None)
    return plan


def check_built(plan: SchedulePlan) -> None:
    """NotPossible while a worker is at it."""
    if plan.running:
        raise NotPossible(_("This roster is being built."), _("Wait until it is done."))


def check_open(plan: SchedulePlan) -> None:
    """NotPossible where its shifts may not be changed: while it is being built or in review."""
    check_built(plan)
    if plan.in_review:
        raise NotPossible(_("This plan is in review."), _("Take it back to draft first, with a reason."))


def refusal_of(plan: SchedulePlan, by: By) -> NotPossible | None:
    """Why this person may not publish: the contract has weeks published by somebody other than who sent them."""
    if not plan.queue.second_person:
        return None
    if not plan.in_review:
        return NotPossible(
            _("Weeks of this queue are published by a second person."),
            _("Send it for review; somebody else publishes."),
        )
    if by.actor_id is None or plan.sent_by_id in (None, by.actor_id):
        return NotPossible(
            _("Weeks of this queue are published by somebody other than who sent them for review."),
            _("Ask another planner, or take it back to draft."),
        )
    return None


def ready(plan_id: UUID, version: int) -> SchedulePlan:
    """The same where it can be sent for review or published: built, and with shifts. Raises NotPossible else."""
    plan = locked(plan_id, version)
    check_built(plan)
    if not plan.shifts.exists():
        raise NotPossible(_("There are no shifts to publish."), _("Build the roster first."))
    return plan


def changes(plan: SchedulePlan, before: ScheduleVersion | None) -> Change:
    """How a draft differs from the version that holds. A shift of the same person and instants keeps its block."""
    held: dict[Key, PublishedShift] = {}
    if before is not None:
        held = {(one.actor_id, one.starts_at, one.ends_at): one for one in before.shifts.select_related("actor")}
    kept, new, rested = [], [], []
    for draft in plan.shifts.select_related("actor").order_by("starts_at", "actor_id"):
        same = held.pop((draft.actor_id, draft.starts_at, draft.ends_at), None)
        if same is None:
            new.append(draft)
            continue
        kept.append((draft, same.block_id))
        if draft.pauses != same.pauses and laid_of(draft).breaks != laid_of(same).breaks:
            rested.append(draft)
    return Change(kept, new, list(held.values()), rested)


def _version(
    plan: SchedulePlan, before: ScheduleVersion | None, change: Change, reason: str, by: By, now: datetime
) -> ScheduleVersion:
    return ScheduleVersion.objects.create(
        queue=plan.queue,
        week_start=plan.week_start,
        zone=plan.zone,
        number=before.number + 1 if before else 1,
        reason=reason[:200],
        requirement=plan.requirement,
        published_at=now,
        published_by_id=by.actor_id,
        sent_by_id=plan.sent_by_id,
        second_person=plan.queue.second_person,
        added=len(change.new),
        dropped=len(change.dropped),
        rested=len(change.rested),
    )


def _booked(made: ScheduleVersion, change: Change) -> dict[UUID, UUID]:
    """Block ids by draft shift. What is dropped is given back first, so that a shift may move within its own time."""
    for gone in change.dropped:
        release(gone.block_id)
    blocks, taken = dict[UUID, UUID](), []
    for draft in change.new:
        try:
            blocks[draft.pk] = book(
                actor_id=draft.actor_id,
                start=draft.starts_at,
                end=draft.ends_at,
                business_date=draft.business_date,
                zone=draft.zone,
                source=f"schedule:{made.pk}",
            )
        except (Busy, Unknown) as refusal:
            booked = [*(one for one, _block in change.kept), *(one for one in change.new if one.pk in blocks)]
            busy = isinstance(refusal, Busy)
            taken.append(_taken(draft, busy=busy, beside=_beside(made, draft, booked) if busy else None))
    if taken:
        raise Clash(taken)
    return blocks


def _taken(draft: DraftShift, *, busy: bool, beside: Beside | None) -> Taken:
    name = draft.actor.display_name
    return Taken(name, draft.business_date, draft.starts_at, draft.ends_at, draft.zone, busy, beside)


def _beside(made: ScheduleVersion, draft: DraftShift, booked: list[DraftShift]) -> Beside | None:
    """The shift of our own that is in the way: of another queue or week, else of this very plan."""
    since, until = draft.starts_at - LEDGER_REST, draft.ends_at + LEDGER_REST
    held = current_shifts().filter(actor_id=draft.actor_id, starts_at__lt=until, ends_at__gt=since)
    found = [Beside(one.version.queue.name, one.starts_at, one.ends_at) for one in held]
    found += [
        Beside(made.queue.name, one.starts_at, one.ends_at)
        for one in booked
        if one.actor_id == draft.actor_id and one.starts_at < until and one.ends_at > since
    ]
    return min(found, key=lambda one: max(one.starts_at - draft.ends_at, draft.starts_at - one.ends_at), default=None)


def _shifts(made: ScheduleVersion, change: Change, blocks: dict[UUID, UUID]) -> None:
    every = [*change.kept, *((draft, blocks[draft.pk]) for draft in change.new)]
    write_shifts(
        (
            PublishedShift(
                id=uuid7(),
                version=made,
                actor_id=draft.actor_id,
                starts_at=draft.starts_at,
                ends_at=draft.ends_at,
                business_date=draft.business_date,
                zone=draft.zone,
                template_name=draft.template_name,
                block_id=block_id,
            ),
            draft.breaks,
        )
        for draft, block_id in every
    )


def write_shifts(shifts: Iterable[tuple[PublishedShift, Iterable[Pause]]]) -> None:
    """Write published shifts, each with its pauses, as rows and whole lists of segments. The transaction is the
    caller's: a shift without its list is refused when it ends."""
    rows = list(shifts)
    PublishedShift.objects.bulk_create(one for one, _ in rows)
    Segment.objects.bulk_create(
        Segment(
            shift=one,
            shift_starts_at=one.starts_at,
            shift_ends_at=one.ends_at,
            starts_at=part.start,
            ends_at=part.end,
            activity=part.activity,
            paid=part.paid,
        )
        for one, pauses in rows
        for part in segments(one.starts_at, one.ends_at, pauses)
    )


def _tell(made: ScheduleVersion, change: Change, now: datetime) -> None:
    """Everybody whose week is new or changed."""
    week = {"day": made.week_start.isoformat(), "zone": zone_name(made.zone)}
    text = _("Your shifts of the week of %(day)s are published.") % week
    if made.number > 1:
        text = _("Your shifts of the week of %(day)s changed.") % week
    for actor_id in sorted(change.actors()):
        tell(
            actor_id=actor_id,
            kind="shift_published",
            text=text,
            path=f"/my-schedule/?week={made.week_start.isoformat()}",
            dedupe_key=f"schedule:{made.pk}",
            now=now,
        )
