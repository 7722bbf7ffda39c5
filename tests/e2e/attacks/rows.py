"""Rows that neither the demo nor a day's work leaves behind, so that every column for text has one to stand in."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import ExternalIdentity, IdentityProvider, Passkey, User
from bpo.idempotency.models import Key
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.models import SchemaState
from bpo.webhooks.models import Delivery
from qa.models import Evidence, Note
from scheduling.models import ExternalInterval, Forecast, ForecastEdit, PromisedCallback, SpecialEvent
from tests.e2e.attacks.corpus import LONG

HEADINGS = ("employee_no", "hire_date", "<img src=x onerror=xss() data-xss>")


def left_behind(client: Any, hr: Any) -> None:
    """One row for each: what signs people in, a failed schema, an answer kept, a delivery tried, evidence submitted."""
    now = timezone.now()
    sent = hr.post("/people/import/", {"file": SimpleUploadedFile("people.csv", people())})
    assert sent.status_code == 302, "a file of people waits to be imported"
    for user in User.objects.filter(is_active=True):  # whoever looks at the page of their second step has one
        Passkey.objects.create(
            user=user, name="x", rp_id="bpo.test", credential_id=user.pk.bytes, credential=b"x", made_at=now
        )
    provider = IdentityProvider.objects.filter(realm=None).first() or IdentityProvider.objects.create(
        name="x", issuer="https://login.example", client_id="x", sealed_secret=b"x", made_at=now
    )
    staff = User.objects.filter(realm=None).latest("pk")
    ExternalIdentity.objects.create(provider=provider, subject="x", user=staff, made_at=now)
    with as_owner():
        last = SchemaState.objects.exclude(client_id=client.pk).latest("seen_at")
        SchemaState.objects.filter(pk=last.pk).update(problem="x", failed_at=now)
    with enter(client.ref()):
        Key.objects.create(principal="x", key="x", request_hash="x", status=201, answer={}, created_at=now)
        tried = {"at": now.isoformat(), "ms": 9, "status": 500, "problem": "x"}
        Delivery.objects.update(tries=[tried])
        for note in Note.objects.filter(revision__isnull=False).select_related("revision")[:2000]:
            about = {"revision": note.revision, "interaction_id": note.interaction_id, "agent_id": note.agent_id}
            Evidence.objects.create(**about, start_ms=0, end_ms=900, question="q01", quote="x")
    _known_ahead(client, now)


def _known_ahead(client: Any, now: datetime) -> None:
    """What a planner and another system said of the weeks that are forecast: events, changes, volumes, callbacks."""
    with as_owner(client.schema_name):
        weeks = [(one.queue_id, one.week_start) for one in Forecast.objects.order_by("-pk")[:20]]
        for number, (queue, monday) in enumerate(weeks * 3):
            start = datetime.combine(monday, time(9), UTC) + timedelta(days=number // len(weeks))
            hour = {"queue_id": queue, "made_at": now}
            SpecialEvent.objects.create(**hour, name="x", first_day=start.date(), last_day=start.date(), factor=1.1)
            ForecastEdit.objects.create(
                **hour, begins_at=start, ends_at=start + timedelta(hours=2), factor=1.1, reason="x"
            )
            ExternalInterval.objects.create(queue_id=queue, source=f"x{number}", starts_at=start, minutes=30, volume=3)
            PromisedCallback.objects.create(
                queue_id=queue, source="x", external_id=f"x{number}", window_start=start,
                window_end=start + timedelta(hours=1), state="due",
            )  # fmt: skip
        for place, one in enumerate(Forecast.objects.all()):
            said = [[LONG[place % len(LONG)], one.week_start.isoformat(), 1.1, 3]]
            Forecast.objects.filter(pk=one.pk).update(effects=said)


def people() -> bytes:
    """A file whose headings and cells are texts of the corpus."""
    rows = [",".join(quoted(text) for text in (f"E{number}", "soon", text)) for number, text in enumerate(LONG)]
    return "\n".join([",".join(quoted(text) for text in HEADINGS), *rows]).encode()


def calls() -> bytes:
    """The same of interactions: names of agents, queues and whatever else a row says are texts of the corpus."""
    rows = [
        ",".join(quoted(text) for text in (f"x{number} {text}", text, "2026-03-02 09:00", text[:80]))
        for number, text in enumerate(LONG)
    ]
    return "\n".join(["Call Id,Agent,Start,Skill", *rows]).encode()


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
