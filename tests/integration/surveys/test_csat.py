"""CSAT on the page and in the API, against plain loops over the same facts."""

import random
from datetime import timedelta
from math import sqrt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.services import create_token
from bpo.actors import CUSTOMER, By, system
from bpo.notices.models import Mail
from bpo.permissions import Principal
from bpo.roles import permissions_of
from bpo.slots import Panel, case_panel, interaction_panel
from bpo.tenancy.context import enter
from console.people import open_account
from surveys import selectors
from surveys.figures import figures
from surveys.models import Candidate, Invitation
from surveys.secrets import token_of
from surveys.selectors import Period
from surveys.services import cancel, consider, record_answer
from tests.integration.surveys.build import NOON, agent, interaction, reason, resolution

BY = By("person", "Maricel")
HOST = "alpha.bpo.test"
EVER = Period()


def token(client: Any, role: str = "client_user", scopes: tuple[str, ...] = ("see_csat", "see_answers")) -> str:
    email = f"{role}@alpha.example"
    user = User.objects.filter(email=email).first() or open_account(
        email=email, name="Astrid", password="a long enough one", role=role, client=client,
        client_realm=role.startswith("client"), by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    _, clear = create_token(
        user=user, client=client, name="t", scopes=scopes, days=1, by=system("tests"), now=timezone.now()
    )
    return clear


def get(client: Any, path: str, role: str = "team_lead") -> Any:
    return Browser(HTTP_HOST=HOST, HTTP_AUTHORIZATION=f"Bearer {token(client, role)}").get(path)


def answer(score: int, *, day: int = 0, why: str = "Refund") -> None:
    at = NOON - timedelta(days=day)
    number = Candidate.objects.count()
    one = resolution(f"c{number}@customer.example", at=at, reason=reason(why), agent=agent("Ben"))
    consider(resolution_ids=[one.pk], by=BY, now=NOON)
    link = token_of(Invitation.objects.latest("id"))
    record_answer(token=link or "", score=score, comment="", by=CUSTOMER, now=NOON)


def rated(score: int | None, why: str = "Refund", day: int = 0) -> None:
    interaction(source_rating=score, reason=reason(why), started_at=NOON - timedelta(days=day))


def by_hand(scores: list[int]) -> dict[str, Any]:
    """Top-2-box and Wilson's interval without any part of the product."""
    good, n, z = 0, 0, 1.959963984540054
    counts = {str(score): 0 for score in range(1, 6)}
    for score in scores:
        good += score >= 4
        n += 1
        counts[str(score)] += 1
    p = good / n
    centre, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    limits = {"low": (centre - spread) / whole, "high": (centre + spread) / whole}
    return {"num": good, "den": n, "value": p, "counts": counts, "mean": sum(scores) / n, **limits}


def test_the_api_gives_what_a_plain_loop_over_the_interactions_gives(alpha: Any) -> None:
    chance = random.Random(7)  # noqa: S311 - sample data
    ratings = [chance.choice([None, 1, 2, 3, 4, 4, 5, 5]) for _ in range(400)]
    answers = [chance.choice([1, 3, 4, 5, 5]) for _ in range(9)]
    with enter(alpha.ref()):
        for number, score in enumerate(ratings):
            rated(score, why=("Refund", "Payment", "Porting")[number % 3])
        for score in answers:
            answer(score)
    response = get(alpha, "/api/v1/csat/")
    assert response.status_code == 200
    found = response.json()
    for name, scores in (("source_ratings", [one for one in ratings if one]), ("survey", answers)):
        expected = by_hand(scores)
        for exact in ("num", "den", "value", "counts", "mean"):
            assert found[name][exact] == expected[exact]
        for limit in ("low", "high"):
            assert found[name][limit] == pytest.approx(expected[limit], abs=1e-12)
    assert found["response_rate"] == {"num": 9, "den": 9, "value": 1.0}
    assert found["worst_case"]["low"] == found["survey"]["value"]


def test_the_page_shows_the_figures_of_the_api(alpha: Any) -> None:
    with enter(alpha.ref()):
        for score in [5] * 6 + [4, 2]:
            answer(score)
        for score in [5, 5, 4, 3, 3, 1]:
            rated(score, why="Porting")
    page = get(alpha, "/csat/").content.decode().replace("\u202f", " ")
    assert "87.5 %" in page
    assert "7 of 8, 95 % 52.9–97.8" in page
    assert "3 of 6, 95 % 18.8–81.2" in page
    assert "Mean 3.50 of 5, n = 6." in page
    assert "8 of 8 resolutions became an answer" in page
    assert "Ratings that came with imported interactions" in page


def test_the_funnel_adds_up_and_every_loss_has_its_reason(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = [resolution(f"f{i}@customer.example") for i in range(8)]
        made += [resolution(""), resolution("f0@customer.example"), resolution("n@customer.example", no_surveys=True)]
        consider(resolution_ids=[one.pk for one in made], by=BY, now=NOON)
        mails = {
            one.pk: one.candidate.invitation for one in type(made[0]).objects.filter(pk__in=[o.pk for o in made[:8]])
        }
        invited = [mails[one.pk] for one in made[:8]]
        for state, some in (("sent", invited[:4]), ("refused", invited[4:5]), ("uncertain", invited[5:6])):
            Mail.objects.filter(pk__in=[one.mail_id for one in some]).update(state=state, sent_at=NOON, dot_at=NOON)
        record_answer(token=token_of(invited[0]) or "", score=5, comment="", by=CUSTOMER, now=NOON)
        Invitation.objects.filter(pk=invited[1].pk).update(expires_at=NOON)
        cancel(resolution_ids=[made[2].pk, made[6].pk], by=BY, now=NOON)
        found = selectors.funnel(EVER, timezone.now())
    assert dict(found.by_outcome) == {
        "no_address": 1, "asked_recently": 1, "opted_out": 1, "answered": 1, "expired": 1, "reopened_after": 1,
        "silent": 1, "refused": 1, "uncertain": 1, "reopened_before": 1, "waiting": 1,
    }  # fmt: skip
    assert (found.resolutions, found.eligible, found.sent, found.answered) == (11, 8, 4, 1)
    page = get(alpha, "/csat/").content.decode()  # draws the funnel, which refuses losses that don't add up
    assert "asked not long ago <b>1</b>" in page
    assert "25.0\u202f% of the surveys sent were answered" in page


def test_the_period_counts_business_dates_with_both_ends(alpha: Any) -> None:
    with enter(alpha.ref()):
        for day, score in ((0, 5), (1, 4), (2, 1)):
            answer(score, day=day)
            rated(score, day=day)
    day = NOON.date()
    path = f"/api/v1/csat/?from={day - timedelta(days=1)}&to={day}"
    found = get(alpha, path).json()
    assert (found["survey"]["num"], found["survey"]["den"]) == (2, 2)
    assert (found["source_ratings"]["num"], found["source_ratings"]["den"]) == (2, 2)
    assert found["period"] == {"start": str(day - timedelta(days=1)), "end": str(day)}


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=yesterday", "from"), ("from=2026-02-30", "from"), ("from=2026-02-02&to=2026-02-01", "to")],
)
def test_a_bad_period_is_named_by_page_and_api(alpha: Any, query: str, field: str) -> None:
    response = get(alpha, f"/api/v1/csat/?{query}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert get(alpha, f"/csat/?{query}").status_code == 422


def test_a_reason_with_too_few_answers_is_a_dash_and_takes_another_with_it(alpha: Any) -> None:
    with enter(alpha.ref()):
        for why, n in (("Refund", 20), ("Payment", 6), ("Porting", 3)):
            for number in range(n):
                rated(5 if number % 2 else 1, why=why)
    page = get(alpha, "/csat/").content.decode()
    assert "n = 3, needs 5" in page
    assert "n = 6, hidden" in page
    assert "10 of 20" in page


def test_an_empty_client_is_told_what_the_page_is_for(alpha: Any) -> None:
    page = get(alpha, "/csat/").content.decode()
    assert "No answers yet" in page
    assert get(alpha, "/api/v1/csat/").json()["survey"] == {
        "num": 0, "den": 0, "value": None, "low": 0.0, "high": 1.0, "mean": None,
        "counts": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0},
    }  # fmt: skip


def test_the_figures_take_six_statements_however_many_rows_and_one_for_the_period_before(alpha: Any) -> None:
    with enter(alpha.ref()):
        for size in (1, 12):
            for number in range(size):
                answer(4, why=f"Reason {number}")
                rated(3, why=f"Reason {number}")
            with CaptureQueriesContext(connection) as seen:
                figures(EVER, timezone.now())
            assert len(seen) == 6
            with CaptureQueriesContext(connection) as seen:
                figures(Period(NOON.date(), NOON.date()), timezone.now())
            assert len(seen) == 7


def test_the_list_of_answers_takes_one_statement_however_long(alpha: Any) -> None:
    with enter(alpha.ref()):
        for number in range(6):
            answer(5, why=f"Reason {number}")
        with CaptureQueriesContext(connection) as seen:
            rows = [(one.score, one.invitation.candidate.reason.name) for one in selectors.responses()]
        assert len(rows) == 6
        assert len(seen) == 1


def test_the_panels_take_one_statement_and_say_what_became_of_the_survey(alpha: Any) -> None:
    everybody = Principal(
        user_id=BY.user_id, name="x", realm="staff", roles=frozenset({"team_lead"}), on_operator=False,
        permissions=permissions_of(["team_lead"], on_operator=False),
    )  # fmt: skip
    nobody = Principal(user_id=BY.user_id, name="x", realm="staff", roles=frozenset(), on_operator=False)
    with enter(alpha.ref()):
        answer(4)
        consider(resolution_ids=[resolution("").pk], by=BY, now=NOON)
        said = {}
        for candidate in Candidate.objects.select_related("resolution"):
            with CaptureQueriesContext(connection) as seen:
                (said[candidate.state],) = case_panel.collect(Panel(candidate.resolution.case_id, everybody))
            assert len(seen) == 1
            assert said[candidate.state] in interaction_panel.collect(Panel(candidate.interaction_id, everybody))
            assert case_panel.collect(Panel(candidate.resolution.case_id, nobody)) == []
        other = interaction_panel.collect(Panel(interaction().pk, everybody))
    assert "4 of 5" in said["invited"]
    assert "not asked: no e-mail address" in said["skipped"]
    assert any("Not asked. A survey follows" in panel for panel in other)


@pytest.mark.parametrize("path", ["/api/v1/csat/", "/api/v1/responses/"])
def test_the_api_needs_the_permission(alpha: Any, path: str) -> None:
    assert Browser(HTTP_HOST=HOST).get(path).status_code == 401
    assert get(alpha, path, role="agent").status_code == 403
    assert get(alpha, path).status_code == 200


def test_the_page_needs_the_permission(alpha: Any) -> None:
    assert Browser(HTTP_HOST=HOST).get("/csat/").status_code == 302
    assert get(alpha, "/csat/", role="agent").status_code == 403
