"""One data folder of PostgreSQL: make it, configure it, start it, find it running."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bpo.embedded import places, postmaster
from bpo.embedded.binaries import Binaries, PostgresError
from bpo.embedded.places import Place

SUPERUSER = "postgres"
OWNER = "bpo_owner"
LIFECYCLE = "bpo_lifecycle"
DATABASE = "bpo"
PORT = 5432  # names the socket only: nothing listens on TCP
START_SECONDS = 30.0
RECOVERY_SECONDS = 120.0
# What a start says while leftovers of a killed server are still going away.
PASSING = ("still in use", "lock file", "already in use", "could not create any Unix-domain sockets")

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",  # a login per client means a connection per active client and process
    "max_locks_per_transaction": "256",  # one transaction over many client schemas
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# A client's login or the public one, never the owner: those alone come in without a password.
TENANT_LOGINS = "/^[a-z0-9_]+_(app|c_[a-z0-9]+)$"
REGEX_MAPS_SINCE = 16


@dataclass(frozen=True)
class Cluster:
    place: Place
    binaries: Binaries

    @property
    def folder(self) -> Path:
        return self.place.server_folder(self.binaries.major)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def auth(self) -> str:
        """How client logins prove themselves. PostgreSQL 15's map takes no pattern, so there it is a password."""
        return "peer" if self.binaries.major >= REGEX_MAPS_SINCE else "scram"

    def socket_folder(self) -> Path:
        """Of the running server as its pid file says, else of the next start."""
        found = postmaster.read(self.data)
        if found and found.socket_folder and postmaster.alive(found.pid, self.data):
            return Path(found.socket_folder)
        return self.place.socket_folder(self.binaries.major)

    def url(self, role: str, key: str, database: str = DATABASE) -> str:
        """A URL whose socket folder is a parameter: as a host it would be lower-cased by URL readers."""
        password = quote(self.place.keys[key], safe="")
        folder = quote(str(self.socket_folder()), safe="")
        return f"postgresql://{role}:{password}@:{PORT}/{database}?host={folder}"

    def superuser_url(self) -> str:
        return self.url(SUPERUSER, "superuser", "postgres")

    # -- making ---------------------------------------------------------------------------------------

    def make(self) -> None:
        """Run initdb beside the final place and rename, so that a killed one leaves nothing half-made."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        password = self.folder / "password"
        places.write_private(password, self.place.keys["superuser"] + "\n")
        self.place.account.give(password)
        try:
            self._initdb(new, password)
        finally:
            password.unlink()
        new.rename(self.data)

    def _initdb(self, target: Path, password: Path) -> None:
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"]
        if self.binaries.major >= 17:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # the same on every system
        secret = ["--username", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256"]
        command = [self.binaries.program("initdb"), "--pgdata", str(target), *options, *secret]
        done = subprocess.run(
            command, **self._as_server(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            raise PostgresError(f"initdb of {self.binaries.folder} failed:\n{done.stdout[-2000:]}")

    def _as_server(self) -> dict[str, Any]:
        return {"cwd": "/", "env": _clean_environment(), **self.place.account.run_as()}

    # -- configuring ----------------------------------------------------------------------------------

    def configure(self, *, fast: bool) -> bool:
        """Write settings and access rules; True when anything changed since the last start."""
        caller = places.caller_name()
        wanted = {
            "bpo.conf": _settings(fast=fast),
            "pg_hba.conf": _access(self.auth),
            "pg_ident.conf": _map(caller, self.auth),
        }
        changed = [name for name, text in wanted.items() if self._write(name, text)]
        main = self.data / "postgresql.conf"
        if "include 'bpo.conf'" not in main.read_text():
            with main.open("a", encoding="utf-8") as handle:
                handle.write("\ninclude 'bpo.conf'\n")
        return bool(changed)

    def _write(self, name: str, text: str) -> bool:
        path = self.data / name
        if path.exists() and path.read_text() == text:
            return False
        path.write_text(text)
        self.place.account.give(path)
        return True

    # -- starting -------------------------------------------------------------------------------------

    def answers(self) -> bool:
        """True when a query was answered by the server of this very data folder."""
        try:
            with psycopg.connect(self.superuser_url(), connect_timeout=2) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PostgresError(
                    f"The passwords in {self.place.root / 'secrets.json'} don't fit the data in {self.data}. "
                    "Put the old file back, or remove both with make demo-reset."
                ) from error
            return False
        return row is not None and Path(row[0]).samefile(self.data)

    def found_running(self) -> bool:
        """True when a server already answers; waits for one that is starting, recovering or going down."""
        found = postmaster.read(self.data)
        if not found:
            return False
        return self._answers_while_alive(found.pid)

    def start(self) -> None:
        """Start the server in a session of its own, and wait until it answered a query.

        Raises PostgresError with the server's last words when it dies for a reason that won't pass.
        """
        deadline = time.monotonic() + START_SECONDS
        pause = 0.1
        while True:
            begun = self.log.stat().st_size if self.log.exists() else 0
            if self._answers_while_alive(self._launch()):
                return
            words = self._words_since(begun)
            if time.monotonic() > deadline or not any(sign in words for sign in PASSING):
                raise PostgresError(f"PostgreSQL {self.binaries.major} did not start. {self.log} ends:\n{words}")
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _launch(self) -> int:
        sockets = self.place.socket_folder(self.binaries.major)
        places.own_socket_folder(sockets, self.place.account)
        postmaster.disown_stale(self.data, sockets)
        # The shell in between ends at once, so a killed server is nobody's unreaped child here.
        command = ["/bin/sh", "-c", '"$@" </dev/null >&2 & echo $!', "sh", self.binaries.program("postgres")]
        options = ["-D", str(self.data), "-k", str(sockets), "-p", str(PORT)]
        with self.log.open("ab") as log:
            done = subprocess.run(
                [*command, *options],
                **self._as_server(),
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                check=True,
            )
        return int(done.stdout)

    def _answers_while_alive(self, pid: int) -> bool:
        deadline = time.monotonic() + RECOVERY_SECONDS
        grace = time.monotonic() + 1.0  # between fork and its change of folder a server looks like a stranger
        while not self.answers():
            now = time.monotonic()
            if not postmaster.alive(pid, self.data) and (now > grace or not _exists(pid)):
                return False
            if now > deadline:
                raise PostgresError(f"PostgreSQL, process {pid}, runs but answers nothing: see {self.log}.")
            time.sleep(0.03)
        return True

    def _words_since(self, begun: int) -> str:
        with self.log.open("rb") as log:
            log.seek(begun)
            return log.read().decode(errors="replace")[-2000:]

    def reload(self) -> None:
        with psycopg.connect(self.superuser_url()) as connection:
            connection.execute("SELECT pg_reload_conf()")


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _clean_environment() -> dict[str, str]:
    """Without the caller's PG* settings, HOME and locale, none of which may change the server."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
    return {"LC_ALL": "C.UTF-8", **{name: os.environ[name] for name in kept if name in os.environ}}


def _settings(*, fast: bool) -> str:
    chosen = SETTINGS | (FAST if fast else {})
    return "".join(f"{name} = '{value}'\n" for name, value in chosen.items())


def _access(auth: str) -> str:
    clients = "peer map=bpo" if auth == "peer" else "scram-sha-256"
    return f"local all {SUPERUSER},{OWNER},{LIFECYCLE} scram-sha-256\nlocal all all {clients}\n"


def _map(caller: str, auth: str) -> str:
    return f'bpo "{caller}" "{TENANT_LOGINS}"\n' if auth == "peer" else ""
