"""Every name a column of ours has is sent with every write: what the form doesn't ask for has no effect.

The matrix shows that whoever may not write is refused with the body that succeeds for others. Here whoever may write
sends more: ids of the other client, roles, states, scores, days of publication, each with a value that is then looked
for in every table the write touched.
"""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from bpo.data_classes import managed_models
from tests.integration.attacks.sources import found_in_source
from tests.integration.interactions.files import GOOD, csv, mapping
from tests.permissions import walking
from tests.permissions.ground import Ground, changed
from tests.permissions.notation import Row, read
from tests.permissions.sending import Sent, sent

WORD, NUMBER, DAY, MOMENT = "massassigned", 424243, "2001-02-03", "2001-02-03T04:05:06Z"
NOBODY = "019ab000-0000-7000-8000-0000000bad1d"
# What a form asks for beside what the matrix sends, so that it may well have an effect.
ASKED_FOR = {
    "/cases/<uuid:case_id>/customer/": {"email"},
    "/board/build/": {"seconds"},
    "/board/shifts/<uuid:shift_id>/move/": {"actor", "start", "day", "time"},
    "/board/shifts/<uuid:shift_id>/break/": {"after", "time"},
    "/queue/<uuid:task_id>/back/": {"reason"},
    "/queue/<uuid:task_id>/take/": {"reason"},
    "/queue/find/queue/": {"interaction", "query"},
    "/queue/find/save/": {"name", "query"},
    "/queue/plans/new/": {"scorecard", "quota", "due_days", "replaces"},
    "/queue/plans/<uuid:sampling_id>/change/": {"version", "quota", "due_days", "replaces"},
    "/queue/plans/<uuid:sampling_id>/pause/": {"active"},
    "/queue/<uuid:task_id>/notes/<uuid:note_id>/": {"text", "at_ms", "question", "visibility"},
    "/evaluations/<uuid:evaluation_id>/note/": {"note", "at_ms", "question"},
    "/interactions/<uuid:interaction_id>/note/": {"note", "at_ms"},
    "/reports/build/": {"reason"},
    "/board/plans/<uuid:plan_id>/publish/": {"reason"},
    "/board/plans/<uuid:plan_id>/review/": {"reason"},
    "/board/plans/<uuid:plan_id>/take-back/": {"reason"},
    "/people/employments/<uuid:employment_id>/separation/": {"note", "notice_on", "version"},
    "/imports/new/": {"mapping", "kind", "file"},
    "/imports/<uuid:run_id>/": {"mapping"},
    "/people/import/": {"mapping", "file"},
    "/access/<uuid:membership_id>/": {"last_day", "scope", "version"},
    "/jobs/replay/": {"kind", "state", "client"},  # the last two lead back to the list as it was narrowed
    "/jobs/<uuid:job_id>/replay/": {"kind", "state", "client"},
    "/staffing/make/": {"service_level", "shrinkage", "minimum", "concurrency", "definition", "short", "backlog"},
    "/forecast/make/": {"queue", "minutes", "source"},
    "/forecast/edits/add/": {"queue", "day", "begins", "ends", "share", "volume", "reason"},
    "/forecast/events/add/": {"queue", "name", "first_day", "last_day", "begins", "ends", "share"},
}
WRITES = [
    row
    for row in read().rows
    if row.method in {"POST", "PUT", "PATCH"} and not row.route.startswith("/admin/") and "sign-" not in row.route
]


