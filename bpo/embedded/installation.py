"""The demo's folder, secrets, ports and environments."""

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bpo.embedded import postgres
from bpo.embedded.places import write_private
from bpo.embedded.ports import Reserved, reserve
from bpo.embedded.processes import ROOT

SECRETS = {"SECRET_KEY": "SECRET_KEY", "BPO_DB_MASTER_KEY": "DB_MASTER_KEY"}  # variable: name in secrets.json
KEPT = {"demo.lock", "tests"}  # the lock of the process that resets, and the suite's own server


class AlreadyRunning(RuntimeError):
    """Another process runs the demo of this folder."""


@dataclass(frozen=True)
class Ports:
    """The demo's ports, held against other programs until `release`."""

    web: int
    smtp: int
    mail: int
    held: tuple[Reserved, ...] = ()

    def release(self) -> None:
        for reserved in self.held:
            reserved.release()


@dataclass(frozen=True)
class Installation:
    """Everything of one demo lives in `var`."""

    var: Path

    @property
    def database(self) -> Path:
        return self.var / "postgres"

    @property
    def summary(self) -> Path:
        return self.var / "demo.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only demo of this folder; raises AlreadyRunning."""
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "demo.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(self._running()) from None
            yield

    def _running(self) -> str:
        where = ""
        if self.summary.exists():
            where = f" at http://ops.{json.loads(self.summary.read_text())['base']}/"
        return f"The demo of {self.var} runs already{where}. Stop it with Ctrl-C in its terminal first."

    def secrets(self) -> dict[str, str]:
        """Secrets as variables: those of the environment, else random ones kept in secrets.json (mode 0600)."""
        path = self.var / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [name for name in SECRETS.values() if name not in known]
        if missing:
            known |= {name: base64.urlsafe_b64encode(secrets.token_bytes(48)).decode() for name in missing}
            write_private(path, json.dumps(known))
        return {variable: os.environ.get(variable) or known[name] for variable, name in SECRETS.items()}

    def reset(self) -> None:
        """Stop the database and remove all data of the demo; a database of DATABASE_URL is left alone."""
        postgres.destroy(self.database)
        for path in self.var.iterdir():
            if path.name in KEPT:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def here() -> Installation:
    """The installation of BPO_VAR, else of the folder `var` beside the program."""
    return Installation(Path(os.environ.get("BPO_VAR") or ROOT / "var").resolve())


def base() -> tuple[str, int]:
    """Host and wished port of BPO_BASE."""
    parts = urlsplit("//" + os.environ.get("BPO_BASE", "localhost:8000"))
    return parts.hostname or "localhost", parts.port or 8000


def choose_ports() -> tuple[Ports, list[str]]:
    """Free ports, held, and a sentence for each wished one that was taken."""
    held = tuple(reserve(wished) for wished in (base()[1], 1025, 8025))
    web, smtp, mail = (reserved.port for reserved in held)
    return Ports(web, smtp, mail, held), [reserved.message for reserved in held if reserved.message]


@dataclass(frozen=True)
class Environments:
    """Variables of the children: `owner` may change the database's structure, `plain` knows no password of it."""

    owner: dict[str, str]
    plain: dict[str, str]
    base: str


def environments(installation: Installation, database_url: str, auth: str, ports: Ports) -> Environments:
    """What each child gets beside the caller's own environment."""
    address = f"{base()[0]}:{ports.web}"
    common = {
        **_defaults(),
        **os.environ,
        **installation.secrets(),
        "BPO_VAR": str(installation.var),
        "BPO_BASE": address,
        "BPO_DB_AUTH": auth,
        "BPO_DEMO": "1",
        "EMAIL_HOST": "127.0.0.1",  # always the sink: a demo never mails real people
        "EMAIL_PORT": str(ports.smtp),
    }
    owner = {**common, "DATABASE_URL": database_url, "BPO_MAY_OWN": "1"}
    plain = {**common, "DATABASE_URL": without_password(database_url), "BPO_MAY_OWN": "0"}
    return Environments(owner, plain, address)


def _defaults() -> Mapping[str, str]:
    return {
        "CELERY_BROKER_URL": "filesystem://",
        "BPO_LOG_FORMAT": "text",
        "DJANGO_SETTINGS_MODULE": "bpo.settings",
        "PYTHONUNBUFFERED": "1",
    }


def without_password(url: str) -> str:
    """The address alone: what connects as `app` or as a client needs no more of the owner's URL."""
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{credentials.split(':')[0]}{at}{host}").geturl()
