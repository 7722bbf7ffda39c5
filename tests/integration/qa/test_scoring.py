"""From the queue to a frozen revision: leases, answers saved once, submission, release, acknowledgement."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from bpo.actors import By, system
from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from qa.domain.scoring import AnswerError
from qa.errors import InHand, NotPossible, StaleAnswers
from qa.models import Acknowledgement, Evaluation, EvaluationRevision, Note, Release, ReviewTask
from qa.selectors import drafts_of
from qa.services import (
    acknowledge,
    add_note,
    claim,
    draw_sample,
    hand_back,
    publish_scorecard,
    queue_interaction,
    release,
    skip,
    submit,
    take_back,
)
from qa.services.scoring import CLEAR
from tests.integration.qa.build import (
    MONDAY,
    NOW,
    actor,
    answer,
    begun,
    by,
    card,
    content,
    interaction,
    released,
    submitted,
    task,
)


@pytest.fixture
def inside(alpha: Any) -> Any:
    with enter(alpha.ref()):
        yield alpha


def test_a_submission_is_scored_frozen_and_told_after_the_grace(alpha: Any) -> None:
    with enter(alpha.ref()):
        revision = submitted(answers={"q1": "no", "law": "yes"})
        assert (revision.raw, revision.final, revision.outcome) == (Decimal("40.00"), Decimal("40.00"), "FAIL")
        assert revision.sections == [["talk", "0.00", "60"], ["rules", "100.00", "40"]]
        assert (revision.critical_asked, revision.critical_error, revision.picked) == (True, False, "manual")
        assert ReviewTask.objects.get().state == "done"
        assert not Release.objects.exists()
    [job] = Job.objects.filter(kind="qa.release")
    assert (job.run_at, job.payload) == (NOW + timedelta(seconds=10), {"revision_id": str(revision.pk)})
    with enter(alpha.ref()):
        release(revision_id=revision.pk, by=system("release"), now=NOW)
        release(revision_id=revision.pk, by=system("release"), now=NOW)
        assert (Release.objects.count(), Notice.objects.count()) == (1, 1)
        one = Evaluation.objects.get()
        assert one.state == "released"
        assert Notice.objects.get().path == f"/reviews/{one.pk}/"
        for _ in range(2):
            acknowledge(evaluation_id=one.pk, by=by(actor("Maricel")), now=NOW)
        assert Acknowledgement.objects.count() == 1
        with pytest.raises(Evaluation.DoesNotExist):
            acknowledge(evaluation_id=one.pk, by=by(actor("Jerome")), now=NOW)
        done = list(Entry.objects.order_by("seq").values_list("action", flat=True))
        assert done == [
            "qa.scorecard_published", "qa.queued", "qa.claimed", "qa.submitted", "qa.released", "qa.acknowledged",
        ]  # fmt: skip


def test_an_auto_fail_keeps_the_raw_score(inside: Any) -> None:
    revision = submitted(answers={"q1": "yes", "law": "no"})
    assert (revision.raw, revision.final, revision.outcome) == (Decimal("60.00"), Decimal("0.00"), "FAIL")
    assert (revision.triggers, revision.critical_error) == (["law"], True)


def test_a_review_in_hand_is_nobody_elses(inside: Any) -> None:
    one = task()
    claim(task_id=one.pk, by=by(actor("Grace")), now=NOW)
    with pytest.raises(InHand, match="Grace"):
        claim(task_id=one.pk, by=by(actor("Ana")), now=NOW + timedelta(minutes=29))
    claim(task_id=one.pk, by=by(actor("Ana")), now=NOW + timedelta(minutes=30))
    hand_back(task_id=one.pk, by=by(actor("Ana")), now=NOW)
    assert ReviewTask.objects.get().state == "waiting"


def test_nobody_scores_their_own_work_or_without_a_seat(inside: Any) -> None:
    one = task()
    with pytest.raises(NotPossible, match="your own work"):
        claim(task_id=one.pk, by=by(actor("Maricel")), now=NOW)
    with pytest.raises(NotPossible, match="no seat"):
        claim(task_id=one.pk, by=By("person", "Operator"), now=NOW)


def test_who_lost_the_lease_writes_nothing_more(inside: Any) -> None:
    grace = begun(task())
    answer(grace, 1, "q1", "yes")
    later = NOW + timedelta(minutes=31)
    claim(task_id=grace.task_id, by=by(actor("Ana")), now=later)
    from qa.services import save_answer

    with pytest.raises(InHand, match="Ana"):
        save_answer(evaluation_id=grace.pk, question="law", answer="yes", seq=2, by=by(grace.evaluator), now=later)
    assert Evaluation.objects.get(pk=grace.pk).answers == {"q1": "yes"}


def test_a_change_sent_twice_is_saved_once_and_a_stale_one_refused(inside: Any) -> None:
    one = begun(task())
    answer(one, 1, "q1", "yes", active_seconds=12)
    assert answer(one, 1, "q1", "yes").seq == 1
    with pytest.raises(StaleAnswers) as stale:
        answer(one, 1, "q1", "no")
    assert stale.value.evaluation.answers == {"q1": "yes"}
    with pytest.raises(StaleAnswers):
        answer(one, 3, "law", "yes")
    saved = answer(one, 2, "q1", CLEAR, active_seconds=3)
    assert (saved.answers, saved.seq, saved.active_seconds) == ({}, 2, 12)


@pytest.mark.parametrize(("key", "value"), [("law", None), ("q1", "maybe"), ("nothing", "yes"), ("q1", ["yes"])])
def test_an_answer_the_question_does_not_take_is_refused(inside: Any, key: str, value: Any) -> None:
    with pytest.raises(AnswerError):
        answer(begun(task()), 1, key, value)


def test_an_unfinished_form_names_the_question(inside: Any) -> None:
    one = begun(task())
    answer(one, 1, "q1", None)
    with pytest.raises(AnswerError) as missing:
        submit(evaluation_id=one.pk, seq=1, by=by(one.evaluator), now=NOW)
    assert missing.value.question == "law"
    assert not EvaluationRevision.objects.exists()


def test_a_submission_taken_back_stands_for_nothing_and_can_be_made_again(inside: Any) -> None:
    one = begun(task())
    answer(one, 1, "q1", "yes")
    answer(one, 2, "law", "yes")
    add_note(evaluation_id=one.pk, note_id=uuid4(), text=" Good pace. ", at_ms=3000, by=by(one.evaluator), now=NOW)
    first = submit(evaluation_id=one.pk, seq=2, by=by(one.evaluator), now=NOW)
    take_back(evaluation_id=one.pk, by=by(one.evaluator), now=NOW)
    assert release(revision_id=first.pk, by=system("release"), now=NOW) is None
    answer(one, 3, "q1", "no")
    second = submit(evaluation_id=one.pk, seq=3, by=by(one.evaluator), now=NOW)
    assert (second.seq, second.cause, Evaluation.objects.get().current_id) == (2, "resubmit", second.pk)
    assert list(Note.objects.values_list("text", flat=True)) == ["Good pace.", "Good pace."]
    release(revision_id=second.pk, by=system("release"), now=NOW)
    with pytest.raises(NotPossible, match="has it already"):
        take_back(evaluation_id=one.pk, by=by(one.evaluator), now=NOW)


def test_a_note_sent_twice_is_one_and_stays_in_its_review(inside: Any) -> None:
    first, second = begun(task("1")), begun(task("2"))
    name = uuid4()
    for text in ("One", "Two"):
        add_note(evaluation_id=first.pk, note_id=name, text=text, question="q1", by=by(first.evaluator), now=NOW)
    assert [note.text for note in drafts_of(first)] == ["Two"]
    with pytest.raises(NotPossible, match="another review"):
        add_note(evaluation_id=second.pk, note_id=name, text="x", by=by(first.evaluator), now=NOW)


def test_a_draw_can_be_repeated_and_keeps_to_its_quota(inside: Any) -> None:
    version = card()
    for agent in ("Maricel", "Jerome"):
        for number in range(6):
            interaction(actor(agent), f"{agent}{number}", days=4)
    interaction(actor("Ana"), "ana", days=4)
    interaction(actor("Ana"), "before", days=9)
    draw = draw_sample(
        scorecard=version.scorecard, week=MONDAY, quota=4, seed="s", due_on=None, by=system("tests"), now=NOW
    )
    assert draw.frame_size == 13
    found = ReviewTask.objects.filter(draw=draw).order_by("agent__display_name", "place")
    places = [(one.agent.display_name, one.place, one.places) for one in found]
    assert places == [("Ana", 1, 1)] + [(name, n, 4) for name in ("Jerome", "Maricel") for n in (1, 2, 3, 4)]
    again = draw_sample(
        scorecard=version.scorecard, week=MONDAY, quota=9, seed="t", due_on=None, by=system("tests"), now=NOW
    )
    assert (again.pk, ReviewTask.objects.count()) == (draw.pk, 9)


def test_what_is_queued_by_hand_says_why_and_once(inside: Any) -> None:
    version, one = card(), interaction(actor("Maricel"), "1")
    asked = {"interaction_id": one.pk, "scorecard": version.scorecard, "by": system("tests"), "now": NOW}
    with pytest.raises(NotPossible, match="Say why"):
        queue_interaction(why=" ", **asked)
    first = queue_interaction(why="Low rating", **asked)
    assert queue_interaction(why="Another reason", **asked).pk == first.pk
    skip(task_id=first.pk, reason="No sound", by=by(actor("Grace")), now=NOW)
    assert queue_interaction(why="Again", **asked).pk != first.pk
    with pytest.raises(NotPossible, match="Nobody handled"):
        queue_interaction(**asked | {"interaction_id": interaction(None, "2").pk, "why": "x"})


def test_a_scorecard_keeps_its_mode_and_its_versions(inside: Any) -> None:
    first = card()
    assert card().pk == first.pk
    second = card(pass_mark=70)
    assert (second.number, second.scorecard_id) == (2, first.scorecard_id)
    with pytest.raises(NotPossible, match="another mode"):
        publish_scorecard(key="voice", name="x", content=content() | {"mode": "flat"}, by=system("tests"), now=NOW)


def test_figures_are_of_released_random_evaluations(inside: Any) -> None:
    from qa.selectors import critical_accuracy, mean_score, pass_rate

    released("1")
    submitted("2")
    day = NOW.date()
    assert mean_score(day, day + timedelta(days=1)).n == 0, "by hand is not random"
    assert mean_score(day, day + timedelta(days=1), picked="manual").value == 100.0
    assert (critical_accuracy(day, day).value, pass_rate(day, day).den) == (None, 0)
