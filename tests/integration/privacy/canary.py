"""One customer whose name is in every place a customer's text may be, and a look at every place there is."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction

from bpo.actors import system
from bpo.files.services import store_file
from bpo.idempotency.models import Key
from bpo.imports.registry import IMPORTERS
from bpo.imports.services import execute_run, queue_run
from bpo.imports.uploading import Upload, receive
from bpo.notices.models import Mail, Notice
from bpo.outbox.models import Job
from bpo.tenancy.context import as_app, as_owner, enter
from interactions.models import Actor, Case, Customer, Interaction, Line, Recording, Resolution
from qa.models import Evaluation, NoteDraft, ReviewTask
from qa.services import submit
from surveys.models import Candidate, Invitation, Response
from surveys.services import consider
from tests.integration.qa.build import answer, begun, by, interaction, task

WORD: Final = "Zquailfinch"
REFERENCE: Final = f"{WORD}-0042"
NOW: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
FILE: Final = (
    "external_id,queue,agent,started_at,customer_ref,customer_name\r\n"
    f"csv-1-{WORD},Billing EN,Maricel,2026-11-20 09:00,{REFERENCE},Ana {WORD}\r\n"
    f"csv-2-{WORD},Billing EN,Nobody {WORD},2026-11-20 09:00,{REFERENCE},Ana {WORD}\r\n"
)


def imported(text: str = FILE, name: str = f"from {WORD}.csv") -> Any:
    """A file through the import, its second row refused for an agent nobody knows."""
    raw = text.encode()
    upload = Upload(io.BytesIO(raw), name, len(raw))
    run = receive(upload, IMPORTERS["interactions"], by=system("t"), now=NOW)
    queue_run(run_id=run.pk, by=system("t"), now=NOW)
    return execute_run(run_id=run.pk)


def plant(client: Any, word: str = WORD) -> Any:
    """The customer's id, with everything about them in place. Made inside the client, as the client's role."""
    with enter(client.ref()):
        customer = Customer.objects.create(
            reference=f"{word}-0042", name=f"Ana {word}", email=f"ana@{word.lower()}.example", phone=f"+49 {word}"
        )
        case = Case.objects.create(
            reference=f"matter-{word}", customer=customer, opened_at=NOW, state="resolved", resolved_at=NOW,
            resolution_number=1,
        )  # fmt: skip
        one = task(f"call-{word}")
        about = {"customer": customer, "case": case, "abusive": True, "abusive_reason": f"shouted {word}"}
        Interaction.objects.filter(pk=one.interaction_id).update(**about)
        loose = interaction(one.agent, f"chat-{word}", case=case)  # known by its case alone
        _said(one.interaction, word)
        _said(loose, word, sound=False)
        ReviewTask.objects.filter(pk=one.pk).update(why=f"{word} complained")
        _scored(one, word)
        _asked(case, word)
        with transaction.atomic():
            _around(word)
    with as_app():
        Job.objects.create(
            kind="surveys.never",
            dedupe_key=str(customer.pk),
            client=client,
            state="dead",
            last_error=f"550 ana@{word}.example",
        )
    return customer.pk


def _said(about: Interaction, word: str, *, sound: bool = True) -> None:
    Line.objects.create(
        interaction=about, number=1, speaker="customer", starts_ms=0, ends_ms=900, text=f"My name is {word}."
    )
    if sound:
        stored = store_file(
            stream=io.BytesIO(f"RIFF {word}".encode()), name=f"{word}.wav", purpose="recording", by=system("t"),
            now=NOW, limit=1000,
        )  # fmt: skip
        copy = store_file(
            stream=io.BytesIO(f"fLaC {word}".encode()), name="redacted.flac", purpose="recording_redacted",
            by=system("t"), now=NOW, limit=1000,
        )  # fmt: skip
        Recording.objects.create(
            interaction=about, file=stored, duration_ms=900, peaks={}, redactions=[{"from_ms": 0, "to_ms": 9}],
            spans_number=1, redacted_file=copy, redacted_number=1,
        )  # fmt: skip


def _scored(one: ReviewTask, word: str) -> None:
    """Submitted with a note, which is frozen then, and a note of another evaluation that is still written."""
    scoring = begun(one)
    for seq, key in enumerate(("q1", "law"), start=1):
        answer(scoring, seq, key, "yes")
    NoteDraft.objects.create(evaluation=scoring, text=f"{word} was angry", saved_at=NOW)
    submit(evaluation_id=scoring.pk, seq=2, by=by(scoring.evaluator), now=NOW)
    again = Evaluation.objects.get(pk=scoring.pk)
    NoteDraft.objects.create(evaluation=again, text=f"ask {word} again", saved_at=NOW)


def _asked(case: Case, word: str) -> None:
    resolution = Resolution.objects.create(case=case, number=1, resolved_at=NOW, source="person")
    consider(resolution_ids=[resolution.pk], by=system("t"), now=NOW)
    invitation = Invitation.objects.get(candidate__resolution=resolution)
    Response.objects.create(invitation=invitation, score=2, comment=f"{word} is unhappy", answered_at=NOW)
    Mail.objects.filter(pk=invitation.mail_id).update(answer=f"550 no {word} here")
    assert Candidate.objects.filter(resolution=resolution).exists()


def _around(word: str) -> None:
    """What refers to nobody and quotes what they are called."""
    answer = {"items": [{"customer": f"Ana {word}", "reference": f"{word}-0042"}]}
    Key.objects.create(principal="t", key=f"matter-{word}", request_hash="x", status=200, answer=answer, created_at=NOW)
    who = Actor.objects.order_by("pk").values_list("pk", flat=True)[0]
    Notice.objects.create(actor_id=who, kind="t", text=f"ana {word} called", dedupe_key=word[:1], created_at=NOW)


def rows_with(word: str, schema: str) -> list[str]:
    """Tables of a schema with a row that holds the word anywhere."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}" t WHERE t::text ILIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def files_with(word: str) -> list[str]:
    """Files under the media and export folders that hold the word, by name or in their bytes, archives unpacked."""
    found = []
    for root in (Path(settings.MEDIA_ROOT), Path(settings.EXPORT_ROOT)):
        for place in sorted(root.rglob("*")):
            if place.is_file() and any(word.lower().encode() in one.lower() for one in _contents(place)):
                found.append(str(place.relative_to(root)))
    return found


def _contents(place: Path) -> Iterator[bytes]:
    yield place.name.encode()
    yield place.read_bytes()
    if zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)


def cached_with(word: str) -> list[str]:
    caches_held = [getattr(caches[name], "_cache", {}) for name in settings.CACHES]
    return [str(key) for held in caches_held for key, value in held.items() if word.lower() in f"{key}{value}".lower()]
