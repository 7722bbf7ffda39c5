"""A client's life on its page: what it is, what may follow, each step asked for in words, and exports taken."""

import hashlib
import io
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Client, User
from bpo.actors import By
from bpo.audit_words import ACTIONS
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner
from bpo.ui.pseudo import pseudo_locale, untranslated
from console import lives
from console.exports import place_of
from console.life import STEPS
from console.lives import ask
from console.models import Change
from tests.integration.console.operators import operator
from tests.integration.console.test_board import gone, rows_of
from tests.statements import statements

WHY = {"reason": "They have not paid since August"}


def provision() -> None:
    call_command("provisioner", once=True, stderr=io.StringIO())


def page(browser: Browser, path: str = "/clients/gamma/life/", status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def an_export(client: Client, asker: User, content: bytes = b"zip!", **more: Any) -> Change:
    now = timezone.now()
    made = Change.objects.create(**{
        "client": client, "kind": "export", "reason": "x", "state": "done", "asked_name": asker.name, "asked_by": asker,
        "asked_at": now, "finished_at": now, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "expires_at": now + timedelta(hours=1), **more,
    })  # fmt: skip
    place_of(made).parent.mkdir(parents=True, exist_ok=True)
    place_of(made).write_bytes(content)
    return made


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "EXPORT_ROOT", tmp_path / "exports")
    return tmp_path


