"""What an export says of itself. Plain JSON; a reader of a later release still understands format 1 (ADR 0021)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

FORMAT: Final = 1
NAME: Final = "manifest.json"
# Parts that differ between a client and its copy under another name; all others are equal byte for byte.
IDENTITY: Final = frozenset({NAME, "identity.json", "seats.json"})
_PART = re.compile(r"^(?:[a-z]+\.json|tables/[a-z][a-z0-9_]{0,62}\.copy|files/[0-9a-f]{64})$")
_HASH = re.compile(r"^[0-9a-f]{64}$")


class Unreadable(ValueError):
    """Not an export, or one this release can't read; says what and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive. `columns` and `rows` are a table's."""

    name: str
    size: int
    sha256: str
    rows: int | None = None
    columns: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"name": self.name, "size": self.size, "sha256": self.sha256}
        return plain if self.rows is None else {**plain, "rows": self.rows, "columns": list(self.columns)}


@dataclass(frozen=True, slots=True)
class Manifest:
    """Whose data it is, of which moment and schema version, and every part with its size and hash."""

    client_id: str
    key: str
    made_at: str
    migrations: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()  # files that rows name and the disk no longer had

    def to_bytes(self) -> bytes:
        plain = {
            "format": FORMAT,
            "client": {"id": self.client_id, "key": self.key},
            "made_at": self.made_at,
            "migrations": [list(one) for one in self.migrations],
            "missing": list(self.missing),
            "parts": [part.to_dict() for part in self.parts],
        }
        return json.dumps(plain, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"

    @property
    def tables(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith("tables/")]

    @property
    def files(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith("files/")]


def parse(raw: bytes) -> Manifest:
    """Read a manifest. Unreadable when it is none, of a later format, or names what no export holds."""
    try:
        plain = json.loads(raw)
        number = plain["format"]
        if number != FORMAT:
            raise Unreadable(
                f"The export has format {number}; this release reads {FORMAT}.", "Restore it with a newer release."
            )
        return Manifest(
            client_id=str(plain["client"]["id"]),
            key=str(plain["client"]["key"]),
            made_at=str(plain["made_at"]),
            migrations=tuple((str(app), str(name)) for app, name in plain["migrations"]),
            parts=tuple(_part(one) for one in plain["parts"]),
            missing=tuple(str(name) for name in plain["missing"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise _damaged("manifest.json") from error


def _part(plain: Mapping[str, Any]) -> Part:
    name, size, digest = plain["name"], plain["size"], plain["sha256"]
    if not _PART.match(name) or not _HASH.match(digest) or not isinstance(size, int) or size < 0:
        raise _damaged(str(name)[:80])
    if name.startswith("files/") and name != f"files/{digest}":
        raise _damaged(name)
    return Part(name, size, digest, plain.get("rows"), tuple(plain.get("columns", ())))


def _damaged(name: str) -> Unreadable:
    return Unreadable(f"The export is damaged: {name} is not what it says.", "Take another copy of it.")
