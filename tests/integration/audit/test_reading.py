"""The audit log as people read it: the search, and the history of one object, on both hosts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Client, User
from bpo.actors import By, system
from bpo.audit.models import Entry
from bpo.audit.services import record
from bpo.ops_audit.models import Entry as OperatorEntry
from bpo.ops_audit.services import record as record_for_operator
from bpo.tenancy.context import enter
from interactions.models import Actor, Case, Interaction, Queue, Recording
from tests.integration.console.operators import operator
from tests.integration.interactions.test_import_command import run
from tests.integration.interactions.test_screens import rows, statements
from tests.people import sign_in

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def said(client: Any, count: int = 1, *, action: str = "case.resolved", name: str = "", at: datetime = NOON) -> Queue:
    """Lines about one queue, by the actor of that name."""
    with enter(client.ref()), transaction.atomic():
        queue, _ = Queue.objects.get_or_create(key="voice", defaults={"name": "Voice"})
        actor = Actor.objects.filter(display_name=name).first()
        by = By("person", name, actor_id=actor.pk) if actor else system("tests")
        for _ in range(count):
            record(action=action, target=queue, by=by, now=at, detail={"changes": {"state": ["open", "resolved"]}})
    return queue


def text(browser: Any, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_line_says_what_who_when_and_what_changed(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    said(alpha, name="Team Lead")
    told = text(browser, "/audit/")
    for words in ("Case resolved", "Team Lead", "open → resolved", "Queue"):
        assert words in told


def test_the_search_narrows_by_who_what_object_and_days(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    queue = said(alpha, name="Team Lead")
    said(alpha, action="case.reopened", at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    for query, resolved, reopened in (
        ("who=team+lead", True, False),
        ("who=tests", False, True),
        ("who=nobody", False, False),
        ("action=case.reopened", False, True),
        ("kind=interactions.Queue", True, True),
        ("kind=interactions.Case", False, False),
        (f"object_id={queue.pk}", True, True),
        ("object_id=1", False, False),
        ("first=2026-03-03", False, True),
        ("last=2026-03-02", True, False),
        ("first=2026-03-02&last=2026-03-02", True, False),
    ):
        told = text(browser, f"/audit/?{query}")
        shown = told.split("<tbody>")[1] if "<tbody>" in told else ""
        assert ("Case resolved" in shown, "Case reopened" in shown) == (resolved, reopened), query
    assert "Nothing matches" in text(browser, "/audit/?who=nobody")
    assert "before the first one" in text(browser, "/audit/?first=2026-03-04&last=2026-03-01")
    assert browser.get("/audit/?first=never&before=x&action=nonsense&who=%00").status_code == 200


def test_a_day_is_the_clients_own(alpha: Any) -> None:
    """23:30 UTC on the second is the third in Berlin."""
    browser = sign_in("alpha", "team_lead")
    said(alpha, at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert "Nothing matches" in text(browser, "/audit/?first=2026-03-02&last=2026-03-02")
    assert "Nothing matches" not in text(browser, "/audit/?first=2026-03-03&last=2026-03-03")


def test_pages_follow_a_cursor_and_none_is_missed_or_doubled(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    said(alpha, 101)
    first = text(browser, "/audit/?action=case.resolved")
    assert "before=52" in first
    said(alpha, 3)  # what comes meanwhile does not move the pages that follow
    second = text(browser, "/audit/?action=case.resolved&before=52")
    assert first.count("Case resolved</th>") == second.count("Case resolved</th>") == 50
    assert "before=2" in second
    assert "Newest" in second
    last = text(browser, "/audit/?action=case.resolved&before=2")
    assert last.count("Case resolved</th>") == 1
    assert "Older" not in last


@pytest.mark.parametrize("path", ["/audit/", "/audit/?who=team&kind=interactions.Queue"])
def test_a_clients_search_asks_the_same_at_one_line_and_at_three(alpha: Any, path: str) -> None:
    browser = sign_in("alpha", "team_lead")
    said(alpha, name="Team Lead")
    browser.get(path)
    at_one = statements(browser, path)
    said(alpha, 2)
    assert statements(browser, path) == at_one
    with CaptureQueriesContext(connection) as caught, enter(alpha.ref()):
        from bpo.audit_reading import Wanted, search

        assert len(search(Entry, Wanted(), zone="UTC").lines) == 3
    assert len([one for one in caught.captured_queries if "audit_entry" in one["sql"]]) == 1
    assert len([one for one in caught.captured_queries if "interactions_actor" in one["sql"]]) == 1


def test_the_operators_search_asks_the_same_at_one_line_and_at_three(alpha: Any) -> None:
    browser = operator()
    path = "/audit/?action=client.suspended"
    user = User.objects.get(email="ewelina@bpo.example")
    by = By("operator", "Ewelina", user_id=user.pk)
    counts = []
    for more in (1, 2):
        with transaction.atomic():
            for _ in range(more):
                record_for_operator(
                    action="client.suspended", target=alpha, by=by, now=NOON, detail={"reason": "unpaid"}
                )
        browser.get(path)
        counts.append(statements(browser, path))
    assert counts[0] == counts[1]
    told = text(browser, path)
    assert told.count("Client suspended</th>") == 3
    assert "unpaid" in told
    assert "Ewelina" in told
    assert set(OperatorEntry.objects.filter(action="client.suspended").values_list("actor_name", flat=True)) == {""}


def test_the_history_of_an_object_has_its_parts_too(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    from bpo.files.models import StoredFile

    with enter(alpha.ref()), transaction.atomic():
        queue = Queue.objects.create(key="voice", name="Voice")
        one, other = (
            Interaction.objects.create(
                source="acd", external_id=name, queue=queue, started_at=NOON, business_date=NOON.date(), zone="UTC"
            )
            for name in ("one", "other")
        )
        file = StoredFile.objects.create(
            sha256="0" * 64, size=1, name="s.wav", content_type="audio/wav", purpose="recording", created_at=NOON
        )
        heard = [Recording.objects.create(interaction=x, file=file, duration_ms=1, peaks={}) for x in (one, other)]
        for number, recording in enumerate(heard):
            record(action="recording.played", target=recording, by=system("tests"), now=NOON, detail={"n": number})
        record(action="interactions.received", target=one, by=system("tests"), now=NOON)
    page = text(browser, f"/audit/interactions.Interaction/{one.pk}/")
    assert page.count("Recording played") == 1
    assert "Interactions sent by another system" in page
    fragment = text(browser, f"/audit/interactions.Interaction/{one.pk}/", HX_Request="true")
    assert "<html" not in fragment
    assert "Recording played" in fragment


def test_a_history_is_found_from_the_page_of_the_object_by_who_may_see_it(alpha: Any, tmp_path: Any) -> None:
    lead, agent = sign_in("alpha", "team_lead"), sign_in("alpha", "qa_analyst")
    run(tmp_path, rows(1))
    with enter(alpha.ref()):
        case, one = Case.objects.get(), Interaction.objects.get()
    for path, label, pk in (
        (f"/cases/{case.pk}/", "interactions.Case", case.pk),
        (f"/interactions/{one.pk}/", "interactions.Interaction", one.pk),
    ):
        assert f'href="/audit/{label}/{pk}/"' in text(lead, path)
        assert "/audit/" not in text(agent, path)
        assert agent.get(f"/audit/{label}/{pk}/").status_code == 403
    lead.post(f"/cases/{case.pk}/resolve/", {"version": case.version})
    told = text(lead, f"/audit/interactions.Case/{case.pk}/")
    assert "Case resolved" in told
    assert "open → resolved" in told
    assert "Team Lead" in told


def test_the_operators_pages_lead_to_histories_as_well(alpha: Any) -> None:
    browser = operator()
    from workforce.models import Employee

    made = Employee.objects.create(number="E7", name="Ana", created_at=timezone.now())
    assert f'href="/audit/of/workforce.Employee/{made.pk}/"' in text(browser, f"/people/{made.pk}/")
    assert "Nothing on record" in text(browser, f"/audit/of/workforce.Employee/{made.pk}/")
    assert "Client opened" in text(browser, f"/audit/of/accounts.Client/{alpha.pk}/")


@pytest.mark.parametrize(
    "path",
    [
        "/audit/interactions.Case/00000000-0000-7000-8000-000000000000/",
        "/audit/interactions.Case/nonsense/",
        "/audit/interactions.Nothing/1/",
        "/audit/accounts.User/00000000-0000-7000-8000-000000000000/",
    ],
)
def test_what_is_no_object_here_is_missing(alpha: Any, path: str) -> None:
    assert sign_in("alpha", "team_lead").get(path).status_code == 404


def test_an_object_of_another_client_is_missing(alpha: Any, beta: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    queue = said(beta)
    assert browser.get(f"/audit/interactions.Queue/{queue.pk}/").status_code == 404


def test_what_is_gone_keeps_its_history(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    queue = said(alpha)
    with enter(alpha.ref()):
        Queue.objects.all().delete()
    told = text(browser, f"/audit/interactions.Queue/{queue.pk}/")
    assert "no longer there" in told
    assert "Case resolved" in told


def test_to_a_lead_of_some_teams_it_says_what_happened_and_no_details(alpha: Any) -> None:
    from accounts.models import Membership

    browser = sign_in("alpha", "team_lead")
    queue = said(alpha)
    Membership.objects.filter(client=Client.objects.get(key="alpha")).update(scope="teams")
    for path in ("/audit/", f"/audit/interactions.Queue/{queue.pk}/"):
        told = text(browser, path)
        assert "Case resolved" in told
        assert "open → resolved" not in told
