"""Asking for one row of the matrix as everybody, and what is wrong with the answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from accounts.models import Client, User
from bpo.tenancy.context import enter
from bpo.tokens import hash_of
from interactions import tickets
from interactions.models import Recording
from tests.permissions.ground import Ground, changed
from tests.permissions.notation import NOBODY, NOT_HERE, REFUSED, WORK, Row
from tests.permissions.sending import AT, AT_THE_OPERATOR, FIXED, FIXED_AT, KINDS, Objects, Sent, sent
from tests.permissions.world import SECRET

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
MISSING = {"uuid": "019ab000-0000-7000-8000-00000000dead", "str": "no-such-token", "slug": "no-such", "path": "0"}
TOLD_APART = {
    "request": re.compile(rb'"request_id": ?"[^"]*"'),
    "csrf": re.compile(rb"[A-Za-z0-9]{64}"),
    "reference": re.compile(rb'class="num">[0-9a-f]{32}<'),
}
BY_TOKEN = "by token"
TICKETS = ("/sound/<str:token>/",)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: whose column, about whose work, and by session or token."""

    column: str
    whose: str  # own, own team, other team, other client, missing, or "" where the address names no row
    path: str
    value: str = ""  # the id in the path
    by_token: bool = False

    def __str__(self) -> str:
        return f"{self.column}{' by token' if self.by_token else ''}, {self.whose or 'no row'}"


def addresses(row: Row, ground: Ground, column: str) -> dict[str, tuple[str, str]]:
    """Whose work → the address that names it, and the id; under "" where none is named."""
    model = re.match(r"/admin/(\w+)/(\w+)/<path:object_id>", row.route)
    if model and row.host == "stepped":
        found = {"missing": MISSING["uuid"], "any": "", "other client": ""}
        for whose, key in (("any", "alpha"), ("other client", "beta")):
            with enter(Client.objects.get(key=key).ref()):
                found[whose] = _first(f"{model[1]}.{model[2]}")
        if found["other client"] == found["any"]:  # one row each, of the same key
            found["other client"] = ""
    elif model:
        found = {"any": _first(f"{model[1]}.{model[2]}"), "missing": MISSING["path"]}
        assert found["any"], f"the world has no {model[2]}: give MAKE of the admin's tests one"
    else:
        found = _objects(row, ground, column)
    if not found:
        path = _path(row.route, ground.alpha.objects, None)
        return {"": (path.replace("/admin/accounts/", "/admin/qa/") if row.host == "stepped" else path, "")}
    return {whose: (_path(row.route, ground.alpha.objects, value), value) for whose, value in found.items() if value}


def _objects(row: Row, ground: Ground, column: str) -> dict[str, str]:
    """Ids by whose they are, for the first parameter that names a row."""
    kind = AT_THE_OPERATOR.get(row.route) if row.host == "operator" else None
    kind = kind or kind_of(row.route)
    if kind is None:
        return {}
    found = _by_whose(kind, ground, column)
    if row.route in TICKETS:
        found = {whose: ticket(ground, whose, value, column) for whose, value in found.items() if value}
    return found


def _by_whose(kind: str, ground: Ground, column: str) -> dict[str, str]:
    mine, theirs = ground.alpha.objects[kind], ground.beta.objects.get(kind, {})
    missing = MISSING["str" if kind == "survey token" else "uuid"]
    if "any" in mine:
        return {"any": mine["any"], "other client": theirs.get("any", ""), "missing": missing}
    return {
        "own": mine.get(column, ""),
        "own team": mine["team"],
        "other team": mine["other"],
        "other client": theirs["other"],
        "missing": missing,
    }


def ticket(ground: Ground, whose: str, interaction_id: str, column: str) -> str:
    """The address of a sound, as a page of this column's person would have it now."""
    place = ground.beta if whose == "other client" else ground.alpha
    if whose == "missing":
        return MISSING["str"]
    column = column if column in place.sessions else "op"
    client = Client.objects.get(key=place.key)
    user = User.objects.get(email=f"{column}@{place.key}.example")
    with enter(client.ref()):
        recording_id = Recording.objects.values_list("pk", flat=True).get(interaction_id=interaction_id)
    version = "redacted" if column in ("cu", "ca", "tp") else "original"
    made = tickets.Ticket(recording_id, version, timezone.now() + timedelta(minutes=10))
    return tickets.issue(made, about=f"{client.pk}:{hash_of(place.sessions[column])}:{user.pk}")


