"""The API's document is valid and whole: every operation has a recorded exchange that still takes place as recorded.

After a change that is meant, record anew with BPO_RECORD_API_SAMPLES=1 and read the difference in review.
"""

import json
import os
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from jsonschema import Draft202012Validator

from bpo.api_docs.reading import METHODS, SAMPLES, operations
from bpo.api_docs.schema import document
from bpo.permissions import Permission
from bpo.tenancy.context import enter
from interactions.models import Case, Queue
from tests.integration.qa.build import released
from tests.integration.reports.test_api import reported
from tests.integration.scheduling.build import drafted, employ, floor
from tests.integration.scheduling.test_agent import put_out
from tests.integration.surveys.test_api import answer
from tests.people import sign_in

ROOT = Path(__file__).resolve().parent.parent.parent.parent
RECORD = "BPO_RECORD_API_SAMPLES"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CALL = {
    "source": "acd", "external_id": "call-48229", "direction": "in", "channel": "voice", "queue": "billing",
    "started_at": "2026-11-20T01:14:05+08:00", "ended_at": "2026-11-20T01:22:46+08:00", "wait_seconds": 11,
    "talk_seconds": 455, "after_call_seconds": 66, "case_ref": "48-2291",
}  # fmt: skip
KEY = {"Idempotency-Key": "0f9d3c52-6a1e-4a34-9d2b-2f1a77c1f1aa"}
# What is sent where the address alone doesn't say it: query, headers, body.
SENT: dict[str, dict[str, Any]] = {
    "interactions_create": {"body": [CALL, {**CALL, "external_id": "call-48230"}], "headers": KEY},
    "interactions_list": {"query": "?queue=billing&page_size=1"},
    "cases_resolve_create": {
        "body": {"version": 1},
        "headers": {"Idempotency-Key": "7b1e6c1c-9f8e-4a38-8b7d-5a1c0f6a9a55"},
    },
    "csat_retrieve": {"query": "?from=2026-01-01&to=2027-12-31"},
    "evaluations_list": {"query": "?outcome=PASS"},
    "notes_create": {
        "about": "/api/v1/evaluations/",
        "headers": {"Idempotency-Key": "c1d4ab8e-55a2-4d0e-8f5e-2f6a0f3f7c10"},
        "body": {"text": "Say the amount aloud.", "visibility": "team", "at_ms": 204000, "question": "q1"},
    },
    "notes_share_create": {"body": {"to": "agent"}},
    "notes_list": {"query": "?visibility=team"},
}


def all_operations() -> list[tuple[str, str, str]]:
    found = [
        (methods[method]["operationId"], method, path)
        for path, methods in document()["paths"].items()
        for method in METHODS
        if method in methods
    ]
    return sorted(found, key=lambda one: one[1] != "post" or "{" in one[2])  # what others read is written first


def test_the_document_is_valid_without_a_warning() -> None:
    command = [
        sys.executable,
        "manage.py",
        "spectacular",
        "--validate",
        "--fail-on-warn",
        "--urlconf",
        "bpo.urls_client",
    ]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "BPO_LOG_LEVEL": "ERROR"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_every_operation_names_its_permission_and_has_a_sample() -> None:
    kept = json.loads(SAMPLES.read_text())
    for name, method, path in all_operations():
        assert document()["paths"][path][method]["x-permission"] in set(Permission), name
        assert name in kept, f"{name} has no sample: put rows into `fill` and run this file with {RECORD}=1"
    assert set(kept) == {name for name, _, _ in all_operations()}, "samples of operations that are gone"


def fill(alpha: Any) -> None:
    """A little of everything, made through the services."""
    ground = floor(alpha, employ("Ana", "Ben"))
    with enter(alpha.ref()):
        put_out(drafted(ground, [("Ana", 0, "From 6")]))
        released("call-48101")
        answer(5, comment="She went through both bills with me.")
        Case.objects.create(reference="48-2291", queue=Queue.objects.get(key="billing"), opened_at=AT)
    reported(alpha)


@pytest.fixture
def exchanges(alpha: Any) -> dict[str, Any]:
    """Every operation carried out once, as a planner where shifts are asked for and as a lead elsewhere."""
    fill(alpha)
    lead, planner = sign_in("alpha", "team_lead"), sign_in("alpha", "planner")
    return {
        name: exchange(planner if path.startswith("/api/v1/shifts") else lead, name, method, path)
        for name, method, path in all_operations()
    }


