"""From lines to a conversation in time: who speaks when, where it is silent, what was removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from console.demo import scripts

AGENT, CUSTOMER, SYSTEM = "agent", "customer", "system"
CHANNEL: Final = {AGENT: 0, CUSTOMER: 1}
PER_CHARACTER: Final = 66  # milliseconds of speech
OVERLAP: Final = 0.14  # of turns begin before the one before has ended
CARD_MS: Final = 5200
LONGEST_HOLD: Final = 45_000
PAUSE_MS: Final = 430  # between turns, on average
PAYING: Final = ("card-update", "payment")


@dataclass(frozen=True, slots=True)
class Said:
    """One line. Milliseconds from the beginning of the recording."""

    speaker: str
    starts_ms: int
    ends_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A recorded call: its lines in order, and (from, to) of what was silenced."""

    lines: tuple[Said, ...]
    removed: tuple[tuple[int, int], ...]
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Who talks about what: the agent's first name, the customer's number."""

    client: str
    first: str
    reference: str
    reason: str


def call(cast: Cast, milliseconds: int, rng: np.random.Generator) -> Call | None:
    """A call of a given length; the silence on hold takes what the words leave. None if the words don't fit."""
    spoken, held = _spoken(cast, rng)
    spoken = _lengthened(spoken, milliseconds - LONGEST_HOLD, rng)
    lines: list[Said] = []
    removed: list[tuple[int, int]] = []
    at, hold_place = 400, 0
    for place, (speaker, text) in enumerate(spoken):
        if place == held:
            hold_place = len(lines)
        if lines and speaker in CHANNEL and lines[-1].speaker in CHANNEL and place != held:
            at += -int(rng.integers(200, 700)) if rng.random() < OVERLAP else int(rng.integers(250, 900))
        long = _length(speaker, text)
        if speaker == SYSTEM:
            removed.append((at, at + long))
        lines.append(Said(speaker, at, at + long, text))
        at += long
    left = milliseconds - at - 300
    if left < 2500:
        return None
    moved = [
        line if place < hold_place else Said(line.speaker, line.starts_ms + left, line.ends_ms + left, line.text)
        for place, line in enumerate(lines)
    ]
    before = lines[hold_place].starts_ms
    shifted = tuple((a + left, b + left) if a >= before else (a, b) for a, b in removed)
    return Call(tuple(moved), shifted, milliseconds)


def _length(speaker: str, text: str) -> int:
    """Milliseconds a line takes."""
    return CARD_MS if speaker == SYSTEM else 500 + len(text) * PER_CHARACTER


def _lengthened(spoken: list[tuple[str, str]], least_ms: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """The lines with more of them before the end, until they take about so long or nothing is left to say."""
    found = list(spoken)
    for pair in rng.permutation(len(scripts.MEANWHILE)).tolist():
        if sum(_length(*line) + PAUSE_MS for line in found) >= least_ms:
            break
        agent, customer = scripts.MEANWHILE[pair]
        found[-4:-4] = [(AGENT, agent), (CUSTOMER, customer)]
    return found


def _spoken(cast: Cast, rng: np.random.Generator) -> tuple[list[tuple[str, str]], int]:
    """The lines of a call in order, and which of them comes after the hold."""

    def one(of: Sequence[str]) -> str:
        text = of[int(rng.integers(len(of)))]
        return text.format(client=cast.client, first=cast.first, reference=cast.reference)

    wants, asks, adds, ends = scripts.TOLD[cast.reason.removesuffix(scripts.WEST)]
    lines = [
        (AGENT, one(scripts.GREETING)),
        (CUSTOMER, one(wants)),
        (AGENT, one(scripts.IDENTIFY)),
        (CUSTOMER, one(scripts.IDENTIFIED)),
        (AGENT, one(scripts.THANKS)),
        (AGENT, one(asks)),
        (CUSTOMER, one(adds)),
    ]
    if cast.reason in PAYING:
        lines += [(AGENT, one(scripts.CARD_ASK)), (SYSTEM, scripts.REDACTED), (AGENT, "Thank you, I have it.")]
    lines += [(AGENT, one(scripts.HOLD)), (CUSTOMER, one(scripts.HELD))]
    held = len(lines)
    lines += [
        (AGENT, one(scripts.BACK)),
        (AGENT, one(ends)),
        (CUSTOMER, "Okay."),
        (AGENT, one(scripts.ANYTHING)),
        (CUSTOMER, one(scripts.NOTHING)),
        (AGENT, one(scripts.CLOSING)),
    ]
    return lines, held


def written(cast: Cast, wait_ms: int, handle_ms: int, rng: np.random.Generator, *, mail: bool) -> tuple[Said, ...]:
    """A chat's or mail's messages: a mail is a question and an answer, a chat goes to and fro while it is handled."""

    def one(of: Sequence[str]) -> str:
        return of[int(rng.integers(len(of)))]

    wants, asks, adds, ends = scripts.TOLD[cast.reason]
    if mail:
        question = f"Hello,\n{one(wants)} My customer number is {cast.reference}.\nKind regards"
        answer = f"Dear customer,\nthank you for writing. {one(ends)}\nKind regards\n{cast.first}, {cast.client}"
        return Said(CUSTOMER, 0, 0, question), Said(AGENT, wait_ms + handle_ms, wait_ms + handle_ms, answer)
    texts = [
        (CUSTOMER, one(wants)),
        (AGENT, f"Hi, this is {cast.first} from {cast.client}. {one(asks)}"),
        (CUSTOMER, one(adds)),
        (AGENT, one(scripts.THANKS)),
        (AGENT, one(ends)),
        (CUSTOMER, one(scripts.NOTHING)),
        (AGENT, "You are welcome. Have a good day!"),
    ]
    marks = np.sort(rng.uniform(0.05, 0.97, len(texts) - 2)) * handle_ms + wait_ms
    moments = [0, wait_ms + 1500, *(int(mark) for mark in marks)]
    return tuple(Said(who, at, at, text) for (who, text), at in zip(texts, sorted(moments), strict=True))