def kind_of(route: str) -> str | None:
    """Which objects an address names; None for none."""
    if route in AT:
        return AT[route]
    for converter, name in PARAMETER.findall(route):
        if (route, name) not in FIXED_AT and name not in FIXED:
            assert name in KINDS, f"what does <{converter}:{name}> of {route} name? Add it to KINDS or AT in sending.py"
            return KINDS[name]
    return None


def _path(route: str, objects: Objects, value: str | None) -> str:
    """The address with its parameters; the first that names a row takes `value`."""

    def given(match: re.Match[str]) -> str:
        nonlocal value
        name = match[2]
        if (route, name) in FIXED_AT:
            return FIXED_AT[route, name]
        if value is not None and (route in AT or name not in FIXED):
            taken, value = value, None
            return taken
        return FIXED[name](objects)

    return PARAMETER.sub(given, route)


def _first(label: str) -> str:
    value = apps.get_model(label).objects.order_by("pk").values_list("pk", flat=True).first()
    return "" if value is None else str(value)


def calls(row: Row, ground: Ground, columns: list[str] | None = None) -> Iterator[tuple[Call, str]]:
    """Every call of a row with its letter. API rows are asked for by token too."""
    for column, letter in row.cells.items():
        if columns is not None and column not in columns:
            continue
        for whose, (path, value) in addresses(row, ground, column).items():
            yield Call(column, whose, path, value), letter
            if "/api/" in row.route and column in ground.alpha.tokens and column != "narrow":
                yield Call(column, whose, path, value, by_token=True), letter


def ask(row: Row, call: Call, ground: Ground, request: Sent) -> Any:
    browser = ground.browser(row.host, call.column, by_token=call.by_token)
    response = browser.generic(row.method, call.path + request.tail) if not request.body() else None
    if response is None:
        response = _with_body(browser, row.method, call.path + request.tail, request)
    response.told = response.getvalue() if response.streaming else response.content
    return response


def _with_body(browser: Any, method: str, path: str, request: Sent) -> Any:
    return getattr(browser, method.lower())(path, **request.body())


def meant(letter: str, whose: str) -> str:
    """What a letter means about this row: allowed, nothing, missing, refused or nobody."""
    if letter == REFUSED:
        return "refused"
    if letter == NOBODY:
        return "nobody"
    if letter == NOT_HERE or whose in ("other client", "missing"):
        return "missing"
    if whose in ("", "any"):
        return "allowed"
    place = ("own", "own team", "other team").index(whose)
    return {"y": "allowed", "n": "nothing", "0": "missing"}[WORK[letter][place]]


def wrong(expected: str, row: Row, call: Call, response: Any, request: Sent) -> str:
    """What an answer should have been and wasn't; empty when it is as the matrix says."""
    status = response.status_code
    target = response.headers.get("Location", "")
    signed_out = status == 401 or target.startswith("/sign-in/")
    fine = request.fine or ((200,) if row.method == "GET" else (200, 201, 204, 302, 303))
    if call.whose in ("own team", "other team") and request.of_others:
        fine = request.of_others
    led_back = call.whose == "missing" and target == "/admin/"
    admin = row.route.startswith("/admin/")  # its word for missing leads back to its start
    matches = {
        "allowed": status in fine and (request.signs_out or not signed_out),
        "nothing": status in {200, 302, 303, 403, 404, 409, 422} and not signed_out,
        "missing": status == 404 or (admin and target.startswith("/admin/")),
        "refused": status == 403 or (admin and (status == 405 or led_back)),
        "nobody": signed_out,
    }
    if matches[expected]:
        return ""
    wanted = f"{expected} ({', '.join(map(str, fine))})" if expected == "allowed" else expected
    return f"{row} as {call}: {wanted} by the matrix (line {row.line}), but it answered {status} {target}".rstrip()


def comparable(response: Any, value: str) -> tuple[int, str, bytes]:
    """An answer without what differs between two equal requests: the id asked for and the marks of a request."""
    body = response.told.replace(value.encode(), b"*")
    for pattern in TOLD_APART.values():
        body = pattern.sub(b"*", body)
    return response.status_code, response.headers.get("Content-Type", ""), body


def leaks(response: Any, row: Row, path: str, ground: Ground) -> list[str]:
    """Secrets of either client, and on a client's host the other one's word, found in an answer to who didn't ask so."""
    body = response.told.decode("utf-8", "replace")
    secrets = [*ground.alpha.secrets, *ground.beta.secrets]
    if row.host == "stepped":  # whoever has stepped in sees every row, private notes as well
        secrets = [one for one in secrets if not one.startswith(SECRET)]
    if row.host != "operator":
        secrets += [ground.beta.mark]
    elif row.route.startswith("/admin/"):  # whoever runs the clients sees where they lie, and no password or token
        secrets = [one for one in secrets if not one.startswith(("c_", "bpotests_"))]
    return [one for one in secrets if one in body and one not in path]


