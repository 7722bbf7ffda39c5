"""A customer's export and erasure: after it their name is nowhere, and nothing of anybody else's is changed."""

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry, Head
from bpo.audit_writing import check
from bpo.files.models import StoredFile
from bpo.files.services import path_of
from bpo.notices.models import Notice
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.privacy.models import ErasedKey, SubjectRequest, Tombstone
from bpo.privacy.services import confirmation, remove_expired
from bpo.tenancy.context import as_app, as_owner, enter
from console import erasures
from console.exports import place_of, write_export
from console.lives import at_once
from console.models import Change, Erasure
from console.restores import opened, restore_as, restore_into
from interactions.models import Case, Customer, Interaction
from qa.models import EvaluationRevision
from surveys.models import Response
from tests.integration.privacy.canary import (
    REFERENCE,
    WORD,
    cached_with,
    files_with,
    imported,
    plant,
    rows_with,
)  # fmt: skip
from tests.people import sign_in


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    monkeypatch.setattr(settings, "EXPORT_ROOT", tmp_path / "exports")


def provision() -> None:
    call_command("provisioner", once=True, stderr=io.StringIO())


def work(kind: str) -> str:
    job = Job.objects.filter(kind=kind).latest("id")
    return execute(job.pk, kind)


def page(ident: Any) -> str:
    return f"/privacy/customers/{ident}/"


def asked(browser: Any, ident: Any, **more: str) -> Any:
    return browser.post(f"{page(ident)}erase/", {"ground": "asked", "typed": confirmation(ident)} | more)


def erased(browser: Any, ident: Any) -> None:
    answer = asked(browser, ident)
    assert answer.status_code == 302, answer.content.decode()
    assert work("privacy.erase") == "done"
    provision()


def everywhere(client: Any, word: str = WORD) -> dict[str, list[str]]:
    return {
        "client": rows_with(word, client.schema_name),
        "public": rows_with(word, "public"),
        "files": files_with(word),
        "cache": cached_with(word),
    }


NOWHERE: dict[str, list[str]] = {"client": [], "public": [], "files": [], "cache": []}


@pytest.mark.services
def test_after_an_erasure_the_canary_is_nowhere_and_figures_stand(alpha: Any) -> None:
    ident = plant(alpha)
    other = plant(alpha, "Ottermole")
    with enter(alpha.ref()):
        run = imported()
        assert (run.created, run.rejected) == (1, 1)
    browser = sign_in("alpha", "operator_admin")
    assert browser.post(f"{page(ident)}export/").status_code == 302
    assert work("privacy.export") == "done"
    whole = _exported(alpha)
    before = everywhere(alpha)
    assert len(before["client"]) == 13, before
    assert len(before["files"]) == 5, before  # the sound and its copy, the imported file, both exports
    figures, theirs = _figures(alpha), everywhere(alpha, "Ottermole")["client"]

    shown = browser.get(page(ident)).content.decode()
    foreseen = _table(shown)
    erased(browser, ident)

    assert everywhere(alpha) == NOWHERE
    assert not whole.exists()
    assert _figures(alpha) == figures
    assert everywhere(alpha, "Ottermole")["client"] == theirs
    with enter(alpha.ref()):
        request = SubjectRequest.objects.get(kind="erase")
        assert request.state == "done"
        assert sorted(row[2] for row in request.counts) == sorted(foreseen)
        line = Entry.objects.get(action="subject.erased")
        assert line.detail["id"] == str(ident)
        assert line.detail["rows"]["qa.Note"] == 1
        assert check(Entry, Head)[1] == []
        assert Customer.objects.filter(pk=other, name="Ana Ottermole").exists()
        assert Customer.objects.get(pk=ident).name == ""
    gone = browser.get(page(ident)).content.decode()
    assert "This customer was erased" in gone
    assert "Make an export" not in gone
    assert browser.get("/cases/").status_code == browser.get("/audit/").status_code == 200


