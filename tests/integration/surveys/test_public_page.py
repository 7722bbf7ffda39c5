"""The page behind the link, as a customer, a mail scanner or a stranger opens it."""

import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from bpo.actors import By
from bpo.tenancy.context import enter
from surveys.models import Invitation, Response
from surveys.secrets import token_of
from surveys.services import cancel, consider, revoke
from tests.integration.surveys.build import NOON, resolution

BY = By("person", "Maricel")
HOST = {"HTTP_HOST": "alpha.bpo.test"}


@pytest.fixture
def link(alpha: Any) -> str:
    return make_link(alpha)


def make_link(client: Any, email: str = "ana@customer.example") -> str:
    with enter(client.ref()):
        consider(resolution_ids=[resolution(email).pk], by=BY, now=NOON)
        token = token_of(Invitation.objects.latest("id"))
        return f"/s/{token}/"


def browser() -> Browser:
    return Browser(enforce_csrf_checks=True, **HOST)


def votes(client: Any) -> list[tuple[int, str]]:
    with enter(client.ref()):
        return list(Response.objects.values_list("score", "comment"))


def everything(client: Any) -> str:
    with enter(client.ref()):
        return str([list(model.objects.values()) for model in (Invitation, Response)])


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("headers", [{}, {"HTTP_SEC_PURPOSE": "prefetch;prerender"}, {"HTTP_PURPOSE": "prefetch"}])
def test_looking_records_nothing_and_sets_no_state(alpha: Any, link: str, method: str, headers: dict[str, str]) -> None:
    before = everything(alpha)
    for score in ("", "?score=1", "?score=5"):
        response = getattr(browser(), method)(link + score, **headers)
        assert response.status_code == (405 if method == "options" else 200)
        assert not response.cookies
    assert everything(alpha) == before


def test_the_link_chooses_a_score_beforehand_and_no_more(alpha: Any, link: str) -> None:
    page = browser().get(link + "?score=4").content.decode()
    checked = re.findall(r'value="(\d)" required checked', page)
    assert checked == ["4"]
    assert "checked" not in browser().get(link + "?score=9").content.decode()
    assert "checked" not in browser().get(link).content.decode()


def test_the_page_is_light_private_and_works_without_script(alpha: Any, link: str) -> None:
    response = browser().get(link)
    page = response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "<script" not in page
    assert " style=" not in page
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
    sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page)
    assert sheets
    static = Path(settings.ROOT) / "bpo" / "ui" / "static"
    assert len(response.content) + sum((static / name).stat().st_size for name in sheets) < 30_000
    assert not re.findall(r'(?:src|href)="https?:', page)


def test_a_persons_post_records_one_vote_and_the_page_stays_answered(alpha: Any, link: str) -> None:
    response = browser().post(link, {"score": "4", "comment": "Quick."})
    assert (response.status_code, response["Location"]) == (303, link)
    first = browser().get(link)
    assert first.status_code == 200
    assert "You have already answered" in first.content.decode()
    again = browser().post(link, {"score": "1", "comment": "Changed."})
    assert again.status_code == 303
    assert browser().get(link).content == first.content
    assert votes(alpha) == [(4, "Quick.")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"score": ""},
        {"score": "0"},
        {"score": "6"},
        {"score": "4.5"},
        {"score": "five"},
        {"score": "4", "comment": "x" * 2001},
        {"score": "4", "comment": "nul\x00"},
    ],
)
def test_a_bad_answer_is_explained_and_not_recorded(alpha: Any, link: str, data: dict[str, str]) -> None:
    response = browser().post(link, data)
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert votes(alpha) == []


def test_an_expired_survey_has_closed(alpha: Any, link: str) -> None:
    with enter(alpha.ref()):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for response in (browser().get(link), browser().get(browser().post(link, {"score": "5"})["Location"])):
        assert response.status_code == 410
        assert "This survey has closed" in response.content.decode()
    assert votes(alpha) == []


def test_a_reopened_case_closes_its_survey_but_keeps_an_answer(alpha: Any, link: str) -> None:
    other = make_link(alpha, "ben@customer.example")
    browser().post(other, {"score": "2"})
    with enter(alpha.ref()):
        ids = list(Invitation.objects.values_list("candidate__resolution_id", flat=True))
        cancel(resolution_ids=ids, by=BY, now=timezone.now())
    assert browser().get(link).status_code == 410
    assert "already answered" in browser().get(other).content.decode()
    assert votes(alpha) == [(2, "")]


def test_unknown_foreign_and_revoked_links_get_one_and_the_same_plain_404(alpha: Any, beta: Any, link: str) -> None:
    foreign = make_link(beta)
    with enter(alpha.ref()):
        revoke(invitation_id=Invitation.objects.get().pk, by=BY, now=timezone.now())
    answers = set()
    for path in ("/s/" + "A" * 22 + "/", "/s/%00/", "/s/" + "x" * 3000 + "/", foreign, link):
        for response in (browser().get(path), browser().post(path, {"score": "5"})):
            assert response.status_code == 404
            headers = tuple(sorted((k, v) for k, v in response.items() if k.lower() != "x-request-id"))
            answers.add((response.content, headers))
    assert len(answers) == 1
    assert next(iter(answers))[0] == b"Not found\n"
    assert votes(alpha) == votes(beta) == []


def test_no_log_line_carries_a_token(alpha: Any, link: str, caplog: Any) -> None:
    for path in (link, "/s/" + "A" * 22 + "/"):
        browser().get(path)
        browser().post(path, {})
    with enter(alpha.ref()):
        Invitation.objects.update(expires_at=NOON)
    assert browser().get(link).status_code == 410
    assert link.split("/")[2] not in caplog.text
    assert "A" * 22 not in caplog.text


def test_twenty_posts_at_once_give_one_vote(alpha: Any, link: str) -> None:
    ready, seen = threading.Barrier(20), []

    def post(score: int) -> None:
        ready.wait(30)
        seen.append(browser().post(link, {"score": str(score)}).status_code)
        connection.close()

    threads = [threading.Thread(target=post, args=(i % 5 + 1,)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [303] * 20
    assert len(votes(alpha)) == 1
