"""Two planners at once, each on a connection of their own: one gets through, the other hears why not."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection, transaction

from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.outbox.models import Job
from bpo.tenancy.context import as_owner, enter
from interactions.models import Queue
from scheduling.errors import Clash, NotPossible, StalePlan
from scheduling.ledger import Busy, book, hold
from scheduling.models import PublishedShift, SchedulePlan, ScheduleVersion
from scheduling.services import change_shift, publish, request_build, send_for_review
from scheduling.services import publishing as publishing_module
from scheduling.turns import InUse
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, drafted, employ, floor, past, staffed
from tests.people import sign_in
from tests.refusals import run
from workforce.models import WorkBlock

Work = Callable[[], Any]
ROUNDS = 4


def alone(client: Any, work: Work, wait: str = "60s") -> Any:
    """What came of `work` inside a client, on this thread's own connection: its result or its refusal.

    It waits for a lock for longer than the product lets anybody, since a busy machine is slow.
    """
    try:
        with enter(client.ref()):
            run(f"SET lock_timeout = '{wait}'")
            try:
                return work()
            finally:
                run("RESET lock_timeout")
    except (Clash, StalePlan, NotPossible, Busy) as refusal:
        return refusal
    finally:
        connection.close()


def at_once(*each: tuple[Any, Work]) -> list[Any]:
    """Every work started at the same moment, in a thread each."""
    gate = threading.Barrier(len(each))

    def go(client: Any, work: Work) -> Any:
        gate.wait(timeout=30)
        return alone(client, work)

    with ThreadPoolExecutor(len(each)) as pool:
        return [one.result() for one in [pool.submit(go, client, work) for client, work in each]]


def until_somebody_waits() -> None:
    """Till another session waits for a lock; from a thread of its own, for this one is in a transaction."""

    def waiting() -> bool:
        try:
            with as_owner(), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
                return bool(cursor.fetchone()[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        for _ in range(600):
            if pool.submit(waiting).result():
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")


@contextmanager
def started_after_mine(client: Any, work: Work) -> Iterator[Callable[[], Any]]:
    """The block in one transaction that ends only once `work`, begun behind it, waits for it."""
    with ThreadPoolExecutor(1) as pool:
        running: list[Future[Any]] = []
        with transaction.atomic():
            yield lambda: running[0].result(timeout=60)
            running.append(pool.submit(alone, client, work))
            until_somebody_waits()


def publishing(plan_id: uuid.UUID, version: int = 1, reason: str = "Now") -> Work:
    return lambda: publish(plan_id=plan_id, version=version, reason=reason, by=BY, now=NOW)


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana", "Ben"))


@pytest.mark.services
def test_two_publishers_of_one_draft_make_one_publication(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6"), ("Ben", 1, "From 14")])
    answers = at_once(*[(alpha, publishing(plan.pk))] * 4)
    assert sorted(type(one).__name__ for one in answers) == ["ScheduleVersion"] + ["StalePlan"] * 3
    assert {one.published for one in answers if isinstance(one, StalePlan)} == {1}
    with enter(alpha.ref()):
        assert ScheduleVersion.objects.count() == 1
        assert PublishedShift.objects.count() == 2
        assert Notice.objects.count() == 2
        assert Entry.objects.filter(action="schedule.published").count() == 1
    assert WorkBlock.objects.count() == 2


@pytest.mark.services
def test_the_second_of_two_publishers_waits_for_the_first_and_is_told_of_it(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        with started_after_mine(alpha, publishing(plan.pk)) as answer:
            publish(plan_id=plan.pk, version=1, reason="Mine", by=BY, now=NOW)
        assert isinstance(answer(), StalePlan)
        assert [one.reason for one in ScheduleVersion.objects.all()] == ["Mine"]
    browser = sign_in("alpha", "planner")
    late = browser.post(f"/board/plans/{plan.pk}/publish/", {"version": 1, "reason": "Late"}, follow=True)
    assert "Somebody published this week meanwhile, as version 1." in late.content.decode()


@pytest.mark.services
def test_a_first_that_fails_leaves_the_week_to_the_second(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        with started_after_mine(alpha, publishing(plan.pk, reason="Theirs")) as answer:
            publish(plan_id=plan.pk, version=1, reason="Mine", by=BY, now=NOW)
            transaction.set_rollback(True)
        assert isinstance(answer(), ScheduleVersion)
        assert [(one.number, one.reason) for one in ScheduleVersion.objects.all()] == [(1, "Theirs")]
    assert WorkBlock.objects.count() == 1


@pytest.mark.services
def test_of_publishing_and_editing_at_once_one_happens(alpha: Any, ground: Floor) -> None:
    for number in range(ROUNDS):
        week = WEEK.fromordinal(WEEK.toordinal() + 7 * number)
        with enter(alpha.ref()):
            plan = drafted(ground, [("Ana", 0, "From 6")], week=week)
            shift = plan.shifts.get().pk
        edit = lambda shift=shift: change_shift(  # noqa: E731 - one of two works
            shift_id=shift, template_id=ground.templates["From 14"], version=1, by=BY, now=NOW
        )
        answers = at_once((alpha, publishing(plan.pk)), (alpha, edit))
        assert sum(isinstance(one, StalePlan) for one in answers) == 1, answers
        with enter(alpha.ref()):
            published = list(PublishedShift.objects.filter(version__week_start=week))
            plan.refresh_from_db()
            if isinstance(answers[0], StalePlan):
                assert (published, plan.state) == ([], "draft")
                assert answers[0].published is None
            else:
                assert ([one.template_name for one in published], plan.state) == (["From 6"], "published")
            assert plan.shifts.get().template_name == ("From 14" if not published else "From 6")


@pytest.mark.services
def test_two_weeks_of_one_client_that_want_the_same_person_book_them_once(alpha: Any, ground: Floor) -> None:
    """Ana and Ben in either order: whoever books a second one must not wait for who books the first."""
    for number in range(ROUNDS):
        week = WEEK.fromordinal(WEEK.toordinal() + 7 * number)
        with enter(alpha.ref()):
            other = Queue.objects.create(key=f"other{number}", name=f"Other {number}")
            theirs = Floor(alpha, other.pk, ground.actors, ground.templates)
            plans = [
                drafted(ground, [("Ana", 0, "From 6"), ("Ben", 1, "From 6")], week=week),
                drafted(theirs, [("Ben", 0, "From 14"), ("Ana", 0, "From 14")], week=week),
            ]
        answers = at_once(*[(alpha, publishing(plan.pk)) for plan in plans])
        assert sorted(type(one).__name__ for one in answers) == ["Clash", "ScheduleVersion"], answers
        assert WorkBlock.objects.count() == 2 * (number + 1)
    with enter(alpha.ref()):
        assert ScheduleVersion.objects.count() == ROUNDS
        assert SchedulePlan.objects.filter(state="published").count() == ROUNDS


@pytest.mark.services
def test_two_clients_that_want_the_same_person_book_them_once(alpha: Any, beta: Any) -> None:
    people = employ("Ana", "Ben")
    ours, theirs = floor(alpha, people), floor(beta, people)
    for number in range(ROUNDS):
        week = WEEK.fromordinal(WEEK.toordinal() + 7 * number)
        with enter(alpha.ref()):
            plan = drafted(ours, [("Ana", 0, "From 6"), ("Ben", 1, "From 6")], week=week)
        with enter(beta.ref()):
            other = drafted(theirs, [("Ben", 0, "From 14"), ("Ana", 0, "From 14")], week=week)
        answers = at_once((alpha, publishing(plan.pk)), (beta, publishing(other.pk)))
        [refusal] = [one for one in answers if isinstance(one, Clash)]
        assert {(one.busy, one.beside) for one in refusal.taken} == {(True, None)}, "and nothing of whose"
        assert WorkBlock.objects.count() == 2 * (number + 1)


@pytest.mark.services
def test_people_are_held_in_one_order_so_nobody_waits_in_a_circle(alpha: Any, ground: Floor) -> None:
    ana, ben = ground.actors["Ana"], ground.actors["Ben"]

    def their_turn() -> Any:
        with transaction.atomic():
            hold([ben, ana])
            return taken(ana)

    with enter(alpha.ref()):
        with started_after_mine(alpha, their_turn) as answer:
            hold([ana])
            hold([ana, ben])
            taken(ben)
            taken(ana)
        assert isinstance(answer(), Busy)


def taken(actor_id: uuid.UUID) -> uuid.UUID:
    start = NOW.replace(day=30)
    return book(
        actor_id=actor_id, start=start, end=start.replace(hour=20), business_date=WEEK, zone="UTC", source="test"
    )


@pytest.mark.services
def test_two_that_book_the_same_people_the_other_way_round_never_wait_in_a_circle(
    alpha: Any, ground: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would stop after its first booking until the other has one too. Held beforehand, the other never gets there."""
    met = threading.Barrier(2)

    def slowly(**asked: Any) -> uuid.UUID:
        block = book(**asked)
        with suppress(threading.BrokenBarrierError):
            met.wait(timeout=1)
        return block

    monkeypatch.setattr(publishing_module, "book", slowly)
    with enter(alpha.ref()):
        theirs = Floor(alpha, Queue.objects.create(key="other", name="Other").pk, ground.actors, ground.templates)
        plans = [
            drafted(ground, [("Ana", 0, "From 6"), ("Ben", 1, "From 6")]),
            drafted(theirs, [("Ben", 0, "From 14"), ("Ana", 1, "From 14")]),
        ]
    answers = at_once(*[(alpha, publishing(plan.pk)) for plan in plans])
    assert sorted(type(one).__name__ for one in answers) == ["Clash", "ScheduleVersion"], answers
    assert met.broken, "they never met"


