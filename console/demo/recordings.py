"""Sound and words for a share of the calls, and the messages of some chats and mails."""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction

from accounts.models import Client
from bpo.actors import system
from bpo.tenancy.context import enter
from console.demo.dialogue import CHANNEL, Call, Cast, Said, call, written
from console.demo.plans import ClientWork, Numbers
from console.demo.scripts import TOLD, WEST
from console.demo.seeds import stream
from console.demo.sound import record, voices
from console.demo.world import World
from interactions.domain.spans import Span
from interactions.models import Interaction, Line
from interactions.sounds import received
from interactions.voice import attach_sound, render_copy

CALLS: Final = {"norvik": 30, "alder": 26}
MESSAGES: Final = {"sunda": 48}
RECENT_DAYS: Final = 14
SHORTEST, LONGEST = 62, 160  # seconds of talk and hold


def seed(world: World, *, now: datetime) -> None:
    """Give recordings and transcripts to each client that has none."""
    stock = voices(stream(world.seed, "voices"))
    for key, work in world.work.items():
        with enter(Client.objects.get(key=key).ref()), transaction.atomic():
            if not Line.objects.exists():
                _record(world, work, stock, now)
                _write_down(world, work)


def _record(world: World, work: ClientWork, stock: tuple[list[Numbers], ...], now: datetime) -> None:
    rng = stream(world.seed, work.client.key, "recordings")
    wanted = CALLS.get(work.client.key, 0)
    lines: list[Line] = []
    made = 0
    for row in _recent(world, work, "voice", rng):
        if made == wanted:
            break
        found = call(_cast(work, row), _seconds(work, row) * 1000, rng)
        if found is None:
            continue
        interaction = Interaction(pk=work.interactions.id(row))
        _attach(interaction, found, record(_turns(found), found.milliseconds, stock, rng), now)
        lines += _lines(interaction, found.lines)
        made += 1
    Line.objects.bulk_create(lines)


def _attach(interaction: Interaction, found: Call, sound: bytes, now: datetime) -> None:
    by = system("demo")
    cuts = [Span(start, end, "card") for start, end in found.removed]
    with received(io.BytesIO(sound), trusted=True) as kept:
        made = attach_sound(
            interaction=interaction, sound=kept, name=f"{interaction.pk}.wav", redactions=cuts, by=by, now=now
        )
    if cuts:
        render_copy(recording_id=made.pk, by=by, now=now)


def _turns(found: Call) -> list[tuple[int, int, int]]:
    return [(CHANNEL[one.speaker], one.starts_ms, one.ends_ms) for one in found.lines if one.speaker in CHANNEL]


def _write_down(world: World, work: ClientWork) -> None:
    rng = stream(world.seed, work.client.key, "messages")
    lines: list[Line] = []
    for channel in ("chat", "email"):
        rows = list(_recent(world, work, channel, rng))[: MESSAGES.get(work.client.key, 0) // 2]
        for row in rows:
            wait, handle = int(work.interactions.wait[row]) * 1000, int(work.interactions.talk[row]) * 1000
            said = written(_cast(work, row), wait, handle, rng, mail=channel == "email")
            lines += _lines(Interaction(pk=work.interactions.id(row)), said)
    Line.objects.bulk_create(lines)


def _lines(interaction: Interaction, said: tuple[Said, ...]) -> Iterator[Line]:
    for number, one in enumerate(said, start=1):
        yield Line(
            interaction=interaction,
            number=number,
            speaker=one.speaker,
            starts_ms=one.starts_ms,
            ends_ms=one.ends_ms,
            text=one.text,
        )


def _seconds(work: ClientWork, row: int) -> int:
    return int(work.interactions.talk[row] + work.interactions.hold[row])


def _recent(world: World, work: ClientWork, channel: str, rng: np.random.Generator) -> Iterator[int]:
    """Answered interactions of the last days in an order by chance, each reason and agent in turn."""
    i, client = work.interactions, work.client
    here = np.array([queue.channel == channel for queue in client.queues])[i.queue]
    told = np.array([reason.key.removesuffix(WEST) in TOLD for reason in client.reasons])[i.reason]
    late = i.day >= world.today.toordinal() - RECENT_DAYS
    rows = np.flatnonzero(here & told & late & ~i.abandoned & (i.talk > 0))
    if channel == "voice":
        seconds = i.talk[rows] + i.hold[rows]
        rows = rows[(seconds >= SHORTEST) & (seconds <= LONGEST)]
    reasons: dict[int, int] = {}
    agents: dict[int, int] = {}
    order: list[tuple[int, int, int]] = []
    for row in rng.permutation(rows).tolist():
        reason, agent = int(i.reason[row]), int(i.agent[row])
        reasons[reason] = reasons.get(reason, 0) + 1
        agents[agent] = agents.get(agent, 0) + 1
        order.append((max(reasons[reason] // 4, agents[agent]), len(order), row))
    return (row for _, _, row in sorted(order))


def _cast(work: ClientWork, row: int) -> Cast:
    i, client = work.interactions, work.client
    return Cast(
        client=client.name,
        first=work.agents[int(i.agent[row])][0].name.split()[0],
        reference=work.customers[int(i.customer[row])].reference,
        reason=client.reasons[int(i.reason[row])].key,
    )
