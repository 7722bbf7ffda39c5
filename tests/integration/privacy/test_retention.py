"""What is past its term ends at night, batch by batch, exactly on the day; the log is cut and still verifies."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Checkpoint, Entry, Head
from bpo.audit_writing import check
from bpo.files.models import StoredFile
from bpo.files.services import path_of, store_file
from bpo.notices.models import Mail, Notice
from bpo.ops_audit.models import Entry as OperatorEntry
from bpo.outbox.slots import DAILY
from bpo.privacy import retaining
from bpo.privacy.files import place_of
from bpo.tenancy.context import enter
from console.models import RetentionRun, RetentionTerm
from console.retention import carry_on
from interactions.models import Customer, Interaction, Line, Recording
from surveys.models import Response
from tests.integration.privacy.canary import imported, plant

DAY = datetime(2026, 11, 29, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    monkeypatch.setattr(settings, "EXPORT_ROOT", tmp_path / "exports")


def retain(*arguments: str) -> Any:
    out = io.StringIO()
    call_command("retain", "--client", "alpha", "--json", *arguments, stdout=out)
    return {one["model"]: (one["becomes"], one["rows"]) for one in json.loads(out.getvalue())}


def night() -> int:
    turns = 0
    while carry_on(now=timezone.now()):
        turns += 1
    return turns


@pytest.mark.services
def test_each_kind_ends_on_its_day_and_not_before(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(alpha)
    with enter(alpha.ref()):
        imported()
        # The client's clock is Berlin's: the oldest day kept of 90 is 31 August there, which begins at 22:00 UTC.
        Interaction.objects.update(started_at=datetime(2026, 8, 30, 22, tzinfo=UTC), ended_at=None)
        old = datetime(2026, 8, 30, 21, 59, tzinfo=UTC)
        first = Interaction.objects.filter(lines__isnull=False).order_by("pk")[0].pk
        who = Notice.objects.get().actor_id
        for n in "12":
            Notice.objects.create(actor_id=who, kind="t", text=n, dedupe_key=n, created_at=DAY)
        Notice.objects.update(created_at=DAY - timedelta(days=10))
        sound = Recording.objects.get()
        place = path_of(sound.file)
        ratings, customers = Response.objects.count(), Customer.objects.count()
    with time_machine.travel(DAY, tick=True):
        assert "interactions.Line" not in retain("--dry-run")
        with enter(alpha.ref()):
            Interaction.objects.filter(pk=first).update(started_at=old)
        assert retain("--dry-run") == {"interactions.Recording": ("delete", 1), "interactions.Line": ("delete", 1)}
        assert retain("--dry-run")["interactions.Line"] == ("delete", 1), "a dry run changes nothing"
        assert not RetentionRun.objects.exists()
        retain()
        retain()
        assert RetentionRun.objects.count() == 1
        night()
    with enter(alpha.ref()):
        assert Line.objects.count() == 1
        assert not Recording.objects.exists()
        assert not StoredFile.objects.filter(pk=sound.file_id).exists()
        assert not place.exists()
    assert OperatorEntry.objects.get(action="retention.ended").detail == {
        "rows": {"interactions.Line": 1, "interactions.Recording": 1}
    }

    monkeypatch.setattr(retaining, "BATCH", 1)
    with time_machine.travel(DAY + timedelta(days=800), tick=True):
        found = retain("--dry-run")
        assert found["surveys.Response"] == ("anonymise", 1)
        assert {"notices.Mail", "surveys.Invitation", "imports.RejectedRow", "files.StoredFile", "audit.Entry"} <= set(
            found
        )
        retain()
        assert night() == 4, "three notices one by one, and a look that finds nothing"
        assert retain("--dry-run") == {}
    with enter(alpha.ref()):
        assert (Response.objects.count(), Customer.objects.count()) == (ratings, customers)
        assert Response.objects.get().comment == ""
        assert set(Mail.objects.values_list("address", flat=True)) == {""}
        assert not path_of(StoredFile.objects.get(purpose="import")).exists()
        assert Checkpoint.objects.exists()
        assert Entry.objects.count() == 1, "the newest line stays"
        assert check(Entry, Head, Checkpoint)[1] == []
    call_command("verify_audit", "--client", "alpha", stdout=io.StringIO())


@pytest.mark.services
def test_a_contract_says_other_days_for_one_client(alpha: Any, beta: Any) -> None:
    for client in (alpha, beta):
        plant(client)
    later = timezone.now() + timedelta(days=40)
    with time_machine.travel(later, tick=True):
        assert retain("--dry-run") == {}
        retain("--set", "recordings=30")
        assert set(retain("--dry-run")) == {"interactions.Recording", "interactions.Line"}
        out = io.StringIO()
        call_command("retain", "--client", "beta", "--dry-run", stdout=out)
        assert out.getvalue() == "Nothing is past its term.\n"
        call_command("retain", "--client", "alpha", "--dry-run", stdout=(out := io.StringIO()))
        assert "1  Recording: deleted" in out.getvalue()
    line = OperatorEntry.objects.get(action="retention.term_set")
    assert line.detail == {"kind": "recordings", "changes": {"days": [None, 30]}}
    for wrong in ("recordings", "sound=3", "recordings=0", "recordings=-1"):
        with pytest.raises(CommandError):
            retain("--set", wrong)
    with pytest.raises(CommandError, match="no client"):
        call_command("retain", "--client", "nobody")
    with pytest.raises(DatabaseError, match="retention_term_is_up_to_ten_years"):
        RetentionTerm.objects.create(client=beta, kind="audit", days=0)
    assert [one.kind for one in DAILY if one.kind == "console.retention"] == ["console.retention"]


@pytest.mark.services
def test_a_batch_looks_at_so_many_files_and_never_twice_in_a_night(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    look = retaining._with_bytes

    def noted(client_id: Any, old: Any) -> Any:
        old = list(old)
        looked.extend(one.sha256 for one in old)
        return look(client_id, old)

    monkeypatch.setattr(retaining, "_with_bytes", noted)
    monkeypatch.setattr(retaining, "BATCH", 2)
    old = DAY - timedelta(days=200)

    def stored(text: bytes, at: datetime) -> StoredFile:
        return store_file(stream=io.BytesIO(text), name="f.csv", purpose="import", by=system("t"), now=at, limit=99)

    with enter(alpha.ref()):
        rows = [stored(text, old) for text in (b"a,1", b"b,2", b"b,2", b"c,3", b"kept,4")]
        stored(b"kept,4", DAY)
    with time_machine.travel(DAY, tick=True):
        assert retain("--dry-run")["files.StoredFile"] == ("anonymise", 4)
        retain()
        looked.clear()
        assert night() == 3, "two, two, and the last"
        assert looked == [row.sha256 for row in rows]
        assert [place_of(alpha.pk, row.sha256).exists() for row in rows] == [False] * 4 + [True], (
            "a newer file needs it"
        )
        assert retain("--dry-run") == {}
    assert RetentionRun.objects.get().counts == {"files.StoredFile": 3}, "equal content once"
    with time_machine.travel(DAY + timedelta(days=1), tick=True):
        retain()
        looked.clear()
        assert night() == 3
        assert len(looked) == 5
        place_of(alpha.pk, rows[0].sha256).parent.mkdir(parents=True, exist_ok=True)
        place_of(alpha.pk, rows[0].sha256).write_bytes(b"a,1")  # as a night killed before its files leaves it
    with time_machine.travel(DAY + timedelta(days=2), tick=True):
        retain()
        night()
    assert not place_of(alpha.pk, rows[0].sha256).exists()
