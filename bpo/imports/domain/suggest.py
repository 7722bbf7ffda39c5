"""Guess which header means which field, for a person to confirm on the upload screen."""

import difflib
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingABC
from typing import Any, Final

from .moments import time_of_day
from .problems import CellError

_MINUTES_A_DAY: Final = 1440
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


def suggest_wide(headers: Sequence[str]) -> dict[str, Any] | None:
    """Return {"date": header, "minutes": length} for a table with a row a day and a column an interval, else None.

    One column holds the day, all the others are headed with times of day from midnight on that lie equally apart.
    """
    if len(headers) < 3:
        return None
    first, *others = headers
    try:
        times = [time_of_day(header, header) for header in others]
    except CellError:
        return None
    minutes, odd = divmod(_MINUTES_A_DAY, len(times))
    evenly = [(place * minutes // 60, place * minutes % 60) for place in range(len(times))]
    fits = not odd and [(time.hour, time.minute) for time in times] == evenly
    return {"date": first, "minutes": minutes} if fits else None


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _bare(one), _bare(other)).ratio()


def _bare(name: str) -> str:
    """Return the name without case, brackets and punctuation: "Answered (Y/N)" is "answered"."""
    return re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)", "", name)).casefold()
