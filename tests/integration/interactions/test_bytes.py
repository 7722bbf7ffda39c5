"""The bytes of a recording by ranges, in little memory and under their own type; and one line a listening."""

import io
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from bpo.audit.models import Entry
from bpo.files.services import path_of
from bpo.tenancy.context import enter
from interactions.models import Actor, Recording
from tests.integration.interactions.listening import (
    FROM,
    TO,
    grant,
    recorded,
    render,
    second,
    served,
    status,
    ticket,
)
from tests.integration.interactions.sounds import call
from tests.people import sign_in

pytestmark = pytest.mark.usefixtures("own_files")


RANGES = [
    ("", 200, 0, None), ("bytes=0-99", 206, 0, 100), ("bytes=100-", 206, 100, None), ("bytes=0-", 206, 0, None),
    ("bytes=-10", 206, -10, None), ("bytes=-99999999", 206, 0, None), ("bytes=100-9999999", 206, 100, None),
    ("Bytes=0-0", 206, 0, 1), ("bytes=99999999-", 416, 0, 0), ("bytes=-0", 416, 0, 0),
    # What isn't one range of bytes is not asked for: the whole comes.
    ("bytes=0-1,5-9", 200, 0, None), ("bytes=-", 200, 0, None), ("lines=1-2", 200, 0, None), ("bytes=9-3", 200, 0, None),
    ("bytes=0-99999999999999999999999", 200, 0, None), ("bytes=a-b", 200, 0, None),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "status", "start", "end"), RANGES)
def test_sound_comes_by_ranges(alpha: Any, asked: str, status: int, start: int, end: int | None) -> None:
    with enter(alpha.ref()):
        made = recorded()
        content = path_of(made.file).read_bytes()
    lead = sign_in("alpha", "team_lead")
    answer = lead.get(ticket(lead, made), headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == "attachment"
    if status == 416:
        assert answer["Content-Range"] == f"bytes */{len(content)}"
        return
    wanted = content[start:end]
    assert answer.getvalue() == wanted
    assert (answer["Content-Type"], answer["Accept-Ranges"]) == ("audio/flac", "bytes")
    assert answer["Content-Length"] == str(len(wanted))
    if status == 206:
        first = content.index(wanted) if start >= 0 else len(content) + start
        assert answer["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(content)}"


def test_a_condition_on_a_range_asks_for_the_whole(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = recorded()
    lead = sign_in("alpha", "team_lead")
    answer = lead.get(ticket(lead, made), headers={"Range": "bytes=0-9", "If-Range": '"x"'})
    assert (answer.status_code, len(answer.getvalue())) == (200, made.file.size)


@pytest.mark.parametrize(("head", "kind"), [
    (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"), (b"OggS" + b"\0" * 30, "audio/ogg"), (b"ID3\x03" + b"\0" * 30, "audio/mpeg"),
    (b"\xff\xfb\x90\x00" + b"\0" * 30, "audio/mpeg"), (b"<html><script>alert(1)</script>", "application/octet-stream"),
])  # fmt: skip
def test_the_type_is_the_contents_whatever_the_file_is_called(alpha: Any, head: bytes, kind: str) -> None:
    """Recordings kept by earlier versions are as they came; none is ever sent as a page."""
    with enter(alpha.ref()):
        made = recorded()
        path_of(made.file).write_bytes(head)
    lead = sign_in("alpha", "team_lead")
    answer = lead.get(ticket(lead, made))
    answer.close()
    assert answer["Content-Type"] == kind


def test_a_large_recording_is_sent_in_little_memory(alpha: Any) -> None:
    """200 MB, through the view, in a process whose memory may grow by 60 MB."""
    with enter(alpha.ref()):
        made = recorded()
        with path_of(made.file).open("r+b") as file:
            file.truncate(200_000_000)
    lead = sign_in("alpha", "team_lead")
    there = ticket(lead, made)
    before, sent = _resident(), 0
    answer = lead.get(there)
    for piece in answer.streaming_content:
        sent += len(piece)
    answer.close()
    assert (sent, answer["Content-Length"]) == (200_000_000, "200000000")
    assert _resident() - before < 60_000_000


def _resident() -> int:
    """The most this process has held, in bytes; what was held before counts for both sides of a difference."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_bytes_that_are_gone_answer_as_missing(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = recorded()
    lead = sign_in("alpha", "team_lead")
    there = ticket(lead, made)
    with enter(alpha.ref()):
        path_of(made.file).unlink()
    assert status(lead, there) == 404


def test_a_listening_is_one_line_however_often_it_seeks(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = recorded()
    lead = sign_in("alpha", "team_lead")
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for start in range(0, 200, 10):
            lead.get(ticket(lead, made), headers={"Range": f"bytes={start}-{start + 9}"}).close()
        lead.head(ticket(lead, made)).close()
        clock.shift(timedelta(minutes=10))
        lead.head(ticket(lead, made)).close()
        with enter(alpha.ref()):
            [line] = Entry.objects.filter(action="recording.played")
            assert (line.target_id, line.detail) == (str(made.pk), {"heard": "original"})
            assert Actor.objects.get(pk=line.actor_id).display_name == "Team Lead"
        lead.get(ticket(lead, made)).close()
    with enter(alpha.ref()):
        assert Entry.objects.filter(action="recording.played").count() == 2


def test_a_recording_redacted_before_there_were_copies_gets_one(alpha: Any) -> None:
    """As an earlier version left it: spans, and no copy. Until one is made the client's people hear nothing."""
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded()
        Recording.objects.update(redactions=[{"from_ms": FROM, "to_ms": TO, "why": "card number removed"}])
    browser = sign_in("alpha", "client_user")
    assert status(browser, f"/interactions/{made.interaction_id}/sound/") == 404
    call_command("render_copies", "--client", "alpha", stdout=io.StringIO())
    render(alpha)
    assert not second(served(browser, made), 1).any()


def test_consent_comes_with_an_interaction_and_a_file_that_says_nothing_takes_none_back(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        call(datetime(2026, 11, 20, tzinfo=UTC), "old")
    item = {
        "source": "api", "external_id": "c-1", "direction": "in", "channel": "voice", "queue": "billing",
        "started_at": "2026-11-20T01:14:05+00:00",
    }  # fmt: skip

    def send(**more: str) -> Any:
        return lead.post("/api/v1/interactions/", item | more, content_type="application/json")

    made = send(consent="refused")
    assert (made.status_code, made.json()["consent"]) == (201, "refused")
    assert send(talk_seconds="60").json()["consent"] == "refused"
    assert send(consent="perhaps").status_code == 400


def test_the_box_starts_without_the_product() -> None:
    """A sound costs a fraction of a second, and what a decoder could reach is nothing but the sound."""
    told = "import sys, interactions.soundbox; print('django' in sys.modules, 'psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=settings.ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["False", "False"]
