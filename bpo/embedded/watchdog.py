"""Runs as a file: ends process groups when its standard input closes, so when the supervisor died.

The parent-death signal reaches children alone; their own children (a server's workers) would live on. Each
line is `+GROUP`, `-GROUP`, or `!FILE` for a file that says "running". At the end of input these files go, and
every group still listed gets TERM, and KILL after a while.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 5.0


def listed(lines: Iterable[str]) -> tuple[set[int], set[str]]:
    """The groups still listed when the lines end, and the files."""
    groups: set[int] = set()
    files: set[str] = set()
    for line in lines:
        kind, value = line[0], line[1:].rstrip("\n")
        if kind == "!":
            files.add(value)
        elif kind == "+":
            groups.add(int(value))
        else:
            groups.discard(int(value))
    return groups, files


def ask(groups: Iterable[int]) -> None:
    """TERM to the leaders alone: how their own children end in order is theirs to know."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it is gone, which is the aim
            os.kill(group, signal.SIGTERM)


def kill(groups: Iterable[int]) -> None:
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def wait_gone(groups: Iterable[int], seconds: float) -> None:
    """Wait until no process of the groups is left, at most `seconds`."""
    deadline = time.monotonic() + seconds
    while any(exists(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.05)


def exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # the number is somebody else's by now
        return False
    return True


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    left, files = listed(sys.stdin)
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)
    ask(left)
    wait_gone(left, GRACE_SECONDS)
    kill(left)
