"""The server's first process: read its pid file, tell it from a zombie or a stranger, stop it."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# No system hands this number out (Linux stops at 4,194,304), so PostgreSQL finds nobody behind it.
NOBODYS_PID = 2_147_483_646
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class PidFile:
    """Lines of postmaster.pid: the process, its port and the folder of its socket ('' while it starts)."""

    pid: int
    port: int
    socket_folder: str


def read(data: Path) -> PidFile | None:
    """What postmaster.pid in the data folder says, or None without a readable one."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = abs(int(lines[0]))
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return None
    complete = len(lines) >= 5 and lines[3].strip().isdigit()
    return PidFile(pid, int(lines[3]) if complete else 0, lines[4].strip() if complete else "")


def alive(pid: int, data: Path) -> bool:
    """True when `pid` is a living server of this very data folder, not a zombie and not a reused number."""
    proc = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return _alive_by_ps(pid, data)
    try:
        state = (proc / "stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX" and (proc / "cwd").samefile(data)
    except (OSError, IndexError):  # gone, or a stranger's process whose folder can't be read
        return False


def _alive_by_ps(pid: int, data: Path) -> bool:
    command = ["ps", "-o", "stat=,command=", "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return bool(answer) and not answer.startswith("Z") and str(data) in answer


def disown_stale(data: Path, socket_folder: Path) -> None:
    """Let a start pass the pid files of a dead server.

    PostgreSQL refuses to start while any process has the number in the file, a zombie or a stranger
    included. Only the number is replaced: the rest of the file names the shared memory, which PostgreSQL
    still has to check for children of the dead server.
    """
    for path in (data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
        try:
            first, rest = path.read_text().split("\n", 1)
            dead = not alive(abs(int(first)), data)
        except (FileNotFoundError, ValueError):
            continue
        if dead:
            path.write_text(f"{NOBODYS_PID}\n{rest}")


def stop_all(home: Path) -> bool:
    """Stop every server that lives in `home`; True when one ran."""
    stopped = [stop(data) for data in sorted(home.glob("pg*/data"))]
    return any(stopped)


def stop(data: Path) -> bool:
    """Stop the server of `data`, its sessions cut off; True when it ran."""
    found = read(data)
    if not found or not alive(found.pid, data):
        return False
    for how in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's words: fast, then immediate
        os.kill(found.pid, how)
        if _gone(found.pid, data, STOP_SECONDS):
            return True
    raise TimeoutError(f"PostgreSQL, process {found.pid}, did not stop within {2 * STOP_SECONDS:.0f} s")


def _gone(pid: int, data: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid, data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
