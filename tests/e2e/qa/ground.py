"""A client with a 12-question scorecard and calls to review, made before the browser comes."""

import io
import math
import struct
import wave
from datetime import UTC, datetime, timedelta
from typing import Any

from bpo.actors import system
from bpo.files.services import store_file
from interactions.models import Actor, Interaction, Line, Queue, Reason, Recording, Team
from qa.models import Picked
from qa.services import publish_scorecard, queue_interaction

NOW = datetime.now(UTC).replace(microsecond=0)
SECONDS = 40
SAID = [
    (0, 4, "agent", "Thank you for calling Norvik Telecom, you are speaking with Maricel. How can I help?"),
    (4, 9, "customer", "Good. I’m looking at my statement and it’s simply wrong."),
    (9, 14, "agent", "I’ve opened your account, Mrs Whitcombe. Which charge looks wrong to you?"),
    (14, 20, "customer", "The October one. It’s forty-two pounds ninety and then again forty-two pounds ninety."),
    (24, 30, "agent", "Let me check both invoices side by side so I can tell you which one is the duplicate before I change anything."),
    (30, 34, "customer", "All right, I’ll hold."),
    (34, 40, "agent", "Ours to fix either way. I’m reversing it now, you’ll see it by Tuesday."),
]  # fmt: skip
SCALE = [
    {"key": "fully", "points": 2, "label": "Fully"},
    {"key": "partly", "points": 1, "label": "Partly"},
    {"key": "no", "points": 0, "label": "No"},
]
FATAL = [
    {"key": "done", "points": 1, "label": "Done"},
    {"key": "missed", "points": 0, "label": "Missed", "autofail": True},
]
SECTIONS = (
    ("opening", "Opening", 20, ("Greeting and brand name", "Authentication before account data!")),
    ("discovery", "Discovery", 30, ("Listens without interrupting", "States the goal of the call", "Verifies the reason before offering a fix", "Checks account history")),
    ("resolution", "Resolution", 30, ("Correct explanation of the invoice!", "Credit within authority, case noted", "Owns the problem, no needless transfer")),
    ("closing", "Closing", 20, ("Summary and next step with a date", "Asks if anything else is open", "Closes in the client’s words")),
)  # fmt: skip


def content() -> dict[str, Any]:
    """Twelve questions in four sections; those marked ! fail the form, the last two may be N/A."""
    number, sections = 0, []
    for key, title, weight, texts in SECTIONS:
        asked = []
        for text in texts:
            number += 1
            asked.append(_question(f"q{number}", text, number))
        sections.append({"key": key, "title": title, "weight": weight, "questions": asked})
    return {"mode": "nested", "pass_mark": 80, "sections": sections}


def _question(key: str, text: str, number: int) -> dict[str, Any]:
    found = {"key": key, "type": "choice", "weight": 1, "text": f"Did the agent do this: {text.strip('!').lower()}?"}
    found |= {"short": text.strip("!"), "options": SCALE, "allow_na": number > 10}
    if number == 5:
        found |= {"guidance": "Fully: both invoices opened and the duplicate named to the customer."}
    if text.endswith("!"):
        found |= {"options": FATAL, "error_class": "compliance", "autofail_scope": "form"}
    return found


def sound() -> bytes:
    """Forty seconds of two tones in turn, 8 kHz, two channels."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(8000)
        frames = bytearray()
        for at in range(SECONDS * 8000):
            agent = any(a <= at / 8000 < b for a, b, who, _ in SAID if who == "agent")
            customer = any(a <= at / 8000 < b for a, b, who, _ in SAID if who == "customer")
            tone = int(9000 * math.sin(at / 8))
            frames += struct.pack("<hh", tone if agent else 0, tone if customer else 0)
        out.writeframes(bytes(frames))
    return buffer.getvalue()


def peaks() -> dict[str, Any]:
    speaking = {"agent": [], "customer": []}  # type: dict[str, list[int]]
    for quarter in range(SECONDS * 4):
        for who, values in speaking.items():
            on = any(a <= quarter / 4 < b for a, b, speaker, _ in SAID if speaker == who)
            values.append(90 + (quarter * 37) % 150 if on else 0)
    return {"per_second": 4, **speaking}


def calls(agent: Actor, count: int) -> None:
    """`count` recorded calls of the agent in the queue, and one more that nobody has picked."""
    version = publish_scorecard(
        key="voice", name="Billing calls", content=content(), channel="voice", by=system("ground"), now=NOW
    )
    queue = Queue.objects.create(key="billing", name="Billing EN")
    reason = Reason.objects.create(key="charge", name="Charge disputed")
    Actor.objects.filter(pk=agent.pk).update(team=Team.objects.create(name="Billing Cebu"))
    recorded = sound()
    for number in range(count + 1):
        started = NOW - timedelta(days=2, minutes=number)
        one = Interaction.objects.create(
            source="acd", external_id=f"call-{number}", queue=queue, reason=reason, agent=agent, started_at=started,
            ended_at=started + timedelta(seconds=SECONDS), business_date=started.date(), zone="Asia/Manila",
            talk_seconds=SECONDS,
        )  # fmt: skip
        stored = store_file(
            stream=io.BytesIO(recorded), name="call.wav", purpose="recording", by=system("ground"), now=NOW, limit=10**7
        )
        Recording.objects.create(
            interaction=one, file=stored, duration_ms=SECONDS * 1000, peaks=peaks(),
            redactions=[{"from_ms": 20_000, "to_ms": 24_000, "kind": "card"}],
        )  # fmt: skip
        Line.objects.bulk_create(
            Line(interaction=one, number=place, speaker=who, starts_ms=a * 1000, ends_ms=b * 1000, text=text)
            for place, (a, b, who, text) in enumerate(SAID, start=1)
        )
        if number == count:
            break
        queue_interaction(
            interaction_id=one.pk, scorecard=version.scorecard, why="Charge disputed twice in a month",
            picked=Picked.TARGETED, due_on=NOW.date() + timedelta(days=number), by=system("ground"), now=NOW,
        )  # fmt: skip
