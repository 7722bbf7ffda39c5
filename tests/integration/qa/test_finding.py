"""Finding work: each signal against stored facts, queueing many with an undo, searches kept, and outliers on screen."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from interactions.models import Case, Customer, Interaction, Queue, Resolution, Team
from qa import selectors
from qa.errors import NotPossible
from qa.models import ReviewTask, SavedFilter
from qa.selectors import Wanted
from qa.services import claim, queue_many, release, remove_filter, save_filter, submit, take_out
from surveys.models import Candidate, Invitation, Response, SurveyVersion
from surveys.services.publishing import ensure_default_survey
from tests.integration.qa.build import NOW, actor, answer, begun, by, card, interaction, released, task
from tests.integration.qa.test_plans import calls, drawn, plan
from tests.people import sign_in
from tests.statements import statements

TODAY = NOW.date()
TESTS = system("tests")


@pytest.fixture
def inside(alpha: Any) -> Iterator[Any]:
    with enter(alpha.ref()) as client:
        yield client


def found(**wanted: Any) -> list[str]:
    asked = Wanted(start=TODAY - timedelta(days=60), end=TODAY, **wanted)
    return sorted(selectors.finds(asked).values_list("external_id", flat=True))


def floor(n: int = 24) -> None:
    """Calls of about 300 s each, of one reason: what is usual."""
    for number in range(n):
        interaction(actor(f"Agent {number % 3}"), f"usual-{number:02}", days=number % 5, talk_seconds=280 + number * 2)


def test_handling_times_both_ways(inside: Any) -> None:
    floor()
    interaction(actor("Agent 0"), "long", talk_seconds=2400, hold_seconds=300)
    interaction(actor("Agent 0"), "short", talk_seconds=20)
    interaction(actor("Agent 0"), "none")
    assert found(aht="long") == ["long"]
    assert found(aht="short") == ["short"]
    assert found(aht="both") == ["long", "short"]


def test_low_ratings_of_the_source_and_of_our_own_surveys(inside: Any) -> None:
    interaction(actor("Ana"), "rated-2", source_rating=2)
    interaction(actor("Ana"), "rated-3", source_rating=3)
    for number, score in (("voted-1", 1), ("voted-4", 4)):
        vote(interaction(actor("Ana"), number), score)
    assert found(low_rating=True) == ["rated-2", "voted-1"]
    rows = list(Interaction.objects.order_by("external_id"))
    ratings = selectors.ratings_of(rows, Wanted(start=TODAY, end=TODAY))
    assert [ratings.get(one.pk) for one in rows] == [2, 3, 1, 4]


def vote(one: Interaction, score: int) -> None:
    """What a customer answered about an interaction, as the survey keeps it."""
    case = Case.objects.create(reference=one.external_id, opened_at=NOW, state="open")
    made = Resolution.objects.create(case=case, number=1, resolved_at=NOW, source="person")
    ensure_default_survey(by=TESTS, now=NOW)
    version = SurveyVersion.objects.first()
    candidate = Candidate.objects.create(
        resolution=made, survey_version=version, state="invited", interaction=one, business_date=one.business_date,
        created_at=NOW,
    )  # fmt: skip
    asked = Invitation.objects.create(
        candidate=candidate, token_hash=str(made.pk), address_hash="a", created_at=NOW, expires_at=NOW
    )
    Response.objects.create(invitation=asked, score=score, answered_at=NOW)


def test_a_customer_who_came_again(inside: Any) -> None:
    customer, other = Customer.objects.create(reference="c"), Customer.objects.create(reference="d")
    interaction(actor("Ana"), "first", days=20, customer=customer)
    interaction(actor("Ana"), "second", days=15, customer=customer)
    interaction(actor("Ana"), "third", days=2, customer=customer)
    interaction(actor("Ana"), "alone", days=2, customer=other)
    interaction(actor("Ana"), "nobody", days=2)
    assert found(again_days=7) == ["first"]
    assert found(again_days=14) == ["first", "second"]


def test_agents_who_are_new(inside: Any) -> None:
    for name, days in (("New", 10), ("Old", 200)):
        one = actor(name)
        one.starts_on = TODAY - timedelta(days=days)
        one.save()
        interaction(one, name)
    interaction(actor("Unknown"), "unknown")
    assert found(new_days=30) == ["New"]
    assert found(new_days=10) == [], "tenure of ten days is not under ten"


def test_abusive_callers_are_customers_marked_three_times_in_four_weeks(inside: Any) -> None:
    often, once, slow = (Customer.objects.create(reference=name) for name in ("often", "once", "slow"))
    mark = {"abusive": True, "abusive_reason": "Insults"}
    for number, days in enumerate((20, 10, 5)):
        interaction(actor("Ana"), f"often-{number}", days=days, customer=often, **mark)
        interaction(actor("Ana"), f"slow-{number}", days=number * 25, customer=slow, **mark)
    interaction(actor("Ana"), "often-later", days=1, customer=often)
    interaction(actor("Ana"), "once", customer=once, **mark)
    interaction(actor("Ana"), "nobody", **mark)
    assert found(abusive="caller") == ["often-2", "often-later"]
    assert found(abusive="marked") == [
        "nobody",
        "often-0",
        "often-1",
        "often-2",
        "once",
        *[f"slow-{n}" for n in range(3)],
    ]


def test_places_and_what_is_queued_already(inside: Any) -> None:
    team = Team.objects.create(name="Falcon")
    one = actor("Ana")
    one.team = team
    one.save()
    chat = Queue.objects.create(key="chat", name="Chat", channel="chat")
    interaction(one, "call")
    interaction(actor("Jerome"), "chat", queue=chat, channel="chat")
    interaction(None, "nobody")
    interaction(one, "gone", abandoned=True)
    task("queued")
    assert found() == ["call", "chat"]
    assert found(fresh=False) == ["call", "chat", "queued"]
    assert found(team=team.pk) == found(agent=one.pk) == ["call"]
    assert found(queue=chat.pk) == found(channel="chat") == ["chat"]
    assert found(channel="chat", agent=one.pk) == []


def test_many_are_queued_at_once_and_taken_back(inside: Any) -> None:
    version = card()
    grace, ana = by(actor("Grace")), by(actor("Ana"))
    known = task("known", scorecard=version.scorecard)
    fresh = [interaction(actor("Maricel"), str(number)).pk for number in range(4)]
    left_out = interaction(None, "nobody").pk
    asked = {"why": "Handling time unusually long", "by": grace, "now": NOW}
    done = queue_many(interactions=[*fresh, fresh[0], known.interaction_id, left_out], **asked)
    assert (done.queued, done.already, done.left_out) == (4, 1, 1)
    made = ReviewTask.objects.filter(batch=done.batch)
    assert set(made.values_list("picked", "why", "queued_by")) == {("targeted", asked["why"], grace.actor_id)}
    assert Entry.objects.filter(action="qa.queued", detail__batch=str(done.batch)).count() == 4
    again = queue_many(interactions=fresh, **asked)
    assert (again.queued, again.already) == (0, 4)
    opened = made.order_by("pk")[0]
    claim(task_id=opened.pk, by=by(actor("Jerome")), now=NOW)
    with pytest.raises(ReviewTask.DoesNotExist):
        take_out(batch=done.batch, by=ana, now=NOW)
    assert take_out(batch=done.batch, by=grace, now=NOW) == 3, "what somebody opened stays"
    assert [one.pk for one in made] == [opened.pk]
    assert Entry.objects.filter(action="qa.unqueued").count() == 3
    for wrong, words in (({"interactions": []}, "None is chosen"), ({"why": " "}, "No reason"),
                         ({"interactions": [uuid4() for _ in range(501)]}, "more than 500")):  # fmt: skip
        with pytest.raises(NotPossible, match=words):
            queue_many(**{"interactions": fresh} | asked | wrong)


def test_two_who_queue_the_same_at_once_queue_it_once(alpha: Any) -> None:
    with enter(alpha.ref()):
        card()
        ids = [interaction(actor("Maricel"), str(number)).pk for number in range(10)]

    def queue(_number: int) -> tuple[int, int]:
        try:
            with enter(alpha.ref()):
                done = queue_many(interactions=ids, why="Odd", by=TESTS, now=NOW)
                return done.queued, done.already
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(queue, range(4))) == [(0, 10)] * 3 + [(10, 0)]


def test_searches_are_kept_by_person_and_name(inside: Any) -> None:
    grace, ana = by(actor("Grace")), by(actor("Ana"))
    save_filter(name="Odd", query="aht=long", by=grace, now=NOW)
    kept = save_filter(name=" Odd ", query="aht=both", by=grace, now=NOW)
    save_filter(name="Odd", query="low=on", by=ana, now=NOW)
    assert [(one.name, one.query) for one in selectors.saved_filters(grace.actor_id)] == [("Odd", "aht=both")]
    assert remove_filter(filter_id=kept.pk, by=ana) is None
    assert remove_filter(filter_id=kept.pk, by=grace) is not None
    assert SavedFilter.objects.count() == 1
    for wrong, words in (
        ({"name": ""}, "nothing to keep"),
        ({"query": ""}, "nothing to keep"),
        ({"by": TESTS}, "no seat"),
    ):
        with pytest.raises(NotPossible, match=words):
            save_filter(**{"name": "x", "query": "aht=long", "by": grace, "now": NOW} | wrong)
    for number in range(30):
        save_filter(name=str(number), query="aht=long", by=grace, now=NOW)
    with pytest.raises(NotPossible, match="30 searches already"):
        save_filter(name="one more", query="aht=long", by=grace, now=NOW)


def test_random_and_targeted_never_share_a_mean(inside: Any) -> None:
    """Three drawn by lot of 100 each; a targeted and a manual one of 60 change no figure."""
    calls("Maricel", 3)
    made = drawn(plan(quota=3))

    def score(one: ReviewTask, value: str) -> None:
        mine = begun(one)
        answer(mine, 1, "q1", value)
        answer(mine, 2, "law", "yes")
        revision = submit(evaluation_id=mine.pk, seq=2, by=by(mine.evaluator), now=NOW)
        release(revision_id=revision.pk, by=TESTS, now=NOW)

    for one in made.tasks.all():
        score(one, "yes")
    span = (TODAY - timedelta(days=28), TODAY + timedelta(days=1))
    before = figures(span)
    assert before[0] == (3, 100.0)
    odd = interaction(actor("Maricel"), "odd", days=3)
    batch = queue_many(interactions=[odd.pk], why="Odd", by=TESTS, now=NOW).batch
    score(ReviewTask.objects.get(batch=batch), "no")
    released("by-hand", {"q1": "no", "law": "yes"}, days=3)
    assert figures(span) == before
    assert selectors.mean_score(*span, picked="targeted").n == 1


def figures(span: tuple[Any, Any]) -> list[Any]:
    mean = selectors.mean_score(*span)
    recent = selectors.agent_recent(actor("Maricel").pk, TODAY)
    by_agent = {key: (one.n, one.value) for key, one in selectors.by_agent(*span).items()}
    by_week = {key: (one.n, one.value) for key, one in selectors.by_week(*span).items()}
    shares = [(one.num, one.den) for one in (selectors.pass_rate(*span), selectors.critical_accuracy(*span))]
    return [(mean.n, mean.value), (recent.n, recent.value), by_agent, by_week, shares]


def test_the_search_on_screen(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    assert "Nothing to choose from" in lead.get("/queue/find/").content.decode()
    with enter(alpha.ref()):
        card()
        today = timezone.localdate()
        fresh = {"started_at": timezone.now(), "ended_at": None, "business_date": today}
        low = interaction(actor("Ana"), "low", source_rating=1, talk_seconds=61, **fresh)
        interaction(actor("Jerome"), "fine", source_rating=5, talk_seconds=600, **fresh)
    page = lead.get("/queue/find/?low=on").content.decode()
    for words in ("1 interaction", "Ana", "1:01", "Reason given: Rated 1 or 2", "Keep this search as"):
        assert words in page, words
    longest = lead.get("/queue/find/?order=longest").content.decode()
    assert longest.index("Jerome</span>") < longest.index("Ana</span>")
    assert "Nothing matches" in lead.get("/queue/find/?abusive=caller").content.decode()
    assert "Choose an earlier one" in lead.get("/queue/find/?start=2026-11-02&end=2026-11-01").content.decode()
    asked = {"interaction": [str(low.pk), "no id"], "query": "low=on"}
    rows = lead.post("/queue/find/queue/", asked, headers={"HX-Request": "true"})
    assert (rows.status_code, "Nothing matches" in rows.content.decode()) == (200, True), "it is queued now"
    assert "1 queued" in rows["HX-Trigger"]
    with enter(alpha.ref()):
        made = ReviewTask.objects.get()
        assert (made.why, made.picked) == ("Rated 1 or 2", "targeted")
    assert f"/queue/find/undo/{made.batch}/" in rows["HX-Trigger"]
    assert lead.post(f"/queue/find/undo/{made.batch}/", headers={"HX-Request": "true"}).status_code == 204
    assert lead.post(f"/queue/find/undo/{made.batch}/").status_code == 404
    assert lead.post("/queue/find/queue/", asked)["Location"] == "/queue/find/?low=on"
    assert lead.post("/queue/find/queue/", {"query": "low=on"}).status_code == 302
    assert "None is chosen" in lead.get("/queue/find/").content.decode()
    assert lead.post("/queue/find/save/", {"name": "Low ones", "query": "low=on&page=3"}).status_code == 302
    assert 'href="/queue/find/?low=on"' in lead.get("/queue/find/").content.decode()
    with enter(alpha.ref()):
        kept = SavedFilter.objects.get()
    assert sign_in("alpha", "qa_analyst").post(f"/queue/find/saved/{kept.pk}/remove/").status_code == 404
    assert lead.post(f"/queue/find/saved/{kept.pk}/remove/").status_code == 302


def test_outliers_on_screen_say_what_is_different(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    assert "Every handling time fits" in lead.get("/queue/odd/").content.decode()
    with enter(alpha.ref()):
        card()
        ids = odd_floor()
    page = lead.get("/queue/odd/").content.decode()
    for words in (
        "Unusually long",
        "of 66 handled",
        "What is different about them",
        "Share on hold",
        "Slow Sam",
        "6 of 6",
    ):
        assert words in page, words
    assert "No clear difference" in page, "the time of day is like the others'"
    short = lead.get("/queue/odd/?side=short").content.decode()
    assert "Every handling time fits" in short
    sent = lead.post(
        "/queue/find/queue/", {"interaction": str(ids[0]), "query": "aht=long", "back": "odd", "page": "1"}
    )
    assert sent["Location"].startswith("/queue/odd/?side=long")
    with enter(alpha.ref()):
        assert ReviewTask.objects.get().why == "Handling time unusually long"
    undo = re.search(r'action="(/queue/find/undo/[^"]+)"', lead.get(sent["Location"]).content.decode())
    assert undo is not None
    taken_out = lead.post(unescape(undo[1]))
    assert taken_out["Location"] == sent["Location"], "where it was queued, and not where one searches"
    with enter(alpha.ref()):
        assert not ReviewTask.objects.exists()


def odd_floor() -> list[UUID]:
    """Sixty usual calls, and six long ones of one agent who holds."""
    day = {"started_at": timezone.now(), "ended_at": None, "business_date": timezone.localdate()}
    for number in range(60):
        hold = {"hold_seconds": number % 3}
        interaction(actor(f"Agent {number % 4}"), f"u{number}", talk_seconds=290 + number % 20, **hold, **day)
    made = [
        interaction(actor("Slow Sam"), f"odd{number}", talk_seconds=1500, hold_seconds=900 + number, **day)
        for number in range(6)
    ]
    return [one.pk for one in made]


def test_finding_takes_as_many_statements_for_three_rows_as_for_one(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        card()
        fresh = {"started_at": timezone.now(), "ended_at": None, "business_date": timezone.localdate()}
        interaction(actor("Ana"), "1", source_rating=1, **fresh)
        odd_floor()
        Interaction.objects.filter(external_id__in=["odd1", "odd2", "odd3", "odd4", "odd5"]).update(talk_seconds=300)
    paths = {"/queue/find/?low=on": 13, "/queue/find/": 12, "/queue/odd/": 10}
    lead.get("/queue/find/")
    assert {path: statements(lambda path=path: lead.get(path)) for path in paths} == paths
    with enter(alpha.ref()):
        for number in "23":
            interaction(actor(f"Agent {number}"), number, source_rating=1, **fresh)
        Interaction.objects.filter(external_id__startswith="odd").update(talk_seconds=1500)
    assert {path: statements(lambda path=path: lead.get(path)) for path in paths} == paths