def values(theirs: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Every column of every model of ours, with a value of its type that nothing else in the world has."""
    found: dict[str, Any] = {"client": WORD, "tenant": WORD, "realm": WORD, "is_superuser": "1", "permissions": WORD}
    for model in managed_models():
        for field in model._meta.concrete_fields:
            value = canary(field, theirs)
            if value is not None:
                found[field.name] = found[field.attname] = value
    return found


def canary(field: Any, theirs: dict[str, dict[str, str]]) -> Any:
    if field.is_relation or isinstance(field, models.UUIDField):
        kind = {"queue": "queue", "agent": "actor", "actor": "actor", "interaction": "interaction", "case": "case"}
        ids = theirs.get(kind.get(field.name, ""), {})
        return ids.get("any") or ids.get("other") or NOBODY
    if isinstance(field, models.DateTimeField):
        return MOMENT
    if isinstance(field, models.DateField):
        return DAY
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return NUMBER
    return WORD if isinstance(field, models.CharField | models.TextField) else None


def with_more(row: Row, request: Sent, more: dict[str, Any]) -> Sent:
    """The request with every name beside those it is asked for."""
    plain = request.data() if callable(request.data) else (request.data or {})
    asked = {*plain, *ASKED_FOR.get(row.route, ())}
    added = {name: value for name, value in more.items() if name not in asked}
    if request.json:
        return Sent({**added, **plain}, json=True, query=request.query)
    texts = {name: str(value) for name, value in added.items()}
    again = request.data if callable(request.data) else lambda: plain  # a file is read once
    return Sent(lambda: {**texts, **again()}, query=request.query)


def kept(ground: Ground, tables: list[str], wanted: set[str]) -> list[str]:
    """Which of the values stand in a row of these tables."""
    assert ground._watch is not None
    found = []
    for table in tables:
        rows = ground._watch.execute(f"SELECT t::text FROM {table} t").fetchall()
        found += [f"{value} in {table}" for value in wanted for (text,) in rows if value in text]
    return found


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_what_was_not_asked_for_has_no_effect(row: Row, ground: Ground, walked: Ground) -> None:
    request = sent(row.method, row.route, ground.alpha.objects)
    more = with_more(row, request, values(ground.beta.objects))
    made = [call for call in walking.allowed_calls(row, walked) if not call.by_token]
    assert made
    columns = list(dict.fromkeys(call.column for call in made))
    for column in {columns[0], columns[-1]}:
        call = next(one for one in made if one.column == column)
        usual = walking.usual(row, call, ground)
        with ground.copy():
            before = ground.untouched()
            wanted = {WORD, str(NUMBER), DAY, NOBODY}
            if row.host == "client":  # on the operator's, public tables hold them from the start
                wanted |= {ground.beta.objects["queue"]["any"], ground.beta.objects["actor"]["any"]}
            response = walking.ask(row, call, ground, more)
            told = f"{row} as {column}: {response.status_code}, and {usual.status} without"
            touched = changed(before, ground.trace())
            assert response.status_code < 500, told
            if response.status_code >= 400 and usual.status < 400:
                assert touched == [], told
            else:
                assert set(touched) <= {*usual.touched}, told
                tables = [name for name in touched if name not in ("files", "mails", "public.outbox_job")]
                assert kept(ground, tables, wanted) == [], told


def test_no_form_takes_whatever_a_model_has() -> None:
    assert found_in_source(r"fields\s*=\s*[\"']__all__|exclude\s*=\s*\(\)|ModelForm\b") == []


def test_a_planner_imports_counts_and_no_interactions(ground: Ground) -> None:
    data = {
        "kind": "interactions",
        "file": SimpleUploadedFile("calls.csv", csv(GOOD)),
        "mapping": SimpleUploadedFile("mapping.json", json.dumps(mapping()).encode()),
    }
    with ground.copy():
        before = ground.untouched()
        assert ground.browser("client", "pl").post("/imports/new/", data).status_code == 422
        assert changed(before, ground.trace()) == []


@pytest.mark.parametrize("role", ["third_party", "hr", "superuser", ""])
def test_the_first_people_of_a_client_take_only_roles_that_are_offered(ground: Ground, role: str) -> None:
    path = f"/clients/openings/{ground.alpha.objects['opening']['any']}/people/"
    data = {"email": "n@bpo.example", "name": "N", "role": role, "password": "a quite long one 77"}
    with ground.copy():
        before = ground.untouched()
        assert ground.browser("operator", "op").post(path, data).status_code == 422
        assert changed(before, ground.trace()) == []
