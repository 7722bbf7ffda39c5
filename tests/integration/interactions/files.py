"""Small files as people send them."""

import json
from pathlib import Path
from typing import Any

HEADER = "Call,Queue,Agent,Start,End,Answered,Resolved"
GOOD = "C1,Billing EN,Maricel,2026-03-02 09:00,2026-03-02 09:05,Y,Y"
MAPPING: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "columns": {
        "Call": "external_id",
        "Queue": "queue",
        "Agent": "agent",
        "Start": "started_at",
        "End": "ended_at",
        "Answered": "answered",
        "Resolved": "resolved",
    },
    "constants": {"source": "test", "direction": "in", "channel": "voice"},
    "create_missing": ["actor", "queue"],
}


def csv(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def mapping(**changes: Any) -> dict[str, Any]:
    return {**MAPPING, **changes}


def written(folder: Path, name: str, content: bytes | dict[str, Any]) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


# What a file can be like that makes it unreadable, and a word its message must hold.
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "utf16": (csv(GOOD).decode().encode("utf-16"), "UTF-16"),
    "cp1252": (csv("C1,Kündigung,Zoë,2026-03-02 09:00,,Y,Y").decode().encode("cp1252"), "cp1252"),
    "nul": (csv(GOOD, "C2,Bil\x00ling,A,2026-03-02 09:00,,Y,Y"), "NUL"),
    "missing_header": (b"\n".join((HEADER.replace("Queue", "Skil").encode(), GOOD.encode())), "Queue"),
    "duplicate_header": (b"\n".join((HEADER.replace("Queue", "Call").encode(), GOOD.encode())), "more than once"),
    "open_quote": (csv(GOOD, 'C2,"Billing EN,A,2026-03-02 09:00,,Y,Y'), "never closed"),
    "huge_cell": (csv(GOOD, f"C2,{'x' * 10_000_000},A,2026-03-02 09:00,,Y,Y"), "longer than"),
    "empty": (b"", "empty"),
}
