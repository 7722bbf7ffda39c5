"""The supervisor with real children and grandchildren."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bpo.embedded.processes import ProcessError, Stopped, Supervisor, stoppable

REPO = Path(__file__).parents[3]
Wait = Callable[[Callable[[], object]], None]
ENV = dict(os.environ)

# Starts a child of its own, writes both numbers, and ignores TERM when asked to.
PARENT = """
import os, signal, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
if sys.argv[2:]: signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1] + ".new", "w").write(f"{os.getpid()} {grandchild.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
print("ready", flush=True)
time.sleep(600)
"""


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def gone(pid: int) -> bool:
    """Ended; a zombie that the machine's first process has yet to collect counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def numbers(path: Path) -> list[int]:
    return [int(part) for part in path.read_text().split()]


@pytest.mark.parametrize("stubborn", [[], ["ignore TERM"]])
def test_the_end_of_the_block_leaves_neither_child_nor_grandchild(
    tmp_path: Path, wait: Wait, stubborn: list[str]
) -> None:
    with Supervisor(tmp_path, grace=1.0) as processes:
        processes.start("web", python(PARENT, str(tmp_path / "pids"), *stubborn), ENV)
        processes.wait_ready("web", (tmp_path / "pids").exists, seconds=10)
    wait(lambda: all(gone(pid) for pid in numbers(tmp_path / "pids")))


def test_output_goes_to_the_childs_log_and_to_the_common_one(tmp_path: Path, wait: Wait) -> None:
    with Supervisor(tmp_path) as processes:
        code = "import sys, time; print('to out', flush=True); print('to err', file=sys.stderr); time.sleep(9)"
        child = processes.start("relay", python(code), ENV)
        wait(lambda: len(child.tail) == 2)
    lines = (tmp_path / "relay.log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["to out", "to err"]
    assert "\033[" not in "".join(lines)
    assert "   relay\033[0m" in (tmp_path / "all.log").read_text()


def test_a_child_that_ends_stops_the_watch_and_shows_its_last_lines(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("beat", python("import time; time.sleep(600)"), ENV)
        processes.start("worker", python("print('no broker'); raise SystemExit(3)"), ENV)
        with pytest.raises(ProcessError, match=r"worker ended with exit code 3.*\n.*no broker"):
            processes.watch()


def test_a_child_that_ends_before_it_is_ready_is_named(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("web", python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), ENV)
        with pytest.raises(ProcessError, match="web was ended by SIGKILL"):
            processes.wait_ready("web", lambda: False, seconds=10)


def test_a_child_that_gets_never_ready_is_named(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("web", python("import time; time.sleep(600)"), ENV)
        with pytest.raises(ProcessError, match=r"web was not ready within 0 s\. .*web\.log ends:\n.*wrote nothing"):
            processes.wait_ready("web", lambda: False, seconds=0.3)


def test_a_command_returns_its_output_and_keeps_it_out_of_the_log(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        code = "import sys; print('secret'); print('done', file=sys.stderr)"
        assert processes.run("seed", python(code), ENV, keep=True) == "secret\n"
    assert "secret" not in (tmp_path / "seed.log").read_text() + (tmp_path / "all.log").read_text()
    assert "done" in (tmp_path / "seed.log").read_text()


def test_a_failed_command_shows_its_last_lines(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        with pytest.raises(ProcessError, match=r"migrate failed with exit code 2\.[\s\S]*no such table"):
            processes.run("migrate", python("print('no such table'); raise SystemExit(2)"), ENV)


# A program of its own, to be killed: its child and grandchild write their numbers.
PROGRAM = """
import os, sys
from pathlib import Path
from bpo.embedded.processes import Stopped, Supervisor, stoppable
folder = Path(sys.argv[1])
with stoppable():
    try:
        with Supervisor(folder, grace=3.0) as processes:
            for name in ("web", "worker"):
                command = [sys.executable, "-c", sys.argv[2], str(folder / name), *sys.argv[3:]]
                processes.start(name, command, dict(os.environ))
                processes.wait_ready(name, (folder / name).exists)
            (folder / "watching").touch()
            processes.watch()
    except Stopped as stopped:
        print("stopped by", stopped)
"""


def supervise(folder: Path, wait: Wait, *stubborn: str) -> "subprocess.Popen[str]":
    command = python(PROGRAM, str(folder), PARENT, *stubborn)
    program = subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True, start_new_session=True)
    wait((folder / "watching").exists)
    return program


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_term_and_a_closed_terminal_stop_everything(tmp_path: Path, wait: Wait, number: int) -> None:
    program = supervise(tmp_path, wait)
    program.send_signal(number)
    output, _ = program.communicate(timeout=15)
    assert output == f"stopped by {signal.Signals(number).name}\n"
    assert program.returncode == 0
    assert all(gone(pid) for name in ("web", "worker") for pid in numbers(tmp_path / name))


@pytest.mark.parametrize("stubborn", [[], ["ignore TERM"]])
def test_a_killed_supervisor_leaves_neither_child_nor_grandchild(
    tmp_path: Path, wait: Wait, stubborn: list[str]
) -> None:
    program = supervise(tmp_path, wait, *stubborn)
    program.kill()
    program.communicate(timeout=15)
    wait(lambda: all(gone(pid) for name in ("web", "worker") for pid in numbers(tmp_path / name)))


def test_a_supervisor_killed_together_with_its_watchdog_still_takes_its_children_along(
    tmp_path: Path, wait: Wait
) -> None:
    program = supervise(tmp_path, wait)
    listing = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(program.pid)], capture_output=True, text=True, check=True
    ).stdout
    dog = next(int(line.split()[0]) for line in listing.splitlines() if "watchdog.py" in line)
    os.kill(dog, signal.SIGKILL)
    program.kill()
    program.communicate(timeout=15)
    wait(lambda: all(gone(numbers(tmp_path / name)[0]) for name in ("web", "worker")))
    for name in ("web", "worker"):
        os.kill(numbers(tmp_path / name)[1], signal.SIGKILL)


def test_a_second_signal_while_things_end_is_ignored() -> None:
    with stoppable():
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