@pytest.mark.services
def test_who_would_wait_for_too_long_is_told_so_and_nothing_of_theirs_is_done(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        shift = plan.shifts.get().pk
        other = Floor(alpha, Queue.objects.create(key="other", name="Other").pk, ground.actors, ground.templates)
        theirs = drafted(other, [("Ana", 3, "From 6")])

        def edit() -> Any:
            template = ground.templates["From 14"]
            return change_shift(shift_id=shift, template_id=template, version=1, by=BY, now=NOW)

        with ThreadPoolExecutor(3) as pool, transaction.atomic():
            publish(plan_id=plan.pk, version=1, reason="Mine", by=BY, now=NOW)
            behind = [
                pool.submit(alone, alpha, work, "200ms") for work in (publishing(plan.pk), publishing(theirs.pk), edit)
            ]
            assert [type(one.result(timeout=60)) for one in behind] == [InUse] * 3
        assert [one.reason for one in ScheduleVersion.objects.all()] == ["Mine"]
        theirs.refresh_from_db()
        assert (theirs.state, theirs.version) == ("draft", 1)


@pytest.mark.services
def test_an_edit_behind_a_review_is_stale(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        shift = plan.shifts.get().pk
        with started_after_mine(
            alpha,
            lambda: change_shift(shift_id=shift, template_id=ground.templates["From 14"], version=1, by=BY, now=NOW),
        ) as answer:
            send_for_review(plan_id=plan.pk, version=1, reason="Look at it", by=BY, now=NOW)
        assert isinstance(answer(), StalePlan)
        plan.refresh_from_db()
        assert (plan.state, plan.shifts.get().template_name) == ("review", "From 6")


@pytest.mark.services
def test_two_who_ask_for_one_roster_have_it_built_once(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground)
        requirement = staffed(ground)

    def asking() -> SchedulePlan:
        return request_build(requirement_id=requirement.pk, seconds=1, by=BY, now=NOW)

    answers = at_once(*[(alpha, asking)] * 3)
    assert sorted(type(one).__name__ for one in answers) == ["NotPossible", "NotPossible", "SchedulePlan"], answers
    assert Job.objects.filter(kind="scheduling.build").count() == 1
