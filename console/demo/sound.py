"""Sound that looks and feels like two people on a telephone, and says nothing: buzzes shaped like syllables."""

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
import soundfile

from console.demo.plans import Numbers

RATE: Final = 8000  # samples a second, as on a telephone
LEVELS: Final = 5  # bits kept of each sample, so that minutes fit in some ten kilobytes
SYLLABLES: Final = 40
PITCH: Final = (118.0, 196.0)  # hertz: agent, customer
Turn = tuple[int, int, int]  # channel, from and to in milliseconds


def voices(rng: np.random.Generator) -> tuple[list[Numbers], ...]:
    """A stock of syllables for each channel; every recording is put together from it."""
    return tuple([_syllable(rng, pitch) for _ in range(SYLLABLES)] for pitch in PITCH)


def _syllable(rng: np.random.Generator, pitch: float) -> Numbers:
    """Harmonics of a gliding pitch under two formants, with some breath, 0.12 to 0.3 seconds, at most 1 loud."""
    size = int(RATE * rng.uniform(0.12, 0.30))
    along = np.linspace(0, 1, size)
    base = pitch * rng.uniform(0.9, 1.12)
    phase = 2 * np.pi * np.cumsum(base * (1 + rng.uniform(-0.08, 0.1) * along)) / RATE
    formants = ((rng.uniform(300, 800), 120.0), (rng.uniform(900, 2200), 200.0))
    wave = rng.normal(0, 0.03, size)
    for harmonic in range(1, int(3400 / base)):
        loud = 0.05 / harmonic + sum(np.exp(-(((harmonic * base - at) / wide / 2) ** 2)) for at, wide in formants)
        wave += loud * np.sin(harmonic * phase)
    shaped: Numbers = wave * np.sin(np.pi * along) ** 0.6
    loudest: Numbers = shaped / np.abs(shaped).max()
    return loudest


def record(
    turns: Sequence[Turn], milliseconds: int, stock: tuple[list[Numbers], ...], rng: np.random.Generator
) -> bytes:
    """A WAV file with two channels in which each turn can be heard, and silence is silent."""
    samples = np.zeros((milliseconds * RATE // 1000, 2))
    for channel, start, end in turns:
        first, last = start * RATE // 1000, min(end * RATE // 1000, len(samples))
        samples[first:last, channel] = _speech(last - first, stock[channel], rng)
    coarse = np.round(samples * (2 ** (LEVELS - 1) - 1)).astype(np.int16) << (16 - LEVELS)
    target = io.BytesIO()
    soundfile.write(target, coarse, RATE, format="WAV", subtype="PCM_16")
    return target.getvalue()


def _speech(size: int, stock: list[Numbers], rng: np.random.Generator) -> Numbers:
    """Syllables and the gaps between them; now and then a breath between two clauses."""
    samples = np.zeros(size)
    at = 0
    while at < size:
        part = stock[int(rng.integers(len(stock)))][: size - at]
        samples[at : at + len(part)] = part * rng.uniform(0.35, 0.95)
        at += len(part) + int(RATE * (rng.exponential(0.03) if rng.random() < 0.88 else 0.28))
    return samples
