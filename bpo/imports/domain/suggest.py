"""Guess which header means which field, for a person to confirm on the upload screen."""

import difflib
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from typing import Final

LIKENESS: Final = 0.8  # below this a guess is more often wrong than right, and a wrong guess costs more


def suggest_mapping(headers: Iterable[str], fields: Iterable[str] | MappingABC[str, Iterable[str]]) -> dict[str, str]:
    """Return {header: field} for the headers whose name is like a field's name or one of its other names.

    `fields` may map each field to such other names. The likest pair is taken first; a field is given once.
    """
    names = fields if isinstance(fields, MappingABC) else dict.fromkeys(fields, ())
    pairs = [
        (max(_likeness(header, name) for name in (field, *others)), header, field)
        for header in headers
        for field, others in names.items()
    ]
    found: dict[str, str] = {}
    for likeness, header, field in sorted(pairs, key=lambda pair: -pair[0]):
        if likeness >= LIKENESS and header not in found and field not in found.values():
            found[header] = field
    return found


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _bare(one), _bare(other)).ratio()


def _bare(name: str) -> str:
    """Return the name without case, brackets and punctuation: "Answered (Y/N)" is "answered"."""
    return re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)", "", name)).casefold()