CHAIN = "one chain for the client; to who is narrowed it shows ids and what happened, and no details"
WHOLE = {"/audit/": CHAIN, "/audit/<str:label>/<str:object_id>/": CHAIN}  # what shows all to whoever may see it
NARROWED = ("interaction", "case", "resolved case", "task", "evaluation", "held", "sent", "response", "note")


def out_of_reach(response: Any, row: Row, call: Call, ground: Ground) -> list[str]:
    """Work of people beyond somebody's reach that an answer names, in a list as in a page."""
    if row.route in WHOLE:
        return []
    beyond = {"ts": ["other"], "ag": ["other", "team"]}.get(call.column, [])
    body = response.told.decode("utf-8", "replace")
    objects = ground.alpha.objects
    return [f"{kind} of {whose}" for kind in NARROWED for whose in beyond if objects[kind][whose] in body]


def refused_row(row: Row, ground: Ground, columns: list[str] | None = None) -> list[str]:
    """Everything wrong with the refusals of a row: their answers, and any trace they leave."""
    request = sent(row.method, row.route, ground.alpha.objects)
    problems: list[str] = []
    answers: dict[tuple[str, bool], dict[str, tuple[int, str, bytes]]] = {}
    before = ground.trace()
    for call, letter in calls(row, ground, columns):
        expected = meant(letter, call.whose)
        if expected == "allowed":
            continue
        response = ask(row, call, ground, request)
        problems += [problem for problem in [wrong(expected, row, call, response, request)] if problem]
        problems += [
            f"{row} as {call}: the answer holds {found!r}" for found in leaks(response, row, call.path, ground)
        ]
        if call.whose in ("other client", "missing") or (call.whose == "other team" and expected == "missing"):
            answers.setdefault((call.column, call.by_token), {})[call.whose] = comparable(response, call.value)
    for (column, _), told in answers.items():
        problems += [
            f"{row} as {column}: {whose} answers otherwise than a missing one"
            for whose, answer in told.items()
            if answer != told.get("missing", answer)
        ]
    after = ground.trace()
    problems += [f"{row}: refused, and yet {name} has changed" for name in changed(before, after)]
    return problems


def allowed_calls(row: Row, ground: Ground) -> list[Call]:
    return [call for call, letter in calls(row, ground) if meant(letter, call.whose) == "allowed"]


@dataclass(frozen=True, slots=True)
class Usual:
    """What the usual body of a write does in a fresh copy of the world: its answer, and the tables it touches."""

    status: int
    touched: list[str]


_usual: dict[tuple[tuple[str, str, str], Call], Usual] = {}  # by the key of a row


def usual(row: Row, call: Call, ground: Ground) -> Usual:
    """The same for one call, which may have been made for the matrix already."""
    if (found := _usual.get((row.key, call))) is None:
        with ground.copy():
            before = ground.untouched()
            response = ask(row, call, ground, sent(row.method, row.route, ground.alpha.objects))
            found = Usual(response.status_code, changed(before, ground.trace()))
    return found


def allowed(row: Row, ground: Ground, made: list[Call], *, fresh: bool = True) -> list[str]:
    """Everything wrong with these allowed calls of a row; a write has to leave a trace.

    `fresh`: of writes, whether the copy of the world is untouched.
    """
    request = sent(row.method, row.route, ground.alpha.objects)
    problems = []
    traced = row.method != "GET" and not request.quiet
    after = {} if not traced else ground.untouched() if fresh else ground.trace()
    for number, call in enumerate(made):
        before = after
        response = ask(row, call, ground, request)
        after = ground.trace() if traced else {}
        if traced and fresh and number == 0:
            _usual[row.key, call] = Usual(response.status_code, changed(before, after))
        problems += [problem for problem in [wrong("allowed", row, call, response, request)] if problem]
        problems += [
            f"{row} as {call}: the answer holds {found!r}" for found in leaks(response, row, call.path, ground)
        ]
        problems += [f"{row} as {call}: the answer tells of {one}" for one in out_of_reach(response, row, call, ground)]
        once = call.whose in ("", "any", "own") or not request.of_others
        if traced and once and not changed(before, after):
            problems.append(f"{row} as {call}: allowed, and yet nothing has changed: send what succeeds")
    return problems
