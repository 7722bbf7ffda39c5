"""The single keys somebody chose for themselves: checked here, kept with their user, obeyed by keys.js."""

from collections.abc import Mapping
from typing import Any, Final

MOST: Final = 80
RESERVED: Final = frozenset("?/")  # the map itself and the palette
PREFIXES: Final = ("shift+",)


def read_keys(given: Any) -> dict[str, Any]:
    """{"off": whether they are turned off, "map": {given key: chosen key}}, checked.

    A key is one character, "shift+" and a letter, or two characters in turn ("g q"). ValueError says what is wrong:
    something that is no key, one that is reserved, or one chosen twice.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("map", {}), Mapping):
        raise ValueError("An object with off and map is expected.")
    chosen = {str(key): str(value) for key, value in given.get("map", {}).items()}
    if len(chosen) > MOST:
        raise ValueError(f"Only {MOST} keys can be changed.")
    for key, value in chosen.items():
        if not _is_key(key) or not _is_key(value) or value in RESERVED:
            raise ValueError(f"{value!r} can't be a key.")
    if len(set(chosen.values())) < len(chosen):
        raise ValueError("One key can't do two things.")
    kept = {key: value for key, value in chosen.items() if key != value}
    return {"off": bool(given.get("off")), "map": kept}


def _is_key(text: str) -> bool:
    for prefix in PREFIXES:
        if text.startswith(prefix):
            return len(text) == len(prefix) + 1 and text[-1].isalpha()
    parts = text.split(" ") if len(text) > 1 else [text]
    return len(parts) <= 2 and all(len(part) == 1 and part.isprintable() for part in parts)
