"""Attacks that need both clients full: every address of B as a member of A, ids of B in every field, replayed tokens."""

import io
import json
import zipfile
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from accounts.middleware import BOUND_TO
from accounts.models import Client, OpenSession, User
from accounts.services import make_handoff
from bpo.permissions import OpenToAll
from bpo.tenancy.context import as_app, inside_client
from bpo.tenancy.sessions import SessionStore
from bpo.tokens import hash_of
from tests.permissions import walking
from tests.permissions.ground import Ground, changed
from tests.permissions.notation import read
from tests.permissions.routes import actions
from tests.permissions.sending import sent
from tests.permissions.world import SHORT

ALPHA, BETA = "alpha.bpo.test", "beta.bpo.test"
ROWS = [row for row in read().rows if row.host == "client"]
OPEN = {one.key for one in actions() if isinstance(one.stamp, OpenToAll)}


def forged(ground: Ground, column: str) -> Browser:
    """A session of a member of alpha as beta itself would have opened it: what is left is the membership."""
    found = SessionStore(ground.alpha.sessions[column])
    again = SessionStore()
    again.update({key: found[key] for key in found.keys()})  # noqa: SIM118 - a session is no mapping
    again[BOUND_TO] = str(Client.objects.get(key="beta").pk)
    again.save()
    opened = OpenSession.objects.get(key_hash=hash_of(ground.alpha.sessions[column]))
    OpenSession.objects.create(
        user=opened.user, client=Client.objects.get(key="beta"), key_hash=hash_of(again.session_key),
        opened_at=opened.opened_at, seen_at=opened.seen_at, ends_at=opened.ends_at,
    )  # fmt: skip
    browser = Browser(HTTP_HOST=BETA, raise_request_exception=False)
    browser.cookies["bpo_session"] = again.session_key or ""
    return browser


@pytest.mark.parametrize("column", ["op", "tl", "ag"])
def test_t02_a_member_of_a_finds_nothing_at_any_address_of_b(walked: Ground, column: str) -> None:
    browser = forged(walked, column)
    answered, within = [], []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if inside_client():
            within.append(sql)
        return execute(sql, *rest)

    for row in [row for row in ROWS if row.key not in OPEN]:
        for whose, (path, _) in walking.addresses(row, walked, column).items():
            if whose in ("", "any", "own", "other client"):
                with connection.execute_wrapper(watch):
                    status = browser.generic(row.method, path).status_code
                answered.append((row.method, path, status))
    assert len(answered) > 150
    assert [one for one in answered if one[2] != 404] == []
    assert within == [], "something was asked of the client's own tables before the 404"


def test_t03_an_id_of_b_answers_on_a_as_a_random_one_byte_for_byte(walked: Ground) -> None:
    tried, told_apart = 0, []
    for row in [row for row in ROWS if row.method == "GET"]:
        for column in ("op", "qa", "tl", "ag", "cu"):
            addresses = walking.addresses(row, walked, column)
            if "other client" not in addresses or row.cells[column] == walking.REFUSED:
                continue
            answers = []
            for whose in ("other client", "missing"):
                path, value = addresses[whose]
                call = walking.Call(column, whose, path, value)
                answers.append(walking.comparable(walking.ask(row, call, walked, sent("GET", row.route, {})), value))
            tried += 1
            if answers[0] != answers[1] or answers[0][0] != 404:
                told_apart.append((str(row), column, answers[0][0], answers[1][0]))
    assert tried > 60
    assert told_apart == []


