"""Forecasts of a bank's last four weeks beside the naive rule, each week's model chosen from what lay before it.

`BPO_REAL_DATA` is the folder the public data lie in; without the file a seeded year of the same shape stands in.
"""

import csv
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from bench.lines import say
from scheduling.domain.forecasting import MODELS, NAIVE, Event, History, Observed, backtest, band, read, said
from scheduling.domain.measures import ForecastError, chance_error, forecast_error

FILE: Final = "arrivals/bank_1999_6min.csv"
ROOT: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
MINUTES: Final = 30
WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """How the models did over the same weeks; `taken` is what was chosen before each, as "chosen"."""

    by_interval: dict[str, ForecastError]
    by_day: dict[str, ForecastError]
    taken: tuple[str, ...]
    floors: dict[str, float | None]  # what chance alone leaves of the error
    inside: float  # share of intervals of ten and more within p10 to p90


def bank_file() -> Path | None:
    found = Path(os.environ.get("BPO_REAL_DATA", ROOT)) / FILE
    return found if found.exists() else None


def bank(path: Path) -> list[Observed]:
    """The file's counts, six minutes each, as they were shown on the bank's clock."""
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.fromisoformat(row.pop("date")).replace(tzinfo=UTC)
            for clock, count in row.items():
                hour, minute = map(int, clock.split(":"))
                found.append(Observed(day + timedelta(hours=hour, minutes=minute), int(count)))
    return found


def invented(days: int = 364, *, peak: float = 40.0, seed: int = 11) -> list[Observed]:
    """A seeded year of half hours with a week, a month that begins busy, a level that drifts and chance on top."""
    chance, level, found = np.random.default_rng(seed), 0.0, []
    hours = np.arange(48) / 2
    shape = 0.02 + np.exp(-(((hours - 10.5) / 3) ** 2)) + 0.7 * np.exp(-(((hours - 16) / 3) ** 2))
    for number in range(days):
        day = datetime(2025, 1, 6, tzinfo=UTC) + timedelta(days=number)
        level = 0.9 * level + float(chance.normal(0, 0.03))
        week = (1.2, 1.1, 1.0, 1.0, 0.95, 0.5, 0.35)[day.weekday()]
        month = 1 + 0.3 * np.cos(2 * np.pi * (day.day - 3) / 31)
        counts = chance.poisson(peak * week * month * np.exp(level) * shape)
        found += [Observed(day + timedelta(minutes=30 * at), int(many)) for at, many in enumerate(counts)]
    return found


def judged(history: History, *, weeks: int = WEEKS, events: Sequence[Event] = ()) -> Judged:
    """Forecast each of the last weeks from before it, with the model that the trial before it chose."""
    end = history.first + timedelta(days=len(history.rates))
    true, expected, taken, inside = [], {name: [] for name in (*MODELS, "chosen")}, [], []  # type: ignore[var-annotated]
    for number in range(weeks, 0, -1):
        start = end - timedelta(weeks=number)
        before = history.before(start)
        trial = backtest(before, events)
        volumes = said(before, [start + timedelta(days=day) for day in range(7)], events).volumes
        row = (start - history.first).days
        true.append(history.counts[row : row + 7])
        for name, one in (volumes | {"chosen": volumes[trial.chosen]}).items():
            expected[name].append(one)
        low, high = band(volumes[trial.chosen], trial.spread)
        busy = volumes[trial.chosen] >= 10
        inside += ((true[-1] >= low) & (true[-1] <= high))[busy].tolist()
        taken.append(trial.chosen)
    return Judged(
        {name: _error(one, true, by_day=False) for name, one in expected.items()},
        {name: _error(one, true, by_day=True) for name, one in expected.items()},
        tuple(taken),
        {
            "30 min": chance_error(np.concatenate(expected["chosen"]).ravel().tolist()),
            "day": chance_error(np.concatenate(expected["chosen"]).sum(axis=1).tolist()),
        },
        float(np.mean(inside)) if inside else 0.0,
    )


def _error(expected: Iterable[np.ndarray], true: Iterable[np.ndarray], *, by_day: bool) -> ForecastError:
    one, other = np.concatenate(list(expected)), np.concatenate(list(true))
    if by_day:
        return forecast_error(one.sum(axis=1).tolist(), other.sum(axis=1).tolist())
    return forecast_error(one.ravel().tolist(), other.ravel().tolist())


def main() -> None:
    path = bank_file()
    observed = bank(path) if path else invented()
    what = "bank 1999" if path else "an invented year"
    last = max(one.at for one in observed).date()
    history, _handled = read(observed, "UTC", last + timedelta(days=1), MINUTES)
    started = time.process_time()
    found = judged(history)
    seconds = time.process_time() - started
    for grain, errors in (("30 min", found.by_interval), ("day", found.by_day)):
        naive, chosen = errors[NAIVE], errors["chosen"]
        say(
            f"forecast of {what}, last {WEEKS} weeks by {grain}", chosen.wape or 0.0, "WAPE",
            "mean of the last four same weekdays", naive.wape or 0.0, 1.0,
            bias=chosen.bias, noise_floor=found.floors[grain], taken=list(found.taken), first=_first(last),
            models={name: round(one.wape or 0.0, 4) for name, one in errors.items()},
            within_p10_p90=round(found.inside, 3), cpu_seconds=round(seconds, 2),
        )  # fmt: skip


def _first(last: date) -> str:
    return (last - timedelta(weeks=WEEKS) + timedelta(days=1)).isoformat()