@pytest.mark.services
def test_a_client_is_suspended_kept_exported_and_deleted_from_its_page(gamma: Any, exports: Path) -> None:
    browser = operator()
    first = page(browser)
    assert "People sign in and its jobs run." in first
    assert [
        label for label in ("/life/suspend/", "/life/archive/", "/life/trash/", "/exports/") if label not in first
    ] == []
    assert "/life/resume/" not in first
    asked = page(browser, "/clients/gamma/life/suspend/")
    assert "Suspend Gamma" in asked
    assert browser.post("/clients/gamma/life/suspend/", WHY).status_code == 302
    waits = page(browser)
    assert "it is being carried out" in waits
    assert "hx-get" in waits
    assert "data-panel-title" not in waits.split('id="life"')[1]  # nothing else can be asked for meanwhile
    provision()
    now = page(browser)
    assert "Nobody signs in and its jobs wait." in now
    assert "They have not paid since August" in now
    assert "Ewelina: They have not paid" in now
    assert "hx-get" not in now
    assert browser.post("/clients/gamma/exports/", {"reason": "before they go"}).status_code == 302
    provision()
    made = Change.objects.get(kind="export")
    there = page(browser)
    assert made.sha256 in there
    assert f"/clients/gamma/exports/{made.pk}/" in there
    answer = browser.get(f"/clients/gamma/exports/{made.pk}/")
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == made.sha256
    assert answer["Content-Length"] == str(made.size) == str(len(content))
    assert answer["Content-Disposition"].startswith('attachment; filename="gamma-')
    told = Entry.objects.get(action="client.export_taken")
    assert (told.target_id, told.detail["sha256"]) == (str(gamma.pk), made.sha256)
    question = page(browser, "/clients/gamma/life/trash/")
    assert "After 30 days" in question
    assert "Type gamma to go on" in question
    wrong = browser.post("/clients/gamma/life/trash/", {**WHY, "confirm": "Gamma"})
    assert wrong.status_code == 422
    assert "That is not the client&#x27;s key." in wrong.content.decode()
    assert browser.post("/clients/gamma/life/trash/", {**WHY, "confirm": "gamma"}).status_code == 302
    provision()
    deleted = page(browser)
    assert "Until then it can be kept after all." in deleted
    assert "/life/keep/" in deleted
    assert browser.post("/clients/gamma/life/keep/", {"reason": "they paid"}).status_code == 302
    provision()
    assert Client.objects.get(key="gamma").status == "suspended"
    assert set(Change.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.services
def test_what_does_not_apply_is_said_in_words_and_asks_for_nothing(gamma: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = operator()
    for kind in ("resume", "keep"):
        for answer in (browser.get(f"/clients/gamma/life/{kind}/"), browser.post(f"/clients/gamma/life/{kind}/", WHY)):
            assert answer.status_code == 409
            assert "The client is active; that can&#x27;t follow." in answer.content.decode()
    for kind in ("drop", "export", "nonsense"):  # the last deletion follows its grace, an export has its own address
        assert browser.post(f"/clients/gamma/life/{kind}/", WHY).status_code == 404
    for reason in ("", " ", "x" * 301, "a\x00b"):
        assert browser.post("/clients/gamma/life/suspend/", {"reason": reason}).status_code == 422
    assert not Change.objects.exists()
    browser.post("/clients/gamma/life/suspend/", WHY)
    answer = browser.post("/clients/gamma/life/archive/", WHY)
    assert answer.status_code == 409
    assert "Another change of this client is being carried out." in answer.content.decode()
    assert "<html" not in browser.post("/clients/gamma/life/archive/", WHY, HTTP_HX_REQUEST="true").content.decode()
    # The provisioner is away, then refuses, then fails three times.
    Change.objects.update(asked_at=timezone.now() - timedelta(seconds=6))
    assert "The provisioner may not be running" in page(browser)
    with as_owner():
        Client.objects.filter(pk=gamma.pk).update(status="suspended")
    provision()
    assert "The client is suspended; that can&#x27;t follow." in page(browser)

    def broken(change: Change, now: Any) -> None:
        raise DatabaseError("no")

    monkeypatch.setitem(lives.DOING, "resume", broken)
    browser.post("/clients/gamma/life/resume/", WHY)
    provision()
    told = page(browser)
    assert "It failed 3 times; nothing was changed." in told
    assert "hx-get" not in told
    assert "/life/resume/" in told  # and may be asked for again


@pytest.mark.services
def test_an_export_is_its_askers_alone_and_ends(gamma: Any, alpha: Any, exports: Path) -> None:
    browser = operator()
    ewelina = User.objects.get(email="ewelina@bpo.example")
    other = operator(email="other@bpo.example", name="Other")
    mine = an_export(gamma, ewelina)
    address = f"/clients/gamma/exports/{mine.pk}/"
    missing = browser.get("/clients/gamma/exports/019ab000-0000-7000-8000-00000000dead/")
    assert missing.status_code == 404
    over = an_export(gamma, ewelina, expires_at=timezone.now() - timedelta(seconds=1))
    lost = an_export(gamma, ewelina)
    place_of(lost).unlink()
    refused = [
        other.get(address),
        browser.get(f"/clients/alpha/exports/{mine.pk}/"),
        browser.get(f"/clients/gamma/exports/{over.pk}/"),
        browser.get(f"/clients/gamma/exports/{lost.pk}/"),
    ]
    assert {answer.status_code for answer in refused} == {404}
    assert operator(email="hr@bpo.example", role="hr").get(address).status_code == 403
    assert not Entry.objects.filter(action="client.export_taken").exists()
    shown = page(other)
    assert address not in shown
    assert "Only who asked for it can take it" in shown
    assert address in page(browser)
    answer = browser.get(address)
    assert b"".join(answer.streaming_content) == b"zip!"
    assert answer["Cache-Control"].startswith("max-age=0") or "no-store" in answer["Cache-Control"]


@pytest.mark.services
def test_a_large_export_is_sent_in_pieces(gamma: Any, exports: Path) -> None:
    browser = operator()
    made = an_export(gamma, User.objects.get(email="ewelina@bpo.example"))
    size = 200 << 20
    with place_of(made).open("r+b") as sparse:
        sparse.truncate(size)
    answer = browser.get(f"/clients/gamma/exports/{made.pk}/")
    tracemalloc.start()
    try:
        assert sum(len(piece) for piece in answer.streaming_content) == size
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.services
def test_while_an_export_is_written_its_parts_are_told(gamma: Any) -> None:
    browser = operator()
    browser.post("/clients/gamma/exports/", WHY)
    Change.objects.update(
        state="running", done_parts=12, all_parts=90, lease_until=timezone.now() + timedelta(minutes=1)
    )
    part = browser.get("/clients/gamma/life/", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert 'aria-valuenow="12"' in part
    assert "part 12 of 90" in part


def test_the_page_sends_the_same_statements_at_1_and_3_changes(alpha: Any) -> None:
    browser = operator()

    def changed(count: int) -> None:
        for _ in range(count):
            now = timezone.now()
            Change.objects.create(
                client=alpha, kind="suspend", reason="x", state="done", asked_name="E", asked_at=now, finished_at=now
            )

    changed(1)
    browser.get("/clients/alpha/life/")
    one = statements(lambda: browser.get("/clients/alpha/life/"))
    changed(2)
    assert statements(lambda: browser.get("/clients/alpha/life/")) == one == 9
    with pseudo_locale():
        pages = ("/clients/alpha/life/", "/clients/alpha/life/trash/", "/clients/alpha/exports/")
        found = {path: set(untranslated(browser.get(path).content.decode())) - {"· Alpha"} for path in pages}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_the_board_lists_open_clients_and_the_closed_apart(alpha: Any, beta: Any) -> None:
    browser = operator()
    with as_owner():
        Client.objects.filter(pk=beta.pk).update(status="archived")
    board = page(browser, "/")
    assert rows_of(board) == ["alpha"]
    assert 'Open <span class="count">1</span>' in board
    assert 'Closed <span class="count">1</span>' in board
    closed = page(browser, "/?show=closed")
    assert rows_of(closed) == ["beta"]
    assert "1 client is closed" in closed
    assert "kept, and read by nobody" in closed
    assert set(rows_of(page(browser, "/?show=all"))) == {"alpha", "beta"}
    assert rows_of(page(browser, "/?show=nonsense")) == ["alpha"]
    assert "beta" not in browser.get("/clients.csv").content.decode()
    assert "beta" in browser.get("/clients.csv?show=closed").content.decode()
    assert "It isn't served now." in page(browser, "/clients/beta/")
    with as_owner():
        Client.objects.filter(pk=beta.pk).update(status="active")
    assert "No client is closed" in page(browser, "/?show=closed")
    gone("alpha")
    assert "Its tables, login and files are gone." in page(browser, "/clients/alpha/life/")


def test_every_step_that_can_be_asked_for_has_words_in_the_log(alpha: Any) -> None:
    assert [kind for kind in Change.Kind.values if f"client.{kind}_asked" not in ACTIONS] == []
    assert [status for status in Client.Status.values if f"client.{status}" not in ACTIONS] == []
    assert set(STEPS) == set(Change.Kind.values) - {"drop"}
    change = ask(client=alpha, kind="suspend", reason="r", by=By("operator", "E"), now=timezone.now())
    assert str(change) == "suspend Alpha"
