"""A recorded call, who hears it, and what they are sent, for tests."""

import io
from datetime import timedelta
from typing import Any

import numpy as np
import soundfile
from django.utils import timezone

from accounts.models import Membership
from accounts.services.terms import set_terms
from bpo.actors import By, system
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import as_app
from interactions.domain.spans import Kind, Span
from interactions.models import Line, Recording
from interactions.voice import add_recording, redact
from tests.integration.interactions.sounds import RATE, call, encoded, tone
from tests.people import sign_in

BY = system("t")
OPERATOR = By("operator", "Ewelina")
FROM, TO = 1000, 2000  # ms: what is redacted


def grant(client: Any, *, hears: bool = True) -> None:
    set_terms(
        client=client, agreed={"hears_recordings": hears}, reason=f"hears {hears}", by=OPERATOR, now=timezone.now()
    )


def recorded(number: str = "call-1", *, kind: Kind | None = None, **more: Any) -> Recording:
    """A recorded call of three seconds; inside the client. With a kind, its second second is to be silenced."""
    now = timezone.now()
    one = call(now, number, **more)
    for place, (start, text) in enumerate(
        ((0, "May I have the number?"), (1200, "My word is Zquail."), (2200, "Thanks."))
    ):
        Line.objects.create(
            interaction=one, number=place, speaker="agent", starts_ms=start, ends_ms=start + 700, text=text
        )
    made = add_recording(interaction=one, stream=io.BytesIO(encoded(voice())), name="c.wav", by=BY, now=now)
    if kind is not None:
        redact(recording_id=made.pk, spans=[Span(FROM, TO, kind)], number=0, by=BY, now=now)
    return made


def voice() -> Any:
    """Three seconds of a tone with a hiss, of which no two pieces are the same bytes."""
    return tone() + np.random.default_rng(3).normal(0, 0.02, (3 * RATE, 2))


def render(client: Any) -> None:
    with as_app():
        for job in Job.objects.filter(kind="interactions.render_copy", client=client, state="ready"):
            assert execute(job.pk, job.kind) == "done"


def status(browser: Any, path: str) -> int:
    """How a request is answered, with what is sent let go."""
    answer = browser.get(path)
    answer.close()
    return int(answer.status_code)


def ticket(browser: Any, made: Recording) -> str:
    answer = browser.get(f"/interactions/{made.interaction_id}/sound/")
    assert answer.status_code == 200, answer.status_code
    return str(answer.json()["url"])


def served(browser: Any, made: Recording) -> bytes:
    answer = browser.get(ticket(browser, made))
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def second(content: bytes, number: int) -> Any:
    """The samples of one second, as a listener hears them."""
    samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
    assert (rate, samples.shape[1]) == (RATE, 2)
    return samples[number * RATE : (number + 1) * RATE]


def as_role(role: str, client: str = "alpha") -> Any:
    """Signed in with a role; a third party's access has an end, which is set once the account is there."""
    if role != "third_party":
        return sign_in(client, role)
    browser = sign_in(client, "client_user", email=f"third@{client}.example")
    found = Membership.objects.filter(user__email=f"third@{client}.example")
    found.update(role="third_party", ends_at=timezone.now() + timedelta(days=30))
    return browser