def exchange(browser: Browser, name: str, method: str, path: str) -> dict[str, Any]:
    sent = SENT.get(name, {})
    body = sent.get("body")
    if "{id}" in path:
        listed = browser.get(path.split("{id}")[0], {"state": "open"} if name == "cases_resolve_create" else {})
        row = listed.json()["results"][0]
        path = path.replace("{id}", row["id"])
        body = {**body, "version": row["version"]} if body and "version" in body else body
    if "about" in sent:
        body = {"evaluation": browser.get(sent["about"]).json()["results"][0]["id"], **(body or {})}
    path += sent.get("query", "")
    headers = dict(sent.get("headers", {}))
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answered = getattr(browser, method)(path, headers=headers, **data)
    assert answered.status_code < 300, f"{name}: {answered.content.decode()}"
    request = {"method": method.upper(), "path": path, "headers": headers, "body": body}
    return {"request": request, "response": {"status": answered.status_code, "body": answered.json()}}


def test_each_sample_still_takes_place_as_recorded_and_as_documented(exchanges: dict[str, Any]) -> None:
    if os.environ.get(RECORD):
        SAMPLES.write_text(json.dumps(exchanges, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    kept = json.loads(SAMPLES.read_text())
    for name, method, path in all_operations():
        found, known = exchanges[name]["response"], kept[name]["response"]
        assert found["status"] == known["status"], name
        assert alike(shape(found["body"]), shape(known["body"])), f"{name} answers otherwise than its sample"
        answers = document()["paths"][path][method]["responses"]
        schema = answers[str(found["status"])]["content"]["application/json"]["schema"]
        problems = [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(found["body"])]
        assert problems == [], name
        assert known["body"] not in ([], {}), name
        assert not isinstance(known["body"], dict) or known["body"].get("results") != [], f"{name} shows no row"


def test_a_wrong_answer_would_be_seen() -> None:
    schema = {"$ref": "#/components/schemas/Case"}
    wrong = [error.json_path for error in validator(schema).iter_errors({"reference": 7})]
    assert "$.reference" in wrong
    assert not alike(shape({"a": 1, "b": [None]}), shape({"a": "1", "b": [None]}))
    assert not alike(shape({"a": 1}), shape({"b": 1}))
    assert alike(shape({"a": None, "b": [1]}), shape({"a": "1", "b": [2, 3]}))


def shape(value: Any) -> Any:
    """Names and kinds without values; a list is like its first item. What a frozen report holds is its own affair."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in sorted(value.items()) if key != "content"}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def alike(one: Any, other: Any) -> bool:
    """Whether two shapes agree; null may stand for anything."""
    if "NoneType" in (one, other):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return not one or not other or alike(one[0], other[0])
    return bool(one == other)


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """OpenAPI 3.0 read as JSON Schema: `nullable` is the one word that differs here."""
    whole = {**deepcopy(schema), "components": deepcopy(document()["components"])}
    return Draft202012Validator(nullable(whole))


def nullable(node: Any) -> Any:
    if isinstance(node, list):
        return [nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    plain = {key: nullable(inner) for key, inner in node.items() if key not in ("nullable", "readOnly")}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def test_the_reader_shows_every_operation_and_is_for_who_may_see_it(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    page = lead.get("/api/v1/")
    assert page.status_code == 200
    text = page.content.decode()
    for name, method, path in all_operations():
        assert f'id="{name}"' in text
        assert path in text
        assert method.upper() in text
    assert text.count("Sample response, ") == len(all_operations())
    assert lead.get("/api/v1/schema/").json()["openapi"].startswith("3.")
    agent = sign_in("alpha", "agent")
    assert agent.get("/api/v1/").status_code == 403
    assert agent.get("/api/v1/schema/").status_code == 403
    assert Browser(HTTP_HOST="alpha.bpo.test").get("/api/v1/schema/").status_code == 401


def test_a_browser_without_a_session_is_sent_to_sign_in_and_a_program_is_told(alpha: Any) -> None:
    nobody = Browser(HTTP_HOST="alpha.bpo.test")
    html = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = nobody.get("/api/v1/", headers=html)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fapi%2Fv1%2F")
    for headers in ({"Accept": "*/*"}, {"Accept": "application/json"}, {}):
        assert nobody.get("/api/v1/", headers=headers).json()["type"] == "urn:bpo:problem:not-signed-in"
    assert nobody.post("/api/v1/interactions/", "[]", "application/json", headers=html).status_code == 401
    assert nobody.get("/api/v1/", headers={**html, "Authorization": "Bearer nothing"}).status_code == 401


def test_fields_inside_objects_and_lists_are_named() -> None:
    found = {one.id: one for _, group in operations(document(), {}) for one in group}
    names = {field.name for field in found["evaluations_list"].response}
    assert {"results", "results[].id", "results[].sections[].key"} <= names
    kinds = {field.name: field.kind for field in found["evaluations_list"].response}
    assert kinds["results[].outcome"] == "one of PASS, FAIL, UNSCORED"
    sent = {field.name: field for field in found["interactions_create"].request}
    assert sent["[].queue"].required
    assert not sent["[].agent"].required