def _exported(client: Any) -> Path:
    """An export of the whole client, as somebody asked for it in the console."""
    now = timezone.now()
    change = Change.objects.create(
        client=client, kind="export", reason="t", state="done", asked_name="t", asked_at=now, finished_at=now, size=1,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    write_export(client, place_of(change), now=now)
    return place_of(change)


def _figures(client: Any) -> list[Any]:
    with enter(client.ref()):
        return [
            Interaction.objects.count(), Case.objects.count(), Customer.objects.count(),
            list(Response.objects.order_by("pk").values_list("score", flat=True)),
            list(EvaluationRevision.objects.order_by("pk").values_list("final", "outcome")),
            list(Interaction.objects.order_by("pk").values_list("started_at", "agent_id", "abusive", "queue_id")),
        ]  # fmt: skip


def _table(shown: str) -> list[int]:
    return [int(number) for number in re.findall(r'<td class="n value">(\d+)</td>', shown)]


@pytest.mark.services
def test_an_export_holds_what_there_is_and_is_for_who_asked(alpha: Any, beta: Any) -> None:
    ident = plant(alpha)
    browser, colleague = sign_in("alpha", "operator_admin"), sign_in("alpha", "operator_admin", email="b@alpha.example")
    lead = sign_in("alpha", "team_lead")
    for one in (lead, sign_in("beta", "operator_admin")):
        assert one.get(page(ident)).status_code == (403 if one is lead else 404)
    browser.post(f"{page(ident)}export/")
    again = browser.post(f"{page(ident)}export/", follow=True).content.decode()
    assert "The same is being done already" in again
    assert work("privacy.export") == "done"
    with enter(alpha.ref()):
        request = SubjectRequest.objects.get()
        assert Notice.objects.get(kind="subject_export_done").actor_id == request.actor_id
        stored = StoredFile.objects.get(purpose="subject_export")
    there = f"/privacy/requests/{request.pk}/file/"
    assert there in browser.get(page(ident)).content.decode()
    with zipfile.ZipFile(io.BytesIO(browser.get(there).getvalue())) as archive:
        names = archive.namelist()
        [customer] = json.loads(archive.read("interactions.Customer.json"))
        notes = json.loads(archive.read("qa.Note.json"))
        about = json.loads(archive.read("about.json"))
        sounds = {archive.read(name) for name in names if name.startswith("files/")}
    assert (customer["reference"], customer["name"]) == (REFERENCE, f"Ana {WORD}")
    assert [note["text"] for note in notes] == [f"{WORD} was angry"]
    assert sounds == {f"RIFF {WORD}".encode(), f"fLaC {WORD}".encode()}
    assert about["rows"]["interactions.Interaction"] == 2
    assert about["quoted_in"]["notices.Notice"] == 1
    assert colleague.get(there).status_code == 404
    assert lead.get(there).status_code == 403
    assert browser.get(f"/files/{stored.pk}/").status_code == 404, "not past its own address"
    with enter(alpha.ref()):
        assert Entry.objects.filter(action="subject.export_downloaded").count() == 1
        SubjectRequest.objects.update(expires_at=timezone.now())
        assert path_of(stored).exists()
        assert remove_expired(now=timezone.now()) == 1
        assert not path_of(stored).exists()
    assert browser.get(there).status_code == 404


@pytest.mark.services
def test_what_was_erased_after_an_export_is_erased_again_by_its_restore(alpha: Any, gamma: Any, tmp_path: Path) -> None:
    ident = plant(gamma)
    path = tmp_path / "before.zip"
    write_export(gamma, path, now=timezone.now())
    erased(sign_in("gamma", "operator_admin"), ident)
    assert everywhere(gamma) == NOWHERE
    copy = restore_as(export=opened(path), key="delta", name="Delta", by=system("t"), now=timezone.now())
    assert everywhere(copy) == NOWHERE
    with enter(copy.ref()):
        assert Tombstone.objects.get().subject_id == ident
        assert Entry.objects.filter(action="subject.erased_again").count() == 1
        assert check(Entry, Head)[1] == []

    at_once(client=gamma, kind="suspend", reason="t", now=timezone.now(), name="t")
    restore_into(export=opened(path), client=gamma, by=system("t"), now=timezone.now())
    assert everywhere(gamma) == NOWHERE


@pytest.mark.services
def test_a_file_that_names_the_erased_is_told_row_by_row_and_brings_nobody_back(alpha: Any) -> None:
    ident = plant(alpha)
    with enter(alpha.ref()):
        imported()
    browser = sign_in("alpha", "operator_admin")
    erased(browser, ident)
    fresh = (
        "external_id,queue,agent,started_at,customer_ref,customer_name,case_ref\r\n"
        f"csv-1-{WORD},Billing EN,Maricel,2026-11-20 09:00,,,\r\n"
        f"new-2,Billing EN,Maricel,2026-11-20 09:00,{REFERENCE.lower()},Ana,\r\n"
        f"new-3,Billing EN,Maricel,2026-11-20 09:00,,,matter-{WORD}\r\n"
        "new-4,Billing EN,Maricel,2026-11-20 09:00,C-9,Ben,\r\n"
    )
    with enter(alpha.ref()):
        customers = Customer.objects.count()
        run = imported(fresh, "again.csv")
        assert (run.file_rows, run.created, run.rejected) == (4, 1, 3)
        told = list(run.problems.values_list("row", "field", "problem"))
        assert [one[:2] for one in told] == [(2, "external_id"), (3, "customer_ref"), (4, "case_ref")]
        assert all("was erased" in one[2] for one in told)
        assert WORD not in json.dumps(told)
        assert Customer.objects.count() == customers + 1
    sent = {
        "source": "file", "external_id": f"csv-1-{WORD}", "queue": "billing", "agent": "Maricel",
        "direction": "in", "channel": "voice",
        "started_at": "2026-11-20T09:00:00Z",
    }  # fmt: skip
    answer = browser.post("/api/v1/interactions/", sent, content_type="application/json")
    assert answer.status_code == 400
    assert "was erased" in answer.content.decode()


@pytest.mark.services
def test_nobody_is_erased_without_a_reason_the_word_and_a_request_of_the_clients(alpha: Any, beta: Any) -> None:
    ident = plant(alpha)
    browser = sign_in("alpha", "operator_admin")
    for wrong in ({"ground": ""}, {"typed": ""}, {"typed": "Zquailfi"}, {"ground": "because"}):
        answer = asked(browser, ident, **wrong)
        assert answer.status_code == 422
        assert "error" in answer.content.decode()
    with enter(alpha.ref()):
        assert not SubjectRequest.objects.exists()
    assert asked(sign_in("beta", "operator_admin"), ident).status_code == 404
    assert asked(sign_in("alpha", "team_lead"), ident).status_code == 403
    # As `app` a row can be made up; there is no request of the client's behind it.
    with as_app():
        made_up = Erasure.objects.create(client=alpha, request_id=ident, subject_id=ident, asked_at=timezone.now())
    provision()
    made_up.refresh_from_db()
    assert made_up.state == "refused"
    assert len(everywhere(alpha)["client"]) > 10


@pytest.mark.services
def test_a_tombstone_is_the_owners_and_the_client_reads_it(alpha: Any) -> None:
    with as_owner(alpha.schema_name):
        stone = Tombstone.objects.create(subject_kind="customer", subject_id=alpha.pk, erased_at=timezone.now())
        ErasedKey.objects.create(tombstone=stone, digest="a" * 64)
    with enter(alpha.ref()):
        assert ErasedKey.objects.count() == 1
    for statement in ("DELETE FROM privacy_tombstone", "UPDATE privacy_erasedkey SET digest = ''"):
        with enter(alpha.ref()), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission"):
            cursor.execute(statement)
    with enter(alpha.ref()), pytest.raises(DatabaseError, match="subject_erasure_has_a_ground"):
        SubjectRequest.objects.create(
            kind="erase", subject_kind="customer", subject_id=alpha.pk, asked_at=timezone.now()
        )


@pytest.mark.services
def test_an_erasure_killed_before_its_files_is_taken_up_there_and_one_that_fails_says_so(
    alpha: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident, other = plant(alpha), plant(alpha, "Ottermole")
    browser = sign_in("alpha", "operator_admin")
    asked(browser, ident)
    assert work("privacy.erase") == "done"
    with monkeypatch.context() as broken:
        broken.setattr(erasures, "remove", mock.Mock(side_effect=OSError("disk")))
        provision()
    one = Erasure.objects.get()
    assert (one.state, len(one.leftover)) == ("removing", 2)
    assert len(files_with(WORD)) == 2
    Erasure.objects.update(lease_until=None)
    provision()
    one.refresh_from_db()
    assert (one.state, one.leftover) == ("done", [])
    assert everywhere(alpha) == NOWHERE

    asked(browser, other)
    assert work("privacy.erase") == "done"
    with monkeypatch.context() as broken:
        broken.setattr(erasures, "erase", mock.Mock(side_effect=DatabaseError("locked")))
        for _ in range(6):
            Erasure.objects.filter(state="asked").update(lease_until=None)
            provision()
    assert Erasure.objects.get(state="refused").finished_at is not None
    with enter(alpha.ref()):
        assert SubjectRequest.objects.get(subject_id=other).state == "failed"
    assert len(everywhere(alpha, "Ottermole")["client"]) > 10
    assert "not done" in browser.get(page(other)).content.decode()
    assert asked(browser, other).status_code == 302, "it can be asked for again"
