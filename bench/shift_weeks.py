"""A week of required agents for the bench of shifts, made from a seed."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.designing.problem import Break, Kind, Problem

DAY, STEP = 1440, 15
HOURS: Final = 5495.0  # agent-hours asked for
PEAK, LEAST = 77, 8
Floats = NDArray[np.float64]


def made(seed: int = 2026) -> Problem:
    """672 quarter hours between 8 and 77 agents, 9-hour shifts each half hour, a meal of an hour and two breaks."""
    kind = Kind(
        "nine hours",
        540,
        tuple(range(0, 7 * DAY, 30)),
        (
            Break("first break", 15, 75, 165, True),
            Break("meal", 60, 210, 315),
            Break("second break", 15, 360, 465, True),
        ),
    )
    return Problem(tuple(_bent(_humps() * _chance(seed))), (kind,), STEP, wraps=True)


def smooth() -> Problem:
    """The same with one broad hump a day and nothing left to chance, which whole shifts follow closely."""
    hour = _hours()
    return replace(made(), required=tuple(_bent(_days() * (1 - np.cos(np.pi * (hour - 3) / 12)))))


def _hours() -> Floats:
    return np.arange(7 * DAY // STEP) * STEP / 60 % 24


def _days() -> Floats:
    return np.repeat([1.0, 0.96, 0.94, 0.95, 0.97, 0.72, 0.6], DAY // STEP)


def _humps() -> Floats:
    hour = _hours()
    humps = np.exp(-(((hour - 10.5) / 3.2) ** 2)) + 0.85 * np.exp(-(((hour - 17) / 4) ** 2))
    return np.asarray(_days() * humps, np.float64)


def _chance(seed: int) -> Floats:
    return np.random.default_rng(seed).normal(1, 0.03, 7 * DAY // STEP).clip(0.9, 1.1)


def _bent(shape: Floats) -> list[int]:
    """Between the least and the peak, bent until the agent-hours are those named."""
    shape = (shape - shape.min()) / (shape.max() - shape.min())
    low, high = 0.2, 3.0
    for _ in range(60):
        bend = (low + high) / 2
        total = np.round(LEAST + (PEAK - LEAST) * shape**bend).sum() * STEP / 60
        low, high = (bend, high) if total > HOURS else (low, bend)
    return [int(count) for count in np.round(LEAST + (PEAK - LEAST) * shape**high)]
