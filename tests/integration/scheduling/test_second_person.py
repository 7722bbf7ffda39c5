"""Where the contract asks for it, whoever sends a week for review doesn't publish it: in services, on screen, in rows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from psycopg import errors

from accounts.services.terms import set_terms
from bpo.actors import By, system
from bpo.notices.models import Notice
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Actor, Queue
from interactions.queues import promise_of_new
from scheduling.errors import NotPossible
from scheduling.models import Repair, SchedulePlan, ScheduleVersion
from scheduling.services import accept_repair, ask_repair, ask_second_person, publish, report_absence, send_for_review
from scheduling.services.repairing import find_repair
from tests.integration.scheduling.build import NOW, WEEK, Floor, drafted, employ, floor, past, staffed
from tests.people import sign_in
from tests.refusals import refused, run
from workforce.models import WorkBlock

VERSION = """
INSERT INTO scheduling_scheduleversion (id, queue_id, week_start, zone, number, reason, published_at, added, dropped,
    rested, second_person, sent_by_id, published_by_id)
VALUES (gen_random_uuid(), %s, %s, 'UTC', %s, 'By hand', now(), 0, 0, 0, %s, %s, %s)
"""


@pytest.fixture
def ground(alpha: Any) -> Floor:
    """A client whose contract asks for a second person; Ana and Ben plan as well as work."""
    found = floor(alpha, employ("Ana", "Ben", "Cleo"))
    agreed(alpha, second_person=True)
    return found


def agreed(client: Any, **terms: Any) -> None:
    made = set_terms(client=client, agreed=terms, reason="they asked", by=system("tests"), now=timezone.now())
    job = Job.objects.get(kind="console.copy_terms", dedupe_key=f"terms:{made.number}", client=client)
    assert execute(job.pk, job.kind) == "done"


def person(ground: Floor, name: str) -> By:
    return By("person", name, actor_id=ground.actors[name])


def published(plan: SchedulePlan, by: By) -> ScheduleVersion:
    plan.refresh_from_db()
    return publish(plan_id=plan.pk, version=plan.version, reason="First", by=by, now=NOW)


@pytest.mark.services
def test_a_week_is_published_by_somebody_else_than_who_sent_it(alpha: Any, ground: Floor) -> None:
    ana, ben = person(ground, "Ana"), person(ground, "Ben")
    with enter(alpha.ref()):
        plan = drafted(ground, [("Cleo", 0, "From 6")])
        with pytest.raises(NotPossible, match="published by a second person"):
            published(plan, ana)
        send_for_review(plan_id=plan.pk, version=1, reason="First", by=ana, now=NOW)
        for who in (ana, system("tests")):  # herself, and nobody in particular
            with pytest.raises(NotPossible, match="other than who sent them"):
                published(plan, who)
        assert not ScheduleVersion.objects.exists()
    assert not WorkBlock.objects.exists()
    with enter(alpha.ref()):
        made = published(plan, ben)
        assert (made.sent_by_id, made.published_by_id, made.second_person) == (ana.actor_id, ben.actor_id, True)
    agreed(alpha, second_person=False)
    with enter(alpha.ref()):
        other = drafted(ground, [("Cleo", 0, "From 6")], week=WEEK + timedelta(weeks=1))
        alone = published(other, ana)
        assert (alone.sent_by_id, alone.second_person) == (None, False)


def test_the_term_is_every_queues_and_each_new_ones(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        assert Queue.objects.get().second_person
        assert promise_of_new()["second_person"] is True


@pytest.mark.services
def test_the_database_wants_two_people_where_a_version_says_so(alpha: Any, ground: Floor) -> None:
    ana, ben = ground.actors["Ana"], ground.actors["Ben"]
    with enter(alpha.ref()):
        for sent, by in ((None, ben), (ana, None), (ana, ana), (None, None)):
            with refused(errors.CheckViolation, "version_has_its_second_person"), transaction.atomic():
                run(VERSION, ground.queue_id, WEEK, 1, True, sent, by)
        with transaction.atomic():
            run(VERSION, ground.queue_id, WEEK, 1, True, ana, ben)
            run(VERSION, ground.queue_id, WEEK, 2, False, None, ana)
        assert ScheduleVersion.objects.count() == 2


@pytest.mark.services
def test_an_accepted_repair_is_sent_for_review(alpha: Any, ground: Floor) -> None:
    ana, ben = person(ground, "Ana"), person(ground, "Ben")
    with enter(alpha.ref()):
        past(ground)
        plan = drafted(ground, [("Cleo", 1, "From 6")])
        plan.requirement = staffed(ground)
        plan.save(update_fields=["requirement"])
        send_for_review(plan_id=plan.pk, version=1, reason="First", by=ana, now=NOW)
        published(plan, ben)
        day = WEEK + timedelta(days=1)
        report_absence(actor_id=ground.actors["Cleo"], first_day=day, last_day=day, kind="sick", by=ana, now=NOW)
        made = ask_repair(
            plan_id=plan.pk, lead=timedelta(), notice=timedelta(), change_hours=1, short_notice_hours=1, by=ana, now=NOW
        )
        find_repair(repair_id=made.pk, clock=lambda: NOW)
        assert accept_repair(repair_id=made.pk, reason="Cleo is away", by=ana, now=NOW) is None
        plan.refresh_from_db()
        assert (plan.state, plan.proposed, plan.sent_by_id) == ("review", "Cleo is away", ana.actor_id)
        assert Repair.objects.get().state == "accepted"
        assert published(plan, ben).number == 2


@pytest.mark.services
def test_on_screen_the_sender_is_told_who_publishes_and_the_other_may(alpha: Any, ground: Floor) -> None:
    first, second = sign_in("alpha", "planner"), sign_in("alpha", "planner", email="other@alpha.example")
    with enter(alpha.ref()):
        plan = drafted(ground, [("Cleo", 0, "From 6")])
        assert Actor.objects.filter(display_name="Planner").count() == 2
    address = f"/board/plans/{plan.pk}/publish/"

    def panel(browser: Any) -> str:
        return re.sub(r"\s+", " ", browser.get(address).content.decode())

    told = panel(first)
    assert "Weeks of this queue are published by a second person." in told
    assert "Publish version 1</button>" not in told
    answer = first.post(address, {"version": 1, "reason": "Alone"}, follow=True)
    assert "Send it for review; somebody else publishes." in answer.content.decode()
    first.post(f"/board/plans/{plan.pk}/review/", {"version": 1, "reason": "First"})
    job = Job.objects.get(kind="scheduling.second_person")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        [notice] = Notice.objects.all()
        assert notice.actor_id != SchedulePlan.objects.get().sent_by_id
        assert "waits for a second person to publish it: First" in notice.text
    assert "other than who sent them for review" in panel(first)
    assert "Publish version 1</button>" not in panel(first)
    assert "Publish version 1</button>" in panel(second)
    second.post(address, {"version": 2, "reason": "First"})
    with enter(alpha.ref()):
        late = {"plan_id": plan.pk, "version": 2, "actor_ids": [notice.actor_id], "now": NOW}
        assert ask_second_person(**late) == 0  # a worker that comes late tells nobody
        made = ScheduleVersion.objects.get()
    assert made.published_by_id != made.sent_by_id
    shown = second.get(f"/board/versions/{made.pk}/").content.decode()
    assert "Sent for review" in shown
