"""How long a search may take: seconds on the clock, or an effort that repeats exactly on any machine."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

WHEN = 0.2  # seconds between two looks whether to stop while CP-SAT runs


class Cancelled(Exception):
    """Somebody asked the search to stop."""


class Budget:
    """What is left of the time. With `effort`, work is counted in CP-SAT's deterministic units and no clock is read.

    `stop` is asked between steps; once it says yes, nothing is left.
    """

    def __init__(
        self,
        *,
        seconds: float | None = None,
        effort: float | None = None,
        workers: int = 1,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        if (seconds is None) == (effort is None):
            raise ValueError("seconds, effort: give one of them.")
        self._begun = time.monotonic()
        self._seconds, self._effort, self._spent = seconds, effort, 0.0
        self._stop = stop
        self.workers = workers if effort is None else 1

    @property
    def counted(self) -> bool:
        """Whether effort is counted and no clock is read."""
        return self._effort is not None

    @property
    def whole(self) -> float:
        """All there was at the beginning."""
        return (self._seconds or 0.0) + (self._effort or 0.0)

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning; only told, never decided by, when effort is counted."""
        return time.monotonic() - self._begun

    @property
    def used(self) -> float:
        return self.elapsed if self._effort is None else self._spent

    @property
    def left(self) -> float:
        if self._stop is not None and self._stop():
            return 0.0
        return max(self.whole - self.used, 0.0)

    def until(self, share: float) -> float:
        """What is left before so much of the whole is used."""
        return min(self.left, max(share * self.whole - self.used, 0.0))

    def spend(self, effort: float) -> None:
        self._spent += effort

    def solve(self, model: Any, most: float, *, seed: int, on_solution: Any = None, **parameters: object) -> Any:
        """Run CP-SAT on `model` for at most `most`; the solver and its status are returned."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self.workers
        solver.parameters.random_seed = seed
        limit = min(most, self.left)
        if self._effort is None:
            solver.parameters.max_time_in_seconds = max(limit, 0.01)
        else:
            solver.parameters.max_deterministic_time = max(limit, 0.001)
        for name, value in parameters.items():
            setattr(solver.parameters, name, value)
        with self._stopping(solver):
            status = solver.solve(model, on_solution)
        self.spend(solver.response_proto.deterministic_time)
        return solver, status

    @contextmanager
    def _stopping(self, solver: Any) -> Iterator[None]:
        """Have CP-SAT give what it has soon after somebody asks to stop, also while it finds nothing."""
        stop, done = self._stop, Event()
        if stop is None:
            yield
            return

        def watch() -> None:
            while not done.wait(WHEN):
                if stop():
                    solver.stop_search()

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