# Each place where a body names a row: (method, address, body), given the ids of the other client.
FOREIGN: list[tuple[str, str, Callable[[dict[str, Any], dict[str, Any]], tuple[str, Any]]]] = [
    ("POST", "/board/build/", lambda mine, theirs: ("/board/build/", {"requirement": theirs["requirement"]["any"]})),
    (
        "POST",
        "/board/shifts/<uuid:shift_id>/change/",
        lambda mine, theirs: (
            f"/board/shifts/{mine['draft']['any']}/change/",
            {"template": theirs["template"]["any"], "version": "1"},
        ),
    ),
    (
        "POST",
        "/board/plans/<uuid:plan_id>/add/<uuid:actor_id>/<str:day>/",
        lambda mine, theirs: (
            f"/board/plans/{mine['plan']['any']}/add/{theirs['actor']['any']}/2026-12-03/",
            {"template": mine["template"]["any"], "version": "1"},
        ),
    ),
    (
        "POST",
        "/board/plans/<uuid:plan_id>/add/<uuid:actor_id>/<str:day>/",
        lambda mine, theirs: (
            f"/board/plans/{mine['plan']['any']}/add/{mine['actor']['any']}/2026-12-03/",
            {"template": theirs["template"]["any"], "version": "1"},
        ),
    ),
]
NAMED = ("agent", "queue")  # reasons and dispositions are words: an unknown one is a new word of one's own


@pytest.mark.parametrize("place", FOREIGN, ids=[f"{one[1]} {number}" for number, one in enumerate(FOREIGN)])
def test_t10_an_id_of_b_in_a_field_writes_nothing_in_either_client(ground: Ground, place: Any) -> None:
    with ground.copy():
        path, data = place[2](ground.alpha.objects, ground.beta.objects)
        before = ground.trace()
        answer = ground.browser("client", "op").post(path, data)
        assert answer.status_code in {302, 400, 404, 409, 422}
        assert changed(before, ground.trace()) == []


@pytest.mark.parametrize("field", NAMED)
def test_t10_a_name_or_id_of_b_over_the_api_is_unknown_and_writes_nothing(walked: Ground, field: str) -> None:
    from tests.permissions.sending import call

    theirs = {"agent": walked.beta.actors["team"], "queue": walked.beta.objects["queue"]["any"]}
    value = theirs[field]
    before = walked.trace()
    items = [call("one"), call("two") | {field: value}]
    answer = walked.browser("client", "op").post("/api/v1/interactions/", items, content_type="application/json")
    assert answer.status_code == 400
    assert "unknown" in answer.content.decode().lower() or "no " in answer.content.decode().lower()
    assert changed(before, walked.trace()) == []


