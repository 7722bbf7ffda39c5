"""A notice reaches a person as they prefer it; kept answers go after two days."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from accounts.models import Client
from bpo.embedded.mail import Sink
from bpo.idempotency.models import Key
from bpo.notices.models import Mail, Notice
from bpo.notices.services import prefer, tell
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.slots import tick
from bpo.tenancy.context import enter
from tests.people import sign_in
from workforce.models import Seat


def actor_of(client: Any, email: str) -> uuid.UUID:
    return Seat.objects.get(client=client, user__email=email).actor_id


def work_off() -> list[str]:
    """Run every ready job, those it makes included; the states they ended in."""
    ended = []
    while job := Job.objects.filter(state="ready", run_at__lte=timezone.now()).order_by("id").first():
        ended.append(execute(job.pk, job.kind))
    return ended


@pytest.mark.parametrize(
    ("in_app", "by_mail", "unread", "mails"),
    [(True, False, 1, 0), (True, True, 1, 1), (False, True, 0, 1), (False, False, 0, 0)],
)
def test_a_person_is_told_as_they_prefer(
    alpha: Any, tmp_path: Path, in_app: bool, by_mail: bool, unread: int, mails: int
) -> None:
    sign_in("alpha", "agent")
    actor = actor_of(alpha, "agent@alpha.example")
    sink = Sink(tmp_path / "mail").start()
    try:
        with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=sink.port):
            with enter(alpha.ref()):
                prefer(actor_id=actor, kind="k", in_app=in_app, by_mail=by_mail)
                for _ in range(2):
                    tell(
                        actor_id=actor, kind="k", text="Shift published", path="/x/", dedupe_key="1", now=timezone.now()
                    )
            assert set(work_off()) <= {"done"}
    finally:
        sink.stop()
    assert [message.to for message in sink.messages()] == [["agent@alpha.example"]] * mails
    with enter(alpha.ref()):
        assert Notice.objects.filter(read_at=None).count() == unread
        assert Mail.objects.filter(state="sent").count() == mails


def test_a_line_break_in_a_name_keeps_no_mail_from_going(alpha: Any, tmp_path: Path) -> None:
    """Nor does it begin a header of its own."""
    sign_in("alpha", "agent")
    actor, now = actor_of(alpha, "agent@alpha.example"), timezone.now()
    Client.objects.filter(pk=alpha.pk).update(name="Alpha\r\nBcc: everybody@alpha.example")
    alpha.refresh_from_db()
    with Sink(tmp_path / "mail") as sink, override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=sink.port):
        with enter(alpha.ref()):
            prefer(actor_id=actor, kind="k", in_app=True, by_mail=True)
            tell(actor_id=actor, kind="k", text="Week 12\u2028published", path="/x/", dedupe_key="1", now=now)
        assert set(work_off()) <= {"done"}
        [mail] = sink.messages()
        message = sink.message(mail)
    assert mail.subject == "Week 12 published"
    assert message["From"].addresses[0].display_name == "Alpha Bcc: everybody@alpha.example"
    assert message["Bcc"] is None
    assert mail.to == ["agent@alpha.example"]


def test_whoever_imports_is_told_when_it_is_done(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    text = "id,started_at,queue,channel,direction,source\n1,2026-01-02 10:00,voice,voice,in,calls\n"
    mapping = (
        '{"version": 1, "columns": {"id": "external_id", "started_at": "started_at", "queue": "queue", '
        '"channel": "channel", "direction": "direction", "source": "source"}, "dates": ["%Y-%m-%d %H:%M"], '
        '"create_missing": ["queue"]}'
    )
    files = {
        "file": SimpleUploadedFile("calls.csv", text.encode()),
        "mapping": SimpleUploadedFile("mapping.json", mapping.encode()),
    }
    run = browser.post("/imports/new/", files)["Location"]
    browser.post(f"{run}start/")
    assert work_off() == ["done"]
    page = browser.get("/notices/").content.decode()
    assert "calls.csv: 1 of 1 rows imported." in page


def test_kept_answers_go_after_two_days_by_the_daily_slot(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        for key, age in (("old", 3), ("new", 1)):
            Key.objects.create(principal="p", key=key, request_hash="h", created_at=now - timedelta(days=age))
    assert tick(now=now) >= 1
    assert set(work_off()) == {"done"}
    with enter(alpha.ref()):
        assert list(Key.objects.values_list("key", flat=True)) == ["new"]


def test_the_bell_counts_ones_own_unread_notices_and_one_press_reads_them(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    actor = actor_of(alpha, "agent@alpha.example")
    with enter(alpha.ref()):
        for key, whose in (("a", actor), ("b", actor), ("c", uuid.uuid4())):
            tell(actor_id=whose, kind="k", text="t", path="/", dedupe_key=key, now=timezone.now())
    assert browser.get("/notices/unread/").json() == {"unread": 2}
    page = browser.get("/notices/").content.decode()
    assert "2 of them are unread." in page
    assert 'data-bell="/notices/unread/"' in page
    assert browser.post("/notices/read/").status_code == 302
    assert browser.get("/notices/unread/").json() == {"unread": 0}
    with enter(alpha.ref()):
        assert Notice.objects.filter(read_at=None).count() == 1, "another's notice stays unread"
