"""What the two commands say: each step's name and how long it took, and tables."""

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

PROGRESS = "· "  # begins a line on a child's standard error that says what it has just done


def say(text: str = "") -> None:
    """One line on the console, at once also when it is a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Step:
    """`with Step("Migrating the database"):` prints `Migrating the database … 1.9 s`, or `… failed`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seconds = 0.0
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Add a remark to the step's line."""
        self._notes.append(text)

    def __enter__(self) -> Self:
        sys.stdout.write(f"{self.name} … ")
        sys.stdout.flush()
        self._begun = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.seconds = time.monotonic() - self._begun
        notes = f" ({', '.join(self._notes)})" if self._notes else ""
        say(f"{self.seconds:.1f} s{notes}" if kind is None else "failed" if issubclass(kind, Exception) else "stopped")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, two spaces apart."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
