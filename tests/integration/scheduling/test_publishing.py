"""Publishing: all or nothing, booked in the ledger, frozen, told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.tenancy.context import enter
from scheduling.errors import Beside, Clash, NotPossible, StalePlan
from scheduling.ledger import Busy, book
from scheduling.models import PublishedShift, ScheduleVersion
from scheduling.selectors import current_shifts
from scheduling.services import change_shift, publish, remove_shift
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, add, drafted, employ, floor
from workforce.models import Duty, WorkBlock

SHIFTS = [("Maria", 0, "From 6"), ("Maria", 1, "From 6"), ("Jun", 0, "From 14")]


@pytest.fixture
def floors(alpha: Any, beta: Any) -> dict[str, Floor]:
    """Maria works for both clients, Jun for alpha alone."""
    people = employ("Maria", "Jun")
    return {"alpha": floor(alpha, people), "beta": floor(beta, {"Maria": people["Maria"]})}


def publish_it(plan: Any, reason: str = "First plan") -> ScheduleVersion:
    plan.refresh_from_db()
    return publish(plan_id=plan.pk, version=plan.version, reason=reason, by=BY, now=NOW)


@pytest.mark.services
def test_a_week_is_published_booked_and_told(alpha: Any, floors: dict[str, Floor]) -> None:
    with enter(alpha.ref()):
        made = publish_it(drafted(floors["alpha"], SHIFTS))
        assert (made.number, made.added, made.dropped) == (1, 3, 0)
        rows = list(PublishedShift.objects.order_by("starts_at", "actor").values_list("business_date", "block_id"))
        assert (
            sorted(Notice.objects.values_list("kind", "path"))
            == [("shift_published", "/my-schedule/?week=2026-11-30")] * 2
        )
        assert Entry.objects.filter(action="schedule.published").count() == 1
    blocks = {one.pk: one for one in WorkBlock.objects.all()}
    assert {block for _, block in rows} == set(blocks)
    assert {one.source for one in blocks.values()} == {f"schedule:{made.pk}"}
    assert {one.client_id for one in blocks.values()} == {alpha.pk}


@pytest.mark.services
def test_a_new_version_keeps_what_stays_and_gives_back_what_goes(alpha: Any, floors: dict[str, Floor]) -> None:
    with enter(alpha.ref()):
        plan = drafted(floors["alpha"], SHIFTS)
        publish_it(plan)
        before = {(one.actor_id, one.business_date): one.block_id for one in current_shifts()}
        jun = plan.shifts.get(actor_id=floors["alpha"].actors["Jun"])
        plan.refresh_from_db()
        change_shift(
            shift_id=jun.pk, template_id=floors["alpha"].templates["From 6"], version=plan.version, by=BY, now=NOW
        )
        made = publish_it(plan, "Jun moves to the morning")
        after = {(one.actor_id, one.business_date): one.block_id for one in current_shifts()}
        assert (made.number, made.added, made.dropped) == (2, 1, 1)
        assert PublishedShift.objects.count() == 6
        assert len(after) == 3
        same = {key for key in after if before.get(key) == after[key]}
        assert {actor for actor, _ in same} == {floors["alpha"].actors["Maria"]}
        told = Notice.objects.filter(dedupe_key=f"schedule:{made.pk}").values_list("actor_id", flat=True)
        assert list(told) == [floors["alpha"].actors["Jun"]]
    assert set(WorkBlock.objects.values_list("pk", flat=True)) == set(after.values())
    assert Duty.objects.count() == 3


@pytest.mark.services
def test_a_clash_across_clients_refuses_the_whole_week_and_says_whose(
    alpha: Any, beta: Any, floors: dict[str, Floor]
) -> None:
    with enter(beta.ref()):
        publish_it(drafted(floors["beta"], [("Maria", 1, "From 14")]))
    with enter(alpha.ref()):
        plan = drafted(floors["alpha"], SHIFTS)
        with pytest.raises(Clash) as caught:
            publish_it(plan)
        [taken] = caught.value.taken
        assert (taken.actor_name, taken.starts_at, taken.busy) == ("Maria", datetime(2026, 12, 1, 6, tzinfo=UTC), True)
        assert taken.beside is None
        assert not ScheduleVersion.objects.exists()
        assert not PublishedShift.objects.exists()
        assert not Notice.objects.exists()
        plan.refresh_from_db()
        assert plan.state == "draft"
    assert WorkBlock.objects.filter(client=alpha).count() == 0
    assert WorkBlock.objects.filter(client=beta).count() == 1


@pytest.mark.services
def test_a_refused_second_version_leaves_the_first_booked(alpha: Any, beta: Any, floors: dict[str, Floor]) -> None:
    with enter(beta.ref()):
        publish_it(drafted(floors["beta"], [("Maria", 3, "From 14")]))
    with enter(alpha.ref()):
        plan = drafted(floors["alpha"], SHIFTS)
        publish_it(plan)
        held = set(current_shifts().values_list("block_id", flat=True))
        plan.shifts.filter(actor_id=floors["alpha"].actors["Jun"]).delete()
        add(plan, floors["alpha"], "Maria", 3, "From 6")
        with pytest.raises(Clash):
            publish_it(plan, "Maria on Thursday")
        assert set(current_shifts().values_list("block_id", flat=True)) == held
    assert set(WorkBlock.objects.filter(client=alpha).values_list("pk", flat=True)) == held


@pytest.mark.services
def test_two_shifts_of_one_plan_in_each_other_s_way_name_the_plan_s_queue(alpha: Any, floors: dict[str, Floor]) -> None:
    with enter(alpha.ref()):
        plan = drafted(floors["alpha"], [("Maria", 0, "From 14"), ("Maria", 1, "From 6"), ("Jun", 0, "From 6")])
        with pytest.raises(Clash) as caught:
            publish_it(plan)
        [taken] = caught.value.taken
        assert (taken.actor_name, taken.starts_at.day) == ("Maria", 1)
        assert taken.beside == Beside(
            "Billing EN", datetime(2026, 11, 30, 14, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)
        )


def test_who_has_no_employee_behind_the_seat_is_named(alpha: Any, floors: dict[str, Floor]) -> None:
    from interactions.models import Actor

    with enter(alpha.ref()):
        ghost = Actor.objects.create(display_name="Ghost", pseudonym="Agent 1")
        floors["alpha"].actors["Ghost"] = ghost.pk
        with pytest.raises(Clash) as caught:
            publish_it(drafted(floors["alpha"], [("Ghost", 0, "From 6")]))
        assert [(one.actor_name, one.busy) for one in caught.value.taken] == [("Ghost", False)]


def test_publishing_asks_for_a_reason_a_current_version_and_a_change(alpha: Any, floors: dict[str, Floor]) -> None:
    with enter(alpha.ref()):
        plan = drafted(floors["alpha"], SHIFTS)
        with pytest.raises(NotPossible, match="needs a reason"):
            publish(plan_id=plan.pk, version=1, reason=" ", by=BY, now=NOW)
        with pytest.raises(StalePlan):
            publish(plan_id=plan.pk, version=7, reason="x", by=BY, now=NOW)
        publish_it(plan)
        with pytest.raises(NotPossible, match="Nothing changed"):
            publish_it(plan, "Again")
        for shift in list(plan.shifts.all()):
            plan.refresh_from_db()
            remove_shift(shift_id=shift.pk, version=plan.version, by=BY, now=NOW)
        with pytest.raises(NotPossible, match="no shifts"):
            publish_it(plan, "Empty")
        assert list(ScheduleVersion.objects.values_list("number", "week_start")) == [(1, WEEK)]


@pytest.mark.services
@pytest.mark.parametrize(
    "statement",
    [
        f"{verb} scheduling_{table} {rest}"
        for table in (
            "scheduleversion", "publishedshift", "forecast", "forecastinterval", "requirement", "requirementinterval"
        )
        for verb, rest in (("UPDATE", "SET id = gen_random_uuid()"), ("DELETE FROM", ""), ("TRUNCATE", "CASCADE"))
    ],
)  # fmt: skip
def test_what_is_published_or_computed_refuses_its_own_client(alpha: Any, statement: str) -> None:
    with enter(alpha.ref()), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="permission denied for table"):
            cursor.execute(statement)


@pytest.mark.services
def test_the_ledger_refuses_a_second_booking_by_raw_sql(alpha: Any, beta: Any, floors: dict[str, Floor]) -> None:
    with enter(alpha.ref()):
        publish_it(drafted(floors["alpha"], SHIFTS))
    start, end = datetime(2026, 11, 30, 10, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)
    with enter(beta.ref()):
        with pytest.raises(Busy):
            book(
                actor_id=floors["beta"].actors["Maria"],
                start=start,
                end=end,
                business_date=WEEK,
                zone="UTC",
                source="x",
            )
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match=r"^busy"):
            cursor.execute(
                "SELECT public.workforce_book(%s, %s, %s, %s, 'UTC', 'x')",
                [floors["beta"].actors["Maria"], start, end, WEEK],
            )
    with enter(alpha.ref()):
        shift = current_shifts().filter(actor_id=floors["alpha"].actors["Maria"]).first()
        assert shift is not None
        with pytest.raises(IntegrityError, match="published_shift_is_one_a_day"):
            PublishedShift.objects.create(
                version=shift.version, actor=shift.actor, starts_at=shift.starts_at, ends_at=shift.ends_at,
                business_date=shift.business_date, zone="UTC", template_name="x", block_id=shift.block_id,
            )  # fmt: skip
