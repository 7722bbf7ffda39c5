"""What an ordinary user does with the launcher; started as root it gives up to `nobody` first."""

import encodings.idna  # noqa: F401 - loaded while root's Python can still be read
import os
import signal
import sys
from pathlib import Path

import psycopg

from bpo.embedded import postgres, postmaster


def give_up_root() -> None:
    if os.geteuid() == 0:
        os.chdir("/")
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def start(root: Path) -> postgres.Server:
    server = postgres.ensure(root)
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 'kept' AS text")
        row = connection.execute("SELECT text FROM kept").fetchone()
    say(f"{server.found_running} {row[0]} {server.auth}")
    return server


def main(root: Path) -> None:
    give_up_root()
    start(root)
    found = postmaster.read(start(root).data)
    os.kill(found.pid, signal.SIGKILL)
    start(root)
    say("stopped" if postgres.stop(root) else "was not running")


main(Path(sys.argv[1]))
