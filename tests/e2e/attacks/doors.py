"""Hostile texts through the doors that outsiders have: headers, names of files and what is in them, at the sign-in."""

import itertools
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from bpo.actors import system
from bpo.imports.services import execute_run, queue_run
from bpo.tenancy.context import enter
from tests.e2e.attacks.corpus import LONG
from tests.e2e.attacks.rows import calls
from tests.e2e.screens import living

HEADED = ("<img src=x onerror=xss() data-xss>", '"><script>xss()</script>')


def come_in(client: Any, lead: Any, logins: list[dict[str, Any]]) -> None:
    """Signed in, refused and imported with them; a host that is none of ours is no host."""
    for text in HEADED:
        headers = headers_of(text)
        for login in logins:  # a session says what it was opened with
            if login["role"] in ("team_lead", "hr", "operator_admin"):
                _sign_in(login["email"], login["password"], headers)
        _sign_in(text, "wrong", headers)  # what was tried is kept, too
        lead.get("/security/", headers=headers)
        answer = lead.get("/", headers={"host": f"{text}.bpo.test"})
        assert answer.status_code in (400, 404)
        assert "onerror=xss" not in answer.content.decode().replace("&lt;", "")
    imported(client, lead)


def headers_of(text: str) -> dict[str, str]:
    names = (
        "user-agent",
        "referer",
        "x-forwarded-for",
        "x-forwarded-host",
        "accept-language",
        "origin",
        "x-request-id",
    )
    return dict.fromkeys(names, text)


def _sign_in(email: str, password: str, headers: dict[str, str]) -> None:
    Browser(HTTP_HOST="ops.bpo.test").post("/sign-in/", {"email": email, "password": password}, headers=headers)


def imported(client: Any, lead: Any) -> None:
    """Files whose names are texts: one of each shape waits for its columns, one of calls is imported to its end."""
    names = [f"{text[:60]}.csv".replace("/", "_").replace("\\", "_") for text in itertools.islice(LONG, 0, 40, 4)]
    for name in [*names, "calls.csv"]:
        content = calls() if name == "calls.csv" else living.CALLS
        sent = lead.post("/imports/new/", {"file": SimpleUploadedFile(name, content)})
        assert sent.status_code == 302, f"{name}: {sent.content.decode()}"
    assert lead.post(sent["Location"], living.FIELDS).status_code == 302
    with enter(client.ref()):
        run_id = UUID(sent["Location"].strip("/").rpartition("/")[2])
        queue_run(run_id=run_id, by=system("tests"), now=timezone.now())
        run = execute_run(run_id=run_id)
        assert run.created > 20, f"rows were refused: {run.rejected}"
