"""`make demo`: from nothing to a running product with data, mail included; Ctrl-C stops all of it.

`make demo-reset` (`--reset`) stops the database and removes the demo's data.
"""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from bpo.embedded import postgres
from bpo.embedded.installation import (
    AlreadyRunning,
    Environments,
    Installation,
    Ports,
    choose_ports,
    environments,
    here,
)
from bpo.embedded.places import write_private
from bpo.embedded.ports import listens
from bpo.embedded.postgres import PostgresError
from bpo.embedded.processes import ProcessError, Stopped, Supervisor, stoppable
from bpo.embedded.steps import PROGRESS, Step, say, table

MANAGE = (sys.executable, "manage.py")
CELERY = (sys.executable, "-m", "celery", "-A", "bpo")
QUEUES = "mail,default,imports,reports"


@dataclass(frozen=True)
class Demo:
    """One run: where it lives, its ports, its environments and its processes."""

    installation: Installation
    ports: Ports
    env: Environments
    processes: Supervisor

    def manage(self, *arguments: str, keep: bool = False) -> str:
        tell = progress if keep else None
        return self.processes.run(arguments[0], [*MANAGE, *arguments], self.env.owner, keep=keep, tell=tell)

    def prepare(self) -> dict[str, Any]:
        """Migrate, collect and seed; what the seed made."""
        with Step("Migrating the database"):
            self.manage("migrate", "--no-input")
        with Step("Collecting static files"):
            self.manage("collectstatic", "--no-input")
        say("Filling in the demo")
        seeded: dict[str, Any] = json.loads(self.manage("demo_seed", "--json", keep=True))
        return seeded

    def start(self) -> None:
        """Start the six processes together and wait until the product says it is ready."""
        with Step("Starting web, worker, beat, relay, provisioner and mail"):
            self.ports.release()
            for name, command in self.commands().items():
                self.processes.start(name, command, self.env.plain)
            # The one that opens clients holds the owner; it listens to no one but its table (ADR 16).
            self.processes.start("provisioner", [*MANAGE, "provisioner"], self.env.owner)
            self.processes.wait_ready("mail", lambda: listens(self.ports.smtp) and listens(self.ports.mail))
            self.processes.wait_ready("web", self.ready)

    def commands(self) -> dict[str, list[str]]:
        mail = ["--smtp-port", str(self.ports.smtp), "--http-port", str(self.ports.mail)]
        web = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.ports.web), "--workers", "1"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # there is one worker alone
        schedule = self.installation.var / "beat" / "schedule"
        schedule.parent.mkdir(exist_ok=True)
        return {
            "mail": [sys.executable, "-m", "bpo.embedded.mail", *mail, "--folder", str(self.installation.var / "mail")],
            "web": [sys.executable, "-m", "granian", *web, "--blocking-threads", "4", "bpo.wsgi:application"],
            "worker": [*CELERY, "worker", "-c", "2", "-Q", QUEUES, *quiet],
            "beat": [*CELERY, "beat", "--schedule", str(schedule), "--pidfile="],
            "relay": [*MANAGE, "relay"],
        }

    def ready(self) -> bool:
        """True when the operator's host answers GET /readyz with 200."""
        connection = HTTPConnection("127.0.0.1", self.ports.web, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": f"ops.{self.env.base}"})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def progress(line: str) -> None:
    """Show what a child says of its progress, and nothing else of its log."""
    if line.startswith(PROGRESS):
        say(f"  {line.removeprefix(PROGRESS)}")


def summary(demo: Demo, seeded: dict[str, Any]) -> dict[str, Any]:
    """What demo.json says: hosts with their port by key (the operator's is `ops`), logins and mail."""
    port = f":{demo.ports.web}"
    hosts = {"ops": f"ops.{demo.env.base}"}
    for client in seeded["clients"]:
        host = client["host"]
        hosts[client["key"]] = host if ":" in host else host + port
    folder = str(demo.installation.var / "mail")
    mail = {"smtp": f"127.0.0.1:{demo.ports.smtp}", "http": f"http://127.0.0.1:{demo.ports.mail}/", "folder": folder}
    return {"base": demo.env.base, "hosts": hosts, "logins": seeded["logins"], "mail": mail}


def show(found: dict[str, Any]) -> None:
    """Print addresses and logins."""
    pages = [[name, f"http://{host}/"] for name, host in found["hosts"].items()]
    say("\nReady. Pages:")
    say(table(["who", "address"], [*pages, ["mail", found["mail"]["http"]]]))
    logins = [
        [login["role"], login.get("client") or "ops", login["email"], login["password"]] for login in found["logins"]
    ]
    say("\nLogins:")
    say(table(["role", "where", "e-mail", "password"], logins))
    say("\nCtrl-C stops everything and keeps the data; make demo-reset removes it.")


def database(installation: Installation) -> tuple[str, str]:
    """URL of the owner and the way clients prove themselves: of DATABASE_URL if set, else of our own server."""
    if url := os.environ.get("DATABASE_URL"):
        say("Using the PostgreSQL of DATABASE_URL.")
        return url, os.environ.get("BPO_DB_AUTH", "scram")
    with Step("Starting PostgreSQL") as step:
        server = postgres.ensure(installation.database)
        step.note(f"version {server.version}{', found running' if server.found_running else ''}")
    return server.owner_url, server.auth


def run(installation: Installation) -> None:
    """Run the demo until it is stopped; raises ProcessError, PostgresError, AlreadyRunning, Stopped."""
    with installation.locked():
        installation.summary.unlink(missing_ok=True)
        try:
            url, auth = database(installation)
            with Supervisor(installation.var / "log") as processes:
                processes.remove_at_end(installation.summary)
                serve(installation, url, auth, processes)
        finally:
            installation.summary.unlink(missing_ok=True)
            stop_database(installation)


def serve(installation: Installation, url: str, auth: str, processes: Supervisor) -> None:
    """Prepare, start, tell, and watch."""
    ports, messages = choose_ports()
    for message in messages:
        say(message)
    try:
        demo = Demo(installation, ports, environments(installation, url, auth, ports), processes)
        seeded = demo.prepare()
        demo.start()
    finally:
        ports.release()
    found = summary(demo, seeded)
    write_private(installation.summary, json.dumps(found, indent=2) + "\n")
    show(found)
    try:
        processes.watch()
    except Stopped:
        say()
        with Step("Stopping web, worker, beat, relay, provisioner and mail"):
            processes.stop()
        raise


def stop_database(installation: Installation) -> None:
    """Stop our own server if there is one; the database of DATABASE_URL is somebody else's."""
    if "DATABASE_URL" in os.environ or not installation.database.is_dir():
        return
    with suppress(PostgresError), Step("Stopping PostgreSQL"):
        postgres.stop(installation.database)


def reset(installation: Installation) -> None:
    """Remove the demo's data; raises AlreadyRunning while it runs."""
    with installation.locked(), Step("Removing the demo's database, mail, files and logs"):
        installation.reset()


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when stopped by the user, 1 with reason and remedy on the console otherwise."""
    installation = here()
    work = reset if "--reset" in arguments else run
    with stoppable():
        try:
            work(installation)
        except Stopped:
            return 0
        except (AlreadyRunning, PostgresError, ProcessError, OSError) as error:
            say(f"\n{error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
