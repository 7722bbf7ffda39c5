"""Upload, preview, progress and result, as a team lead sees them."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bpo.imports.models import ImportRun
from bpo.imports.services import execute_run
from bpo.tenancy.context import enter
from interactions.models import Interaction
from tests.integration.interactions.files import GOOD, UNREADABLE, csv, mapping
from tests.people import sign_in


def send(browser: Any, content: bytes, how: Any = None, **more: str) -> Any:
    data = {"file": SimpleUploadedFile("calls.csv", content), **more}
    if how is not None:
        text = how if isinstance(how, bytes) else json.dumps(how).encode()
        data["mapping"] = SimpleUploadedFile("mapping.json", text)
    return browser.post("/imports/new/", data)


def id_in(address: str) -> UUID:
    return UUID(address.strip("/").rpartition("/")[2])


def test_a_file_goes_from_upload_over_preview_to_result(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    assert "No file yet" in browser.get("/imports/").content.decode()
    assert browser.get("/imports/new/").status_code == 200
    bad = "C2,Billing EN,Maricel,2026-03-02 09:00,2026-03-02 08:00,Y,Y"
    address = send(browser, csv(GOOD, bad), mapping())["Location"]
    seen = browser.get(address).content.decode()
    assert "Import 2 rows" in seen
    assert "Billing EN" in seen
    assert "2026-03-02 09:05:00" in seen
    assert "before the start" in seen
    with enter(alpha.ref()):
        assert not Interaction.objects.exists()
    assert browser.post(f"{address}start/").status_code == 302
    assert "every 1s" in browser.get(address).content.decode()
    with enter(alpha.ref()):
        execute_run(run_id=id_in(address))
    for page in (address, f"{address}progress/"):
        told = browser.get(page).content.decode()
        assert "1 of 2 interactions imported" in told
        assert "1 row waits" in told
        assert "every 1s" not in told
    table = browser.get(f"{address}problems.csv")
    assert table.content.decode("utf-8-sig").splitlines()[1].startswith("3,ended_at,")
    assert "attachment" in table["Content-Disposition"]
    assert "calls.csv" in browser.get("/imports/").content.decode()


def test_starting_twice_queues_once_and_running_twice_changes_nothing(alpha: Any) -> None:
    from bpo.outbox.models import Job

    browser = sign_in("alpha", "team_lead")
    address = send(browser, csv(GOOD), mapping())["Location"]
    for _ in range(2):
        browser.post(f"{address}start/")
    assert Job.objects.filter(kind="imports.run").count() == 1
    with enter(alpha.ref()):
        execute_run(run_id=id_in(address))
        ImportRun.objects.update(state="running", created=0)  # as a worker killed after its last batch leaves it
        run = execute_run(run_id=id_in(address))
        assert (run.state, run.created, run.unchanged, run.file_rows) == ("done", 0, 1, 1)


def test_a_file_without_a_mapping_is_suggested_and_completed_by_hand(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    rows = b"Call Id,Agent,Start,Skill,Note\n1,Maricel,2026-03-02 09:00,Billing EN,x\n"
    address = send(browser, rows)["Location"]
    assert "unknown" not in browser.get(address).content.decode().split("<form", 1)[0]
    chosen = {"column-0": "external_id", "column-1": "agent", "column-2": "started_at", "column-3": "queue"}
    more = {"constant-source": "acd", "zone": "Europe/Berlin", "create-queue": "1", "create-actor": "1"}
    wrong = browser.post(address, {**chosen, **more, "zone": "Europe/Berln"})
    assert wrong.status_code == 422
    assert "Europe/Berln" in wrong.content.decode()
    assert browser.post(address, {**chosen, **more}).status_code == 302
    browser.post(f"{address}start/")
    with enter(alpha.ref()):
        execute_run(run_id=id_in(address))
        one = Interaction.objects.get()
        assert (one.source, str(one.queue), one.started_at.hour) == ("acd", "Billing EN", 8)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_file_is_refused_with_its_reason(alpha: Any, kind: str) -> None:
    content, word = UNREADABLE[kind]
    browser = sign_in("alpha", "team_lead")
    answer = send(browser, content, mapping())
    assert answer.status_code == 422
    told = answer.content.decode()
    assert word in told or "submitted file is empty" in told
    with enter(alpha.ref()):
        assert not ImportRun.objects.exists()


def test_a_form_without_a_file_says_so(alpha: Any) -> None:
    answer = sign_in("alpha", "team_lead").post("/imports/new/", {})
    assert (answer.status_code, "No file came" in answer.content.decode()) == (422, True)


def test_a_mapping_that_is_no_json_or_too_deep_is_refused(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    for how, word in ((b"no json", "not JSON"), (b"[" * 10_000 + b"]" * 10_000, "levels deep")):
        answer = send(browser, csv(GOOD), how)
        assert (answer.status_code, word in answer.content.decode()) == (422, True)


def test_windows_text_is_read_once_its_encoding_is_chosen(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    content, _word = UNREADABLE["cp1252"]
    address = send(browser, content, mapping(), encoding="cp1252")["Location"]
    assert "Kündigung" in browser.get(address).content.decode()


def test_a_file_that_went_bad_since_fails_with_its_reason_and_writes_nothing(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    address = send(browser, csv(GOOD), mapping())["Location"]
    with enter(alpha.ref()):
        ImportRun.objects.update(mapping=mapping(columns={"Nothing": "external_id"}), state="queued")
        run = execute_run(run_id=id_in(address))
        assert (run.state, Interaction.objects.count()) == ("failed", 0)
    assert "nothing was changed" in browser.get(address).content.decode()


def test_an_agent_may_not_import_and_another_client_sees_no_run(alpha: Any, beta: Any) -> None:
    assert sign_in("alpha", "agent").get("/imports/").status_code == 403
    address = send(sign_in("alpha", "team_lead"), csv(GOOD), mapping())["Location"]
    assert sign_in("beta", "team_lead").get(address).status_code == 404


def test_a_stored_file_comes_back_as_an_attachment(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    send(browser, csv(GOOD), mapping())
    with enter(alpha.ref()):
        stored = ImportRun.objects.get().file
    answer = browser.get(f"/files/{stored.pk}/")
    assert b"".join(answer.streaming_content) == csv(GOOD)
    assert (answer["X-Content-Type-Options"], "attachment" in answer["Content-Disposition"]) == ("nosniff", True)
    assert browser.get(f"/files/{alpha.pk}/").status_code == 404
