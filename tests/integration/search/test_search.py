"""The palette's search: grouped, narrowed to what one may see, and nothing of another client."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser

from bpo.tenancy.context import enter
from interactions.models import Actor, Case, Customer, Interaction, Queue
from tests.integration.console.operators import operator
from tests.people import sign_in
from tests.statements import statements

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def fill(client: Any, mark: str, count: int = 1) -> None:
    """A person, a customer with a case, and an interaction, all called after `mark`."""
    with enter(client.ref()):
        queue, _ = Queue.objects.get_or_create(key="voice", defaults={"name": "Voice"})
        for number in range(count):
            tail = f"{mark}-{uuid.uuid4().hex[:8]}"
            Actor.objects.create(display_name=f"Maricel {mark}", pseudonym=f"P {tail}")
            customer = Customer.objects.create(reference=f"C-{tail}", name=f"Customer {mark} {number}")
            case = Case.objects.create(reference=f"{mark}-case-{tail}", customer=customer, queue=queue, opened_at=AT)
            Interaction.objects.create(
                source="t", external_id=f"{mark}-call-{tail}", queue=queue, case=case, started_at=AT,
                business_date=AT.date(), zone="UTC",
            )  # fmt: skip


def found(browser: Browser, text: str) -> dict[str, list[str]]:
    answer = browser.get("/search/", {"q": text})
    assert answer.status_code == 200
    return {group["group"]: [item["label"] for item in group["items"]] for group in answer.json()}


def test_a_lead_finds_people_customers_cases_and_interactions_and_each_leads_somewhere(alpha: Any) -> None:
    fill(alpha, "zq")
    lead = sign_in("alpha", "team_lead")
    answer = lead.get("/search/", {"q": "zq"}).json()
    assert [group["group"] for group in answer] == ["People", "Customers", "Cases", "Interactions"]
    for group in answer:
        for item in group["items"]:
            assert lead.get(item["url"]).status_code == 200, item
    assert "no-store" in lead.get("/search/", {"q": "zq"})["Cache-Control"]


def test_nothing_of_another_client_is_found(alpha: Any, beta: Any) -> None:
    fill(beta, "zq")
    assert found(sign_in("alpha", "team_lead"), "zq") == {}


@pytest.mark.parametrize(("role", "groups"), [("agent", set()), ("client_user", set()), ("planner", {"People"})])
def test_what_one_may_not_see_is_not_found(alpha: Any, role: str, groups: set[str]) -> None:
    fill(alpha, "zq")
    names = set(found(sign_in("alpha", role), "zq"))
    assert groups <= names if groups else not names


def test_an_agent_finds_the_cases_they_had_a_part_in(alpha: Any) -> None:
    from workforce.models import Seat

    fill(alpha, "zq")
    browser = sign_in("alpha", "agent")
    [actor] = Seat.objects.filter(client=alpha, user__email="agent@alpha.example").values_list("actor_id", flat=True)
    with enter(alpha.ref()):
        Interaction.objects.update(agent_id=actor)
    assert set(found(browser, "zq")) == {"Cases"}


def test_the_statements_do_not_grow_with_what_is_found(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    fill(alpha, "zq")
    lead.get("/search/", {"q": "zq"})  # the log's first line makes the chain's end
    fill(alpha, "zq")
    one = statements(lambda: lead.get("/search/", {"q": "zq"}))
    fill(alpha, "zq", 2)
    # nine of the frame and its own, five of other providers, eight of the line in the log; a repetition looks for it
    assert statements(lambda: lead.get("/search/", {"q": "zq"})) == one == 22
    assert statements(lambda: lead.get("/search/", {"q": "zq"})) == 15


def test_an_operator_finds_clients_and_nothing_inside_them(alpha: Any, beta: Any) -> None:
    fill(alpha, "zq")
    browser = operator()
    assert found(browser, "alp") == {"Clients": ["Alpha"]}
    assert found(browser, "zq") == {}
    assert found(operator(email="hr@bpo.example", role="hr"), "alp") == {}


@pytest.mark.parametrize("text", ["", "a", " ", "\x00\x00", "%", "x" * 5000])
def test_odd_questions_find_nothing_quietly(alpha: Any, text: str) -> None:
    fill(alpha, "zq")
    assert found(sign_in("alpha", "team_lead"), text) == {}


def test_nobody_searches_without_signing_in(alpha: Any) -> None:
    assert Browser(HTTP_HOST="alpha.bpo.test").get("/search/", {"q": "zq"}).status_code == 302
