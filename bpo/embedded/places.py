"""Where an embedded server lives and as which account it runs.

An ordinary user's server runs as that user, inside the folder given. Root's runs as `postgres`, else
`nobody`, because PostgreSQL refuses root; if that account can't enter the folder (a clone under /root), the
data moves to a folder below a system state folder. No account is made and nobody else's folder is touched.
"""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpo.embedded import postmaster
from bpo.embedded.binaries import PostgresError

STATE_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - ownership is checked
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - the folder made in it is checked to be our own
SERVER_ACCOUNTS = ("postgres", "nobody")
PASSWORDS = ("superuser", "owner", "lifecycle")
LONGEST_SOCKET = 99  # bytes, name of the socket included; the system's limit is 103 to 107


@dataclass(frozen=True)
class Account:
    """The account of the server; `other` means that it is not the caller's own."""

    name: str
    uid: int
    gid: int
    other: bool

    def run_as(self) -> dict[str, Any]:
        """Arguments for subprocess that make a child run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def can_enter(self, folder: Path) -> bool:
        return self._succeeds("/bin/sh", "-c", 'cd "$1"', "sh", str(folder))

    def can_run(self, program: str) -> bool:
        return self._succeeds(program, "--version")

    def _succeeds(self, *command: str) -> bool:
        try:
            done = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.run_as())
        except OSError:  # the program itself can't be reached
            return False
        return done.returncode == 0

    def own(self, folder: Path) -> None:
        """Make `folder`, closed to all other accounts."""
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        self.give(folder)

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder of ours."""
        if self.other:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True)
class Place:
    """`root` is the folder the caller gave, `home` the one the server lives in (mostly the same)."""

    root: Path
    home: Path
    account: Account
    keys: dict[str, str]

    def server_folder(self, major: int) -> Path:
        return self.home / f"pg{major}"

    def socket_folder(self, major: int) -> Path:
        """A folder for the socket whose whole path stays under 100 bytes."""
        inside = self.server_folder(major) / "s"
        if _fits(inside):
            return inside
        short = Path(tempfile.gettempdir()) / self._short_name(major)
        return short if _fits(short) else SHORT_FOLDER / short.name

    def _short_name(self, major: int | str) -> str:
        return f"bpo-{self.keys['id'][:16]}-{major}"

    def short_socket_folders(self) -> list[Path]:
        """Those made outside of our folders, of any version."""
        bases = {Path(tempfile.gettempdir()), SHORT_FOLDER}
        return [folder for base in bases for folder in base.glob(self._short_name("*"))]


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET


def own_socket_folder(folder: Path, account: Account) -> None:
    """Make the folder of the socket; refuses one that somebody else put there first."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in {account.uid, os.geteuid()}:
            raise PostgresError(f"{folder} belongs to another account. Remove it, or set TMPDIR.") from None
    account.own(folder)


def settle(root: Path) -> Place:
    """Decide account and home for `root`, making the folder and its passwords at the first call."""
    keys = _keys(root / "secrets.json")
    account = _account(root)
    home = root
    if account.other:
        state = _state_home(root)
        _drop_if_stale(state, keys["id"])
        if state.exists() or not account.can_enter(root):
            home = state
            _claim(state, keys["id"], account)
            account = _owner_of_data(state) or account
    return Place(root, home, account, keys)


def existing_homes(root: Path) -> list[Path]:
    """The folders that hold servers of `root`, without making any."""
    state = _state_home(root)
    return [root, state] if os.geteuid() == 0 and state.is_dir() else [root]


def caller_name() -> str:
    """The account whose processes may become a client's login without a password."""
    return pwd.getpwuid(os.geteuid()).pw_name


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """One process at a time makes, starts or stops the server of `root`."""
    _make_root(root)
    try:
        handle = (root / "lock").open("a")
    except PermissionError as error:
        raise PostgresError(f"{root} belongs to another account ({error}). Start as that account.") from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_root(root: Path) -> None:
    if root.is_dir():
        return
    root.mkdir(parents=True, exist_ok=True)
    # Root's server runs as another account that has to pass through; names in here are no secret.
    root.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _keys(path: Path) -> dict[str, str]:
    if path.exists():
        return dict(json.loads(path.read_text()))
    keys = {name: secrets.token_hex(24) for name in ("id", *PASSWORDS)}
    write_private(path, json.dumps(keys))
    return keys


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` at once and readable by the caller alone."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    new.replace(path)


def _account(root: Path) -> Account:
    uid = os.geteuid()
    if uid == 0:
        return _owner_of_data(root) or _server_account()
    try:
        own = pwd.getpwuid(uid)
    except KeyError:
        raise PostgresError(
            f"PostgreSQL can't run as account number {uid}, which has no name on this machine. "
            "Use a named account, or set DATABASE_URL to a running server."
        ) from None
    return Account(own.pw_name, uid, own.pw_gid, other=False)


def _server_account() -> Account:
    for name in SERVER_ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid, other=True)
    raise PostgresError(
        "PostgreSQL refuses to run as root and this machine has neither an account postgres nor nobody. "
        "Start as an ordinary user, or set DATABASE_URL to a running server."
    )


def _owner_of_data(home: Path) -> Account | None:
    """Who owns the data that is there already: only that account can open it."""
    for data in home.glob("pg*/data"):
        found = data.stat()
        if found.st_uid != 0:
            return Account(f"number {found.st_uid}", found.st_uid, found.st_gid, other=True)
    return None


def _state_home(root: Path) -> Path:
    key = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    homes = [base / "bpo" / key for base in STATE_FOLDERS]
    return next((home for home in homes if home.exists()), homes[0])


def _claim(state: Path, identity: str, account: Account) -> None:
    try:
        for folder in (state.parent, state):
            _make_own(folder)
    except OSError as error:
        raise PostgresError(
            f"The account {account.name} can't enter the project's folder, and {state} can't be made ({error}). "
            "Move the project out of the private folder, or set DATABASE_URL to a running server."
        ) from error
    write_private(state / "id", identity)


def _make_own(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o711)
    if folder.stat().st_uid != os.geteuid():
        raise OSError(f"{folder} belongs to another account")


def _drop_if_stale(state: Path, identity: str) -> None:
    """A new identity means that the folder this data belonged to was removed by hand: remove the data too."""
    known = state / "id"
    if known.exists() and known.read_text() != identity:
        postmaster.stop_all(state)
        shutil.rmtree(state)
