"""A supervisor of named processes: start, log, wait until ready, stop all when one ends.

Every child leads a process group of its own. On Linux it gets TERM when the supervisor dies, however that
happens; a watchdog then ends what is left of its group. Start children from the main thread alone: the
kernel's "parent" is the thread.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from bpo.embedded import watchdog

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COLOURS = (36, 32, 33, 35, 34, 96, 92)
TAIL = 20  # last lines shown of a child that failed
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ProcessError(RuntimeError):
    """A child ended, failed or did not get ready; the message has its last log lines."""


class Stopped(BaseException):
    """The user asked to stop: Ctrl-C, TERM or a closed terminal."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the stopping signals into `Stopped`; once one came, later ones are ignored while things end."""

    def stop(number: int, _: object) -> None:
        for other in STOPPING:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class Child:
    """A running child, its last lines and the threads that read them."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    tell: Callable[[str], object] | None = None
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))
    readers: list[threading.Thread] = field(default_factory=list)
    output: list[bytes] = field(default_factory=list)

    def last_words(self) -> str:
        for reader in self.readers:
            reader.join(1.0)
        lines = "\n".join(f"    {line}" for line in self.tail) or "    (it wrote nothing)"
        return f"{self.log} ends:\n{lines}"


class Supervisor:
    """`with Supervisor(folder) as processes:` ends all children at the end of the block."""

    def __init__(self, logs: Path, *, grace: float = 8.0) -> None:
        self.logs = logs
        self.grace = grace
        self.children: dict[str, Child] = {}
        self._writing = threading.Lock()

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        self._all = (self.logs / "all.log").open("w", encoding="utf-8", buffering=1)
        script = [sys.executable, "-I", "-S", str(HERE / "watchdog.py")]
        self._watchdog = subprocess.Popen(script, stdin=subprocess.PIPE, start_new_session=True, text=True, bufsize=1)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            with suppress(BrokenPipeError):
                self._pipe().close()
            self._watchdog.wait()
            self._all.close()

    # -- starting -------------------------------------------------------------------------------------

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Child:
        """Start a child whose output goes to its log; it is expected to live as long as the supervisor."""
        child = self._spawn(name, command, env)
        self.children[name] = child
        return child

    def run(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        keep: bool = False,
        tell: Callable[[str], object] | None = None,
    ) -> str:
        """Run a command to its end; raises ProcessError unless it succeeds.

        With `keep` its standard output is returned and kept out of the log (it may hold passwords). `tell` hears each
        line of the log as it comes.
        """
        child = self._spawn(name, command, env, keep=keep, tell=tell)
        try:
            code = child.process.wait()
            for reader in child.readers:
                reader.join()
        finally:
            self._end([child])
        if code:
            raise ProcessError(f"{name} failed with exit code {code}. {child.last_words()}")
        return b"".join(child.output).decode()

    def _spawn(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        keep: bool = False,
        tell: Callable[[str], object] | None = None,
    ) -> Child:
        wrapper = [sys.executable, "-I", "-S", str(HERE / "child.py"), str(os.getpid())]
        process = subprocess.Popen(
            [*wrapper, *command],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if keep else subprocess.STDOUT,
            process_group=0,
        )
        self._tell(f"+{process.pid}")
        child = Child(name, process, self.logs / f"{name}.log", tell)
        self._read(child)
        return child

    def _read(self, child: Child) -> None:
        out, err = child.process.stdout, child.process.stderr
        work: list[tuple[Callable[..., None], tuple[object, ...]]] = [(self._log, (child, err or out))]
        if err:
            work.append((_collect, (child.output, out)))
        for target, arguments in work:
            thread = threading.Thread(target=target, args=arguments, daemon=True)
            thread.start()
            child.readers.append(thread)

    def _log(self, child: Child, stream: IO[bytes]) -> None:
        """Each line to the child's own log with the time, and to all.log with its name in colour."""
        colour = COLOURS[sum(child.name.encode()) % len(COLOURS)]
        with stream, child.log.open("w", encoding="utf-8", buffering=1) as log:
            for line in stream:
                text = line.decode(errors="replace").rstrip()
                stamped = f"{time.strftime('%H:%M:%S')} {text}\n"
                child.tail.append(text)
                log.write(stamped)
                if child.tell:
                    child.tell(text)
                with self._writing, suppress(ValueError):  # closed: the last words of an ending child
                    self._all.write(f"\033[{colour}m{child.name:>8}\033[0m {stamped}")

    def remove_at_end(self, path: Path) -> None:
        """Have a file that says "running" removed when the supervisor ends, by a kill too."""
        self._tell(f"!{path}")

    # -- watching -------------------------------------------------------------------------------------

    def wait_ready(self, name: str, probe: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Wait until the probe of the child answers true; raises ProcessError when any child ends, or too late."""
        deadline = time.monotonic() + seconds
        while not probe():
            self.check()
            if time.monotonic() > deadline:
                raise ProcessError(f"{name} was not ready within {seconds:.0f} s. {self.children[name].last_words()}")
            time.sleep(0.05)

    def check(self) -> None:
        """Raise ProcessError when a child has ended."""
        for child in self.children.values():
            code = child.process.poll()
            if code is not None:
                how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
                raise ProcessError(f"{child.name} {how}. {child.last_words()}")

    def watch(self) -> None:
        """Block until a child ends, which raises ProcessError, or the user stops, which raises Stopped."""
        while True:
            self.check()
            time.sleep(0.2)

    # -- stopping -------------------------------------------------------------------------------------

    def stop(self) -> None:
        """TERM to all at once, up to `grace` seconds, then KILL to whatever is left of their groups."""
        self._end(list(self.children.values()))
        self.children.clear()

    def _end(self, children: list[Child]) -> None:
        groups = {child.process.pid for child in children}
        watchdog.ask(groups)
        deadline = time.monotonic() + self.grace
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        watchdog.wait_gone({child.process.pid for child in children if child.process.poll() is not None}, 1.0)
        watchdog.kill(groups)
        for child in children:
            child.process.wait()
            self._tell(f"-{child.process.pid}")
            for reader in child.readers:
                reader.join(2.0)

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):  # killed by hand: the parent-death signal is left
            self._pipe().write(line + "\n")

    def _pipe(self) -> IO[str]:
        pipe = self._watchdog.stdin
        if pipe is None:
            raise AssertionError("the watchdog was started without a pipe")
        return pipe


def _collect(output: list[bytes], stream: IO[bytes]) -> None:
    with stream:
        output.append(stream.read())
