"""Surveys and their answers over the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from bpo.actors import CUSTOMER, system
from bpo.tenancy.context import enter
from interactions.models import Interaction
from surveys.models import Candidate, Invitation, Response, Survey, SurveyVersion
from surveys.secrets import token_of
from surveys.services import consider, ensure_default_survey, record_answer
from tests.integration.surveys.build import NOON, agent, reason, resolution
from tests.integration.surveys.test_csat import HOST, get
from tests.people import sign_in
from tests.statements import statements

SURVEYS, RESPONSES = "/api/v1/surveys/", "/api/v1/responses/"


def answer(score: int, *, why: str = "Refund", comment: str = "") -> None:
    number = Candidate.objects.count()
    one = resolution(f"a{number}@customer.example", reason=reason(why), agent=agent("Ben"))
    consider(resolution_ids=[one.pk], by=CUSTOMER, now=NOON)
    link = token_of(Invitation.objects.latest("id"))
    record_answer(token=link or "", score=score, comment=comment, by=CUSTOMER, now=NOON)


def listed(client: Any, query: str = "", path: str = RESPONSES) -> list[Any]:
    response = get(client, f"{path}?{query}")
    assert response.status_code == 200, response.content
    found: list[Any] = response.json()["results"]
    return found


def test_answers_come_newest_first_with_what_they_were_about(alpha: Any) -> None:
    with enter(alpha.ref()):
        for score in (3, 5, 5):
            answer(score)
        ids = [str(pk) for pk in Response.objects.order_by("-id").values_list("pk", flat=True)]
        interaction_id = str(Interaction.objects.order_by("-id").values_list("pk", flat=True)[0])
    found = listed(alpha)
    assert [one["id"] for one in found] == ids
    assert found[0] | {"answered_at": ""} == {
        "id": ids[0], "score": 5, "comment": "", "answered_at": "", "business_date": str(NOON.date()),
        "survey": "after-interaction", "survey_version": 1, "interaction": interaction_id, "queue": "billing",
        "reason": "refund", "team": "North", "agent": "Ben",
    }  # fmt: skip
    assert get(alpha, f"{RESPONSES}{ids[0]}/").json() == found[0]


def test_each_filter_narrows_and_a_bad_one_is_named(alpha: Any) -> None:
    with enter(alpha.ref()):
        answer(1, why="Porting", comment="Never again")
        answer(4)
        answer(5)
        about = Candidate.objects.earliest("id").interaction_id
    later = NOON.date() + timedelta(days=1)
    for query, scores in (
        ("score=5", [5]),
        ("score_from=4", [5, 4]),
        ("score_to=3", [1]),
        ("queue=billing", [5, 4, 1]),
        ("queue=sales", []),
        ("reason=porting", [1]),
        ("survey=after-interaction", [5, 4, 1]),
        ("survey=other", []),
        (f"interaction={about}", [1]),
        ("commented=true", [1]),
        ("commented=false", [5, 4]),
        (f"business_date_after={later}", []),
        (f"business_date_before={NOON.date()}", [5, 4, 1]),
    ):
        assert [one["score"] for one in listed(alpha, query)] == scores, query
    assert "score_from" in get(alpha, f"{RESPONSES}?score_from=good").json()["errors"]


def test_surveys_come_with_their_versions_as_asked(alpha: Any) -> None:
    with enter(alpha.ref()):
        first = ensure_default_survey(by=system("tests"), now=NOON)
        assert first is not None
        words = {
            name: getattr(first, name) for name in ("low_label", "high_label", "mail_subject", "mail_text", "thanks")
        }
        SurveyVersion.objects.create(survey=first.survey, number=2, question="And now?", published_at=NOON, **words)
        Survey.objects.create(key="old", name="Before", active=False)
    found = listed(alpha, path=SURVEYS)
    assert [(one["key"], one["active"]) for one in found] == [("old", False), ("after-interaction", True)]
    newest, first_as_json = found[1]["versions"]
    assert (newest["number"], newest["question"], newest["formula"]) == (2, "And now?", "top_2_of_5")
    assert first_as_json["id"] == str(first.pk)
    assert get(alpha, f"{SURVEYS}{found[1]['id']}/").json() == found[1]
    assert [one["key"] for one in listed(alpha, "active=true", SURVEYS)] == ["after-interaction"]
    assert [one["key"] for one in listed(alpha, "key=old", SURVEYS)] == ["old"]


def test_another_clients_answer_is_a_missing_one(alpha: Any, beta: Any) -> None:
    with enter(beta.ref()):
        answer(2)
        there = Response.objects.get().pk
        survey = Survey.objects.get().pk
    for path in (f"{RESPONSES}{there}/", f"{SURVEYS}{survey}/", f"{RESPONSES}{uuid4()}/"):
        assert get(alpha, path).status_code == 404


def test_nothing_is_written_over_this_api(alpha: Any) -> None:
    browser = sign_in("alpha", "client_user")
    for path in (RESPONSES, SURVEYS):
        assert browser.post(path, {}, content_type="application/json").status_code in (403, 405)


@pytest.mark.parametrize(("path", "expected"), [(RESPONSES, 5), (SURVEYS, 6)])
def test_a_list_takes_as_many_statements_for_three_rows_as_for_one(alpha: Any, path: str, expected: int) -> None:
    browser = sign_in("alpha", "team_lead")
    for more in (1, 2):
        with enter(alpha.ref()):
            for number in range(more):
                answer(5, why=f"Reason {more} {number}")
                Survey.objects.create(key=f"s{more}{number}", name="One", active=False)
        browser.get(path)
        assert statements(lambda: browser.get(path)) == expected


@pytest.mark.parametrize("path", [RESPONSES, SURVEYS])
def test_the_api_needs_the_permission(alpha: Any, path: str) -> None:
    assert Browser(HTTP_HOST=HOST).get(path).status_code == 401
    assert get(alpha, path, role="agent").status_code == 403