LISTS = [
    f"/api/v1/{name}/" for name in ("interactions", "cases", "shifts", "evaluations", "reports", "surveys", "responses")
]
ORACLES = (
    "ordering=agent__user__password", "ordering=-password", "agent__user__password__startswith=m", "o=1",
    "agent__display_name__regex=.*", "interaction__agent__seat__user__email__contains=a", "fields=password", "expand=agent",
    "search=canarybeta", "format=api",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_t11_no_parameter_is_an_oracle(walked: Ground, path: str) -> None:
    browser = walked.browser("client", "op")
    plain = browser.get(path)
    assert plain.status_code == 200
    ids = [one["id"] for one in plain.json()["results"]]
    for query in ORACLES:
        answer = browser.get(f"{path}?{query}")
        assert answer.status_code in {200, 400, 404}, query
        if answer.status_code == 200:
            assert [one["id"] for one in answer.json()["results"]] == ids, query


@pytest.mark.parametrize("column", ["cu", "ca", "tp", "ag"])
def test_t11_what_describes_the_api_and_what_offers_choices_names_nobody_of_elsewhere(
    walked: Ground, column: str
) -> None:
    browser = walked.browser("client", column)
    texts = [
        browser.get(path).content.decode()
        for path in ("/api/v1/schema/", "/api/v1/", "/search/?q=canary", "/search/?q=ag")
    ]
    texts += [browser.options(path).content.decode() for path in LISTS]
    whole = "\n".join(texts)
    assert walked.beta.mark not in whole
    assert [secret for secret in [*walked.alpha.secrets, *walked.beta.secrets] if secret in whole] == []
    if column != "ag":
        people = [json.loads(browser.get(f"/search/?q={word}").content) for word in ("team", "other", "canary")]
        assert [hit for found in people for hit in found if hit["group"] in ("People", "Customers", "Cases")] == []


def test_t12_a_key_of_a_is_new_on_b_and_a_cursor_of_a_reads_bs_own_rows(ground: Ground) -> None:
    from tests.permissions.sending import call

    with ground.copy():
        key = {"Idempotency-Key": "the same"}
        made = {}
        for host, place in ((ALPHA, ground.alpha), (BETA, ground.beta)):
            browser = Browser(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {place.tokens['op']}")
            answer = browser.post("/api/v1/interactions/", call(), content_type="application/json", headers=key)
            assert answer.status_code == 201, answer.content
            assert "Idempotent-Replayed" not in answer.headers
            assert "ETag" not in answer.headers
            made[host] = answer.json()["id"]
        assert made[ALPHA] != made[BETA]
        mine = Browser(HTTP_HOST=ALPHA, HTTP_AUTHORIZATION=f"Bearer {ground.alpha.tokens['op']}")
        following = mine.get("/api/v1/interactions/?page_size=2").json()["next"]
        theirs = Browser(HTTP_HOST=BETA, HTTP_AUTHORIZATION=f"Bearer {ground.beta.tokens['op']}")
        answer = theirs.get(following[following.index("/api/") :])
        assert answer.status_code == 200
        assert ground.alpha.mark not in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_t26_an_export_of_a_is_missing_on_b_refused_to_the_demoted_and_holds_nothing_of_b(
    walked: Ground, kind: str
) -> None:
    path = f"/reports/{walked.alpha.objects['report']['any']}/files/{kind}/"
    answer = walked.browser("client", "tl").get(path)
    content = answer.getvalue()
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    assert len(content) > 100
    assert walked.beta.mark.encode() not in content
    theirs = Browser(HTTP_HOST=BETA)
    theirs.cookies["bpo_session"] = walked.beta.sessions["tl"]
    assert theirs.get(path).status_code == 404
    assert walked.browser("client", "left").get(path).status_code == 404
    assert walked.browser("client", "tp").get(path).status_code == 403


# --- Whatever proves who one is at A proves nothing at B -----------------------------------------------


def session(ground: Ground, browser: Browser) -> Any:
    browser.cookies = SimpleCookie({"bpo_session": ground.alpha.sessions["tl"]})
    return browser.get("/notices/")


def clients_session(ground: Ground, browser: Browser) -> Any:
    browser.cookies = SimpleCookie({"bpo_session": ground.alpha.sessions["ca"]})
    return browser.get("/notices/")


def operators_session(ground: Ground, browser: Browser) -> Any:
    browser.cookies = SimpleCookie({"bpo_session": ground.alpha.operator["tl"]})
    return browser.get("/notices/")


def stepped_in(ground: Ground, browser: Browser) -> Any:
    browser.cookies = SimpleCookie({"bpo_session": ground.alpha.sessions["in"]})
    return browser.get("/admin/")


def api_token(ground: Ground, browser: Browser) -> Any:
    return browser.get("/api/v1/interactions/", headers={"Authorization": f"Bearer {ground.alpha.tokens['op']}"})


def survey_link(ground: Ground, browser: Browser) -> Any:
    return browser.get(f"/s/{ground.alpha.objects['survey token']['any']}/")


def reset_link(ground: Ground, browser: Browser) -> Any:
    return browser.get(f"/reset/{ground.alpha.objects['reset link']['any']}/")


def invitation_link(ground: Ground, browser: Browser) -> Any:
    return browser.get(f"/join/{ground.alpha.objects['invitation link']['any']}/")


def hand_off(ground: Ground, browser: Browser) -> Any:
    with as_app():
        user = User.objects.get(email="tl@alpha.example", realm=None)
        code = make_handoff(user=user, client=Client.objects.get(key="alpha"))
    return browser.get(f"/arrive/?code={code}")


def half_open(ground: Ground, browser: Browser) -> Any:
    """A session at alpha between the password and the second step, whose next page asks for it."""
    from accounts.half_open import HALF_OPEN

    with as_app():
        user = User.objects.get(email="cu@alpha.example")
        bound = str(Client.objects.get(key="alpha").pk)
    kept = SessionStore()
    kept[HALF_OPEN] = {"user": str(user.pk), "bound": bound, "until": timezone.now().timestamp() + 60, "next": "/"}
    kept.save()
    browser.cookies = SimpleCookie({"bpo_session": kept.session_key or ""})
    return browser.get("/sign-in/second-step/")


def sound_ticket(ground: Ground, browser: Browser) -> Any:
    """A page of alpha had it for its lead, in alpha's session; at beta the same role shows it."""
    place = ground.alpha if browser.defaults["HTTP_HOST"] == ALPHA else ground.beta
    browser.cookies = SimpleCookie({"bpo_session": place.sessions["tl"]})
    made = walking.ticket(ground, "own", ground.alpha.objects["heard"]["team"], "tl")
    answer = browser.get(f"/sound/{made}/")
    return HttpResponse(answer.getvalue(), status=answer.status_code)


def of_b(path: str) -> Callable[[Ground, Browser], Any]:
    def show(ground: Ground, browser: Browser) -> Any:
        browser.cookies = SimpleCookie({"bpo_session": ground.beta.sessions["tl"]})
        return browser.get(
            path.format(**{name.replace(" ", "_"): ids.get("any") for name, ids in ground.alpha.objects.items()})
        )

    return show


# What is shown to B by whom, and how B refuses it. A new proof of who one is gets a line here.
PROOFS: dict[str, tuple[Callable[[Ground, Browser], Any], set[int]]] = {
    "session of staff": (session, {302}),
    "session of the client's own": (clients_session, {302}),
    "session of the operator's host": (operators_session, {302}),
    "session of an operator who stepped in": (stepped_in, {404}),
    "session half open": (half_open, {302}),
    "API token": (api_token, {401}),
    "survey link": (survey_link, {404}),
    "hand-off code": (hand_off, {403}),
    "address of a sound": (sound_ticket, {404}),
    "link for a new password": (reset_link, {404}),
    "invitation": (invitation_link, {404}),
    "download of a file": (of_b("/files/{file}/"), {404}),
    "download of a report": (of_b("/reports/{report}/files/csv/"), {404}),
    "download of what an import refused": (of_b("/imports/{import_done}/problems.csv"), {404}),
}


@pytest.mark.parametrize("proof", PROOFS)
def test_what_proves_something_at_a_proves_nothing_at_b(ground: Ground, proof: str) -> None:
    show, refusals = PROOFS[proof]
    with ground.copy():
        answer = show(ground, Browser(HTTP_HOST=BETA))
        assert answer.status_code in refusals
        assert not answer.headers.get("Location", "/sign-in/").removeprefix("/sign-in/").startswith("/")
        assert ground.alpha.mark not in answer.content.decode()
    if not proof.startswith(("session of the operator", "download")):
        with ground.copy():
            assert show(ground, Browser(HTTP_HOST=ALPHA)).status_code in {200, 302}, (
                "it has to be good where it is from"
            )


def test_a_message_of_a_runs_in_a_whoever_sends_it(ground: Ground) -> None:
    from bpo.outbox import registry
    from bpo.outbox.execution import execute
    from bpo.outbox.models import Job
    from bpo.tenancy.context import current_client

    ran: list[str] = []
    registry.load()
    note = registry.Kind("replay.note", "client", "default", 8, None, lambda **_: ran.append(current_client().key))
    with ground.copy(), mock.patch.dict(registry.KINDS, {"replay.note": note}):
        job = Job.objects.create(kind="replay.note", dedupe_key="r", client=Client.objects.get(key="alpha"))
        assert execute(job.pk, "replay.note") == "done"
        assert execute(job.pk, "replay.note") == "skipped", "a message shown twice"
    assert ran == ["alpha"]


def test_every_role_stands_in_the_world() -> None:
    assert len(set(SHORT.values())) == 10
