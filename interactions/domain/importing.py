"""One row of somebody's export to one interaction, or to the list of what is wrong with it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingABC
from datetime import datetime
from typing import Any, Final, TypeVar

from bpo.imports.domain.convert import clock
from bpo.imports.domain.mapping import Mapping, MappingError
from bpo.imports.domain.moments import instant, local_date, time_of_day, to_utc
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import phrase as _
from interactions.domain.fields import ALIASES, ALWAYS, CONVERTERS, FIELDS, WAY
from interactions.domain.imported import KEY_FIELDS, InteractionRow, fingerprint, key_of, key_text

__all__ = [
    "ALIASES",
    "FIELDS",
    "IDENTITY",
    "InteractionRow",
    "fingerprint",
    "key_of",
    "parse_row",
    "parse_rows",
    "read_mapping",
]

IDENTITY: Final = ("source", "external_id")

T = TypeVar("T")


def read_mapping(loaded: object, *, zone: str | None = None) -> Mapping:
    """Check a mapping for interactions, given as JSON (text or bytes) or already loaded; `zone` as its default.

    The mapping's `key` may hold `source` and `external_id`, which is also what it is when left out. A file
    without ids of its own leaves `external_id` unmapped and names in `key` the fields that tell its rows
    apart; the id is then made from them. Raises MappingError, also for a word that its field cannot take.
    """
    if isinstance(loaded, bytes | str):
        mapping = Mapping.from_json(loaded, fields=FIELDS, zone=zone)
    else:
        mapping = Mapping.from_dict(loaded, fields=FIELDS, zone=zone)
    _check_key(mapping)
    _check_always(mapping)
    _check_words(mapping)
    return mapping


def parse_row(cells: MappingABC[str, str], mapping: Mapping, *, number: int = 0) -> InteractionRow | list[Problem]:
    """Read one row's cells, header to text; `number` is the row's, for its problems.

    Every cell that cannot be read is a problem of its own; what must hold between fields is judged once all
    cells are readable. A voice call that came in and was not answered counts as abandoned.
    """
    reading = _Reading(mapping.fields_of(cells), number)
    values: dict[str, Any] = {field: reading.take(field, convert) for field, convert in CONVERTERS.items()}
    values |= {f"{end}_at": _moment(reading, mapping, end) for end in ("started", "ended")}
    values["rated_on"] = reading.take("rated_on", lambda field, raw: local_date(field, raw, mapping.dates))
    if not reading.problems:
        values = _settled(values, mapping)
        reading.judge(values)
    if reading.problems:
        return reading.problems
    return InteractionRow(**{field: value for field, value in values.items() if value is not None})


def parse_rows(rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, InteractionRow | list[Problem]]]:
    """Yield each row's number with what `parse_row` makes of it; a key seen before is a problem too.

    Keys of the rows so far are kept, as digests, for as long as the iteration lasts.
    """
    first_rows: dict[bytes, int] = {}
    for row in rows:
        found = list(row.problems) or parse_row(row.cells, mapping, number=row.number)
        if isinstance(found, InteractionRow):
            first = first_rows.setdefault(_digest(key_of(found, IDENTITY)), row.number)
            if first != row.number:
                found = [_repeated(row.number, first)]
        yield row.number, found


def _check_key(mapping: Mapping) -> None:
    has_id = mapping.feeds("external_id")
    allowed = IDENTITY if has_id else KEY_FIELDS
    for index, field in enumerate(mapping.key):
        if field not in allowed:
            raise MappingError(
                f"key[{index}]",
                _('"{field}" cannot be part of the key.', field=field),
                _("Use source and external_id.") if has_id else _("Use started_at for the start, or another field."),
            )
    if has_id and mapping.key and "external_id" not in mapping.key:
        raise MappingError("key", _("The key leaves out external_id, which is mapped."), _("Add it to the key."))


def _check_always(mapping: Mapping) -> None:
    needed = [field for field in ALWAYS if field != "external_id" or not mapping.key]
    if mapping.feeds(WAY):
        needed = [field for field in needed if field not in ("channel", "direction")]
    missing = [field for field in needed if not mapping.feeds(field)]
    if not (mapping.feeds("started_at") or (mapping.feeds("started_date") and mapping.feeds("started_time"))):
        missing.append("started_at")
    if missing:
        raise MappingError(
            "columns",
            _('Nothing fills "{field}".', field=missing[0]),
            _("Map a column to started_at, or one each to started_date and started_time.")
            if missing[0] == "started_at"
            else _("Map a column to it, or give it one value for the whole file under constants."),
        )


def _check_words(mapping: Mapping) -> None:
    """Try each constant and each replacement on its field now, rather than fail every row with it."""
    words = [(f"constants.{field}", field, word) for field, word in mapping.constants.items()]
    for field, replaced in mapping.values.items():
        words += [(f"values.{field}.{theirs}", field, ours) for theirs, ours in replaced.items() if ours]
    for path, field, word in words:
        _try(path, field, word)


def _try(path: str, field: str, word: str) -> None:
    convert = CONVERTERS.get(field)  # a date or a time is only known with its other half
    try:
        if convert:
            convert(field, word)
    except CellError as error:
        raise MappingError(path, error.problem, error.remedy) from error


class _Reading:
    """One row's texts by field, read one by one; every problem is kept."""

    def __init__(self, texts: MappingABC[str, str], number: int) -> None:
        self._texts = texts
        self._number = number
        self.problems: list[Problem] = []

    def has(self, field: str) -> bool:
        return bool(self._texts.get(field))

    def take(self, field: str, convert: Callable[[str, str], T]) -> T | None:
        """Convert a field's text; None where it is blank or cannot be read."""
        return self.attempt(lambda: convert(field, self._texts[field])) if self.has(field) else None

    def attempt(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except CellError as error:
            self.problems.append(Problem.of(self._number, error))
            return None

    def missing(self, field: str) -> None:
        error = CellError(field, _("This is empty and must not be."), _("Fill the cell, or leave the row out."))
        self.problems.append(Problem.of(self._number, error))

    def judge(self, values: dict[str, Any]) -> None:
        """Add what is missing, and what the fields say against each other."""
        for field in (*ALWAYS, "started_at"):
            if values[field] is None:
                self.missing(field)
        if not self.problems:
            self.problems += [Problem.of(self._number, error) for rule in _RULES for error in rule(values)]


def _moment(reading: _Reading, mapping: Mapping, end: str) -> datetime | None:
    """Read the start or the end, from one field or from a date and a time in the mapping's zone."""
    if reading.has(f"{end}_at"):
        return reading.take(f"{end}_at", lambda field, raw: instant(field, raw, mapping.dates, mapping.zone))
    day = reading.take(f"{end}_date", lambda field, raw: local_date(field, raw, mapping.dates))
    at = reading.take(f"{end}_time", time_of_day)
    if reading.has(f"{end}_date") != reading.has(f"{end}_time"):
        reading.missing(f"{end}_time" if reading.has(f"{end}_date") else f"{end}_date")
    if day is None or at is None:
        return None
    return reading.attempt(lambda: to_utc(f"{end}_time", datetime.combine(day, at), mapping.zone))


def _settled(values: dict[str, Any], mapping: Mapping) -> dict[str, Any]:
    """Fill in what follows from what the row says."""
    values = _two_ways(values)
    answered, abandoned = values["answered"], values["abandoned"]
    if abandoned is None:
        abandoned = answered is False and values["channel"] == "voice" and values["direction"] == "in"
    if answered is None:
        answered = not abandoned
    start = values["started_at"]
    settled = values | {
        "answered": answered,
        "abandoned": abandoned,
        "talk_seconds": values["talk_seconds"] or None if not answered else values["talk_seconds"],
        "business_date": start and start.astimezone(mapping.zone).date(),
        "zone": mapping.zone.key,
    }
    return settled | {"external_id": values["external_id"] or _made_id(settled, mapping)}


def _two_ways(values: dict[str, Any]) -> dict[str, Any]:
    """Part the one word that says channel and direction, where there is one."""
    both = values.pop(WAY)
    channel, _space, direction = (both or "").partition(" ")
    return values | ({"channel": channel, "direction": direction} if both else {})


def _made_id(values: dict[str, Any], mapping: Mapping) -> str | None:
    """Make an id from the key's fields, for a file that has none of its own."""
    if mapping.feeds("external_id"):
        return None
    return _digest(tuple(key_text(values[field]) for field in mapping.key)).hex()


def _digest(key: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\x1f".join(key).encode()).digest()[:16]


def _repeated(row: int, first: int) -> Problem:
    return Problem(row, "external_id", _("Row {first} has the same key.", first=first), _("Keep one of the two rows."))


def _ends_after_start(values: dict[str, Any]) -> Iterator[CellError]:
    if values["ended_at"] and values["ended_at"] < values["started_at"]:
        yield CellError(
            "ended_at",
            _(
                "The end {end} is before the start {start}.",
                end=values["ended_at"].isoformat(" ", "seconds"),
                start=values["started_at"].isoformat(" ", "seconds"),
            ),
            _("Correct one of them; past midnight the end needs the next day's date."),
        )


def _rated_day_has_a_rating(values: dict[str, Any]) -> Iterator[CellError]:
    if values["rated_on"] and values["source_rating"] is None:
        yield CellError("rated_on", _("There is the day of a rating, but no rating."), _("Fill in one, or empty both."))


def _answer_agrees(values: dict[str, Any]) -> Iterator[CellError]:
    if values["answered"] and values["abandoned"]:
        yield CellError("abandoned", _("The row is both answered and abandoned."), _("Correct one of the two."))
    if values["talk_seconds"] and not values["answered"]:
        yield CellError(
            "talk_seconds",
            _("Nobody answered, but there is talk of {clock}.", clock=clock(values["talk_seconds"])),
            _("Mark the row as answered, or empty the talk time."),
        )


def _abuse_has_reason(values: dict[str, Any]) -> Iterator[CellError]:
    if values["abusive"] and not values["abusive_reason"]:
        yield CellError("abusive_reason", _("An abusive caller is marked without a reason."), _("Say what happened."))
    if values["abusive_reason"] and not values["abusive"]:
        yield CellError(
            "abusive",
            _("There is a reason for an abusive caller, but no mark."),
            _("Mark it, or empty the reason."),
        )


_RULES: Final = (_ends_after_start, _rated_day_has_a_rating, _answer_agrees, _abuse_has_reason)
