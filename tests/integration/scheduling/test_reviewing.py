"""Draft, review, published, superseded: what each locks, who is told, and what is shown of a change."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bpo.actors import By
from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.tenancy.context import enter
from scheduling.errors import NotPossible, StalePlan
from scheduling.models import DraftShift, Requirement, SchedulePlan, ScheduleVersion
from scheduling.selectors import current_shifts, differences_of, version_after, version_before
from scheduling.services import (
    add_shift,
    change_shift,
    publish,
    remove_shift,
    request_build,
    send_for_review,
    take_back,
)  # fmt: skip
from tests.integration.scheduling.build import BY, NOW, PAUSES, WEEK, Floor, add, drafted, employ, floor, past, staffed
from tests.people import sign_in
from tests.statements import statements
from workforce.models import WorkBlock

QUERY = "?queue=billing&week=2026-11-30"
LATER = [PAUSES[0], {**PAUSES[1], "after": 300}]


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana", "Ben"))


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def sent(ground: Floor, **more: Any) -> SchedulePlan:
    """A plan in review."""
    plan = drafted(ground, [("Ana", 0, "From 6"), ("Ben", 1, "From 6")])
    return send_for_review(plan_id=plan.pk, version=1, reason="More calls", by=BY, now=NOW, **more)


def publish_it(plan: SchedulePlan, reason: str = "First") -> ScheduleVersion:
    plan.refresh_from_db()
    return publish(plan_id=plan.pk, version=plan.version, reason=reason, by=BY, now=NOW)


@pytest.mark.services
def test_a_plan_in_review_is_locked_against_edits_and_builds(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        past(ground)
        requirement = staffed(ground)
        plan = sent(ground)
        assert (plan.state, plan.version, plan.proposed) == ("review", 2, "More calls")
        shift, template = plan.shifts.first(), ground.templates["From 14"]
        assert shift is not None
        now = {"by": BY, "now": NOW}
        for work in (
            lambda: change_shift(shift_id=shift.pk, template_id=template, version=2, **now),
            lambda: remove_shift(shift_id=shift.pk, version=2, **now),
            lambda: add_shift(
                plan_id=plan.pk, actor_id=ground.actors["Ana"], template_id=template, day=WEEK + timedelta(days=3),
                version=2, **now,
            ),
            lambda: request_build(requirement_id=requirement.pk, seconds=1, **now),
            lambda: send_for_review(plan_id=plan.pk, version=2, reason="Again", **now),
        ):  # fmt: skip
            with pytest.raises(NotPossible, match="in review"):
                work()
        with pytest.raises(StalePlan):
            change_shift(shift_id=shift.pk, template_id=template, version=1, **now)
        made = publish_it(plan, "More calls")
        plan.refresh_from_db()
        assert (made.number, plan.state, plan.sent_at, plan.proposed) == (1, "published", None, "")
        assert Requirement.objects.count() == 1
        change_shift(shift_id=shift.pk, template_id=template, version=plan.version, **now)


@pytest.mark.services
def test_taken_back_it_is_a_draft_with_the_reason_and_its_sender_is_told(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        sender = By(kind="person", actor_id=ground.actors["Ana"], name="Ana")
        plan = drafted(ground, [("Ben", 0, "From 6")])
        send_for_review(plan_id=plan.pk, version=1, reason="Look", by=sender, now=NOW)
        with pytest.raises(NotPossible, match="needs a reason"):
            take_back(plan_id=plan.pk, version=2, reason="  ", by=BY, now=NOW)
        with pytest.raises(StalePlan):
            take_back(plan_id=plan.pk, version=1, reason="No", by=BY, now=NOW)
        back = take_back(plan_id=plan.pk, version=2, reason="Ben asked for Monday off", by=BY, now=NOW)
        assert (back.state, back.returned, back.sent_by, back.version) == ("draft", "Ben asked for Monday off", None, 3)
        [notice] = Notice.objects.all()
        assert (notice.actor_id, notice.kind) == (ground.actors["Ana"], "plan_taken_back")
        assert "Ben asked for Monday off" in notice.text
        with pytest.raises(NotPossible, match="not in review"):
            take_back(plan_id=plan.pk, version=3, reason="Again", by=BY, now=NOW)
        shift = plan.shifts.get()
        change_shift(shift_id=shift.pk, template_id=ground.templates["From 14"], version=3, by=BY, now=NOW)
        actions = list(
            Entry.objects.filter(action__startswith="plan.").order_by("seq").values_list("action", flat=True)
        )
        assert actions == ["plan.sent_for_review", "plan.taken_back", "plan.shift_changed"]


@pytest.mark.services
def test_what_can_t_be_published_can_t_be_sent(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [])
        send = {"plan_id": plan.pk, "by": BY, "now": NOW}
        with pytest.raises(NotPossible, match="needs a reason"):
            send_for_review(version=1, reason="", **send)
        with pytest.raises(NotPossible, match="no shifts"):
            send_for_review(version=1, reason="x", **send)
        add(plan, ground, "Ana", 0, "From 6")
        publish_it(plan)
        with pytest.raises(NotPossible, match="Nothing changed"):
            send_for_review(version=2, reason="x", **send)
        SchedulePlan.objects.update(state="solving")
        with pytest.raises(NotPossible, match="being built"):
            send_for_review(version=2, reason="x", **send)


@pytest.mark.services
def test_a_moved_break_is_a_change_that_keeps_its_block(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6"), ("Ben", 0, "From 6")])
        publish_it(plan)
        held = {one.actor_id: one.block_id for one in current_shifts()}
        plan.shifts.filter(actor_id=ground.actors["Ana"]).update(pauses=LATER)
        Notice.objects.all().delete()
        made = publish_it(plan, "Ana eats later")
        assert (made.number, made.added, made.dropped, made.rested) == (2, 0, 0, 1)
        assert {one.actor_id: one.block_id for one in current_shifts()} == held
        assert [one.after for one in current_shifts().get(actor_id=ground.actors["Ana"]).breaks] == [120, 300]
        assert list(Notice.objects.values_list("actor_id", flat=True)) == [ground.actors["Ana"]]
        with pytest.raises(NotPossible, match="Nothing changed"):
            publish_it(plan, "Again")
    assert WorkBlock.objects.count() == 2


@pytest.mark.services
def test_a_published_shift_says_what_its_draft_said(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6"), ("Ben", 0, "From 14"), ("Ben", 2, "From 6")])
        publish_it(plan)
        drafts = {(one.actor_id, one.starts_at): one for one in DraftShift.objects.all()}
        for one in current_shifts():
            same = drafts[one.actor_id, one.starts_at]
            assert (one.breaks, one.paid, one.pauses) == (same.breaks, same.paid, same.pauses)
            assert sum((part.ends_at - part.starts_at for part in one.segments.all()), timedelta()) == timedelta(
                hours=9
            )


@pytest.mark.services
def test_any_two_neighbouring_versions_can_be_compared(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6"), ("Ben", 0, "From 6"), ("Ben", 2, "From 6")])
        first = publish_it(plan)
        ana, ben, gone = plan.shifts.order_by("starts_at", "actor__display_name")
        template = ground.templates["From 14"]
        plan.refresh_from_db()
        change_shift(shift_id=ana.pk, template_id=template, version=plan.version, by=BY, now=NOW)
        DraftShift.objects.filter(pk=ben.pk).update(pauses=LATER)
        gone.delete()
        add(plan, ground, "Ana", 3, "From 6")
        second = publish_it(plan, "Other calls")
        third_draft = add(plan, ground, "Ben", 4, "From 14")
        third = publish_it(plan, "And Friday")
        found, names = differences_of(first, second)
        assert [(names[one.laid.person], one.kind, one.laid.day.day) for one in found] == [
            ("Ben", "breaks", 30), ("Ana", "moved", 30), ("Ben", "dropped", 2), ("Ana", "added", 3),
        ]  # fmt: skip
        [one] = differences_of(second, third)[0]
        assert (one.kind, one.laid.start) == ("added", third_draft.starts_at)
        assert [version_before(one) for one in (first, second, third)] == [None, first, second]
        assert [version_after(one) for one in (first, second, third)] == [second, third, None]
    lead = sign_in("alpha", "team_lead")
    panel = text(lead.get(f"/board/versions/{second.pk}/"))
    for words in (
        "Other calls", "superseded by version 3", "moved: <s>06:00–15:00</s> → 14:00–23:00",
        "given back: <s>06:00–15:00</s>", "new: 06:00–15:00",
        "breaks: <s>meal 10:00–11:00</s> → meal 11:00–12:00",
    ):  # fmt: skip
        assert words in panel, words
    assert "everything in it was new" in text(lead.get(f"/board/versions/{first.pk}/"))
    assert "published, holds" in text(lead.get(f"/board/versions/{third.pk}/"))
    page = text(lead.get(f"/board/{QUERY}"))
    assert (page.count("superseded"), page.count("holds,"), page.count("1 with other breaks")) == (2, 1, 1)
    assert sign_in("alpha", "agent").get(f"/board/versions/{second.pk}/").status_code == 403


@pytest.mark.services
def test_review_on_screen_from_sending_to_publishing(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        publish_it(plan)
        add(plan, ground, "Ben", 1, "From 6")
        SchedulePlan.objects.update(state="draft")
        shift = plan.shifts.get(actor_id=ground.actors["Ana"])
    here, version = f"/board/plans/{plan.pk}", 2
    planner, lead = sign_in("alpha", "planner"), sign_in("alpha", "team_lead")
    panel = text(planner.get(f"{here}/publish/"))
    assert "Send for review" in panel
    assert "Take back to draft" not in panel
    assert "new: 06:00–15:00" in panel
    assert lead.post(f"{here}/review/", {"version": version, "reason": "x"}).status_code == 403
    planner.post(f"{here}/review/", {"version": version, "reason": "Ben on Tuesday"})
    page = text(planner.get(f"/board/{QUERY}"))
    assert "In review, sent by" in page
    assert "Ben on Tuesday" in page
    assert "Ben on Tuesday" not in text(lead.get(f"/board/{QUERY}")), "a draft is the planners'"
    edit = {"template": ground.templates["From 14"], "version": 3}
    refused = planner.post(f"/board/shifts/{shift.pk}/change/", edit, follow=True)
    assert "This plan is in review. Take it back to draft first" in text(refused)
    panel = text(planner.get(f"{here}/publish/"))
    assert 'value="Ben on Tuesday"' in panel
    assert "Send for review" not in panel
    assert lead.post(f"{here}/take-back/", {"version": 3, "reason": "x"}).status_code == 403
    planner.post(f"{here}/take-back/", {"version": 3, "reason": "Wednesday is meant"})
    assert 'Taken back to draft: <span translate="no">Wednesday is meant' in text(planner.get(f"/board/{QUERY}"))
    again = planner.post(f"{here}/take-back/", {"version": 3, "reason": "Wednesday is meant"}, follow=True)
    assert "Somebody changed this plan meanwhile" in text(again)
    planner.post(f"{here}/review/", {"version": 4, "reason": "Ben on Tuesday"})
    planner.post(f"{here}/publish/", {"version": 5, "reason": "Ben on Tuesday"})
    assert "as published, version 2" in text(planner.get(f"/board/{QUERY}"))
    assert planner.post(f"{here}/review/", {"version": "x"}).status_code == 404


@pytest.mark.services
def test_what_a_version_changed_costs_the_same_for_one_person_and_for_three(alpha: Any) -> None:
    ground = floor(alpha, employ("Ana", "Ben", "Cleo"))
    counts = []
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 6, "From 6")])
        publish_it(plan)
        add(plan, ground, "Ana", 0, "From 6")
        versions = [publish_it(plan, "One")]
        for name in ground.actors:
            add(plan, ground, name, 2, "From 6")
        versions.append(publish_it(plan, "Three"))
    for made in versions:
        lead.get(f"/board/versions/{made.pk}/")
        counts.append(statements(lambda made=made: lead.get(f"/board/versions/{made.pk}/")))
    assert counts == [10, 10]
