"""How the columns of somebody's file become the fields of ours."""

import codecs
import zoneinfo
from collections.abc import Collection
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, Self

from .checked import Checked, MappingError
from .jsontext import JsonError, load_json
from .words import nearest
from .words import phrase as _

__all__ = ["CREATABLE", "ENCODINGS", "Mapping", "MappingError", "Wide"]

CREATABLE: Final = ("actor", "queue")  # what an import may make on the way when it is missing
KEYS: Final = (
    "version", "encoding", "delimiter", "zone", "dates", "columns", "values", "constants", "key", "create_missing",
    "wide",
)  # fmt: skip
# The encodings files from the field really have. Python knows more, and some of those are not text at all.
ENCODINGS: Final = frozenset(
    {
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii", "koi8-r", "mac-roman"),
        *(f"iso8859-{part}" for part in (1, 2, 5, 7, 8, 9, 15)),
        *(f"cp{page}" for page in (437, 850, 852, 866, 932, *range(1250, 1259))),
        *("shift_jis", "euc_jp", "gb18030", "gbk", "big5", "euc_kr"),
    }
)
_SAMPLE: Final = datetime(2013, 11, 25, 14, 38, 57, tzinfo=UTC)  # no part of it can be taken for another
_MINUTES_A_DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class Wide:
    """A table with one row a day and one column an interval: `date` names the column that holds the day,
    `minutes` is the interval's length, `field` is what the other cells hold."""

    date: str
    minutes: int
    field: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping. `columns` is header to field, `values` is field to {their word: our word}."""

    version: int
    encoding: str
    delimiter: str
    zone: zoneinfo.ZoneInfo
    dates: tuple[str, ...]
    columns: MappingABC[str, str]
    values: MappingABC[str, MappingABC[str, str]]
    constants: MappingABC[str, str]
    key: tuple[str, ...]
    create_missing: frozenset[str]
    wide: Wide | None

    @classmethod
    def from_json(cls, data: bytes | str, *, fields: Collection[str] | None = None, zone: str | None = None) -> Self:
        """Read a mapping file; see `from_dict`. Raises MappingError, also for text that is not JSON."""
        try:
            loaded = load_json(data)
        except JsonError as error:
            raise MappingError("", error.problem, error.remedy) from error
        return cls.from_dict(loaded, fields=fields, zone=zone)

    @classmethod
    def from_dict(cls, loaded: object, *, fields: Collection[str] | None = None, zone: str | None = None) -> Self:
        """Check a loaded mapping. Only `columns` or `wide`, and a zone are needed; the zone may come from the caller.

        `fields` are the fields this import can fill; without it any name is taken. `zone` is the IANA zone
        where the mapping gives none, usually the client's. `version` is the author's own count. Raises
        MappingError with `path`, `problem` and `remedy`.
        """
        top = Checked(loaded, "", KEYS)
        columns, constants = top.words("columns"), top.words("constants")
        wide = _wide(top.raw("wide"))
        if not columns and wide is None:
            raise MappingError("columns", _("No column is mapped."), _("Map each header you need to a field."))
        _check_targets(columns, constants, fields)
        known = fields if fields is not None else {*columns.values(), *constants}
        return cls(
            version=top.whole("version", 1, low=1, high=1_000_000),
            encoding=_encoding(top.text("encoding", "utf-8")),
            delimiter=_delimiter(top.text("delimiter", ",")),
            zone=_zone(top.text("zone", zone)),
            dates=_dates(top.texts("dates")),
            columns=MappingProxyType(columns),
            values=MappingProxyType(top.tables("values", known)),
            constants=MappingProxyType(constants),
            key=top.names("key", known),
            create_missing=frozenset(top.names("create_missing", CREATABLE)),
            wide=wide,
        )

    def as_dict(self) -> dict[str, object]:
        """Return the mapping as `from_dict` takes it, for storing."""
        wide = self.wide
        return {
            "version": self.version,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "zone": self.zone.key,
            "dates": list(self.dates),
            "columns": dict(self.columns),
            "values": {field: dict(words) for field, words in self.values.items()},
            "constants": dict(self.constants),
            "key": list(self.key),
            "create_missing": sorted(self.create_missing),
            "wide": wide and {"date": wide.date, "minutes": wide.minutes, "field": wide.field},
        }

    def feeds(self, field: str) -> bool:
        """Tell whether a column or a constant fills this field."""
        return field in self.constants or field in self.columns.values()

    def fields_of(self, cells: MappingABC[str, str]) -> dict[str, str]:
        """Return field to text for one row: columns renamed, values replaced, constants added."""
        found = dict(self.constants)
        for header, field in self.columns.items():
            found[field] = self._ours(field, cells.get(header, ""))
        return found

    def _ours(self, field: str, text: str) -> str:
        """Replace their word by ours: the very word first, else the same word in another case."""
        words = self.values.get(field)
        if not words:
            return text
        if text in words:
            return words[text]
        return next((to for word, to in words.items() if word.casefold() == text.casefold()), text)


def _check_targets(columns: dict[str, str], constants: dict[str, str], fields: Collection[str] | None) -> None:
    targets = [(f"columns.{header}", field) for header, field in columns.items()]
    targets += [(f"constants.{field}", field) for field in constants]
    filled: dict[str, str] = {}
    for path, field in targets:
        if fields is not None and field not in fields:
            raise MappingError(path, _('There is no field "{field}".', field=field), nearest(field, fields))
        if field in filled:
            raise MappingError(
                path,
                _('The field "{field}" is filled by {other} already.', field=field, other=filled[field]),
                _("Keep one of the two."),
            )
        filled[field] = path


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MappingError(
            "zone",
            _('There is no time zone "{name}".', name=name),
            _("Use an IANA name such as Europe/Berlin or Asia/Manila."),
        ) from error


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    if found not in ENCODINGS:
        raise MappingError("encoding", _('The encoding "{name}" is not known.', name=name), nearest(name, ENCODINGS))
    return found


def _delimiter(text: str) -> str:
    if len(text) != 1 or text.isalnum() or text in '" \r\n\0':
        raise MappingError(
            "delimiter",
            _("{text} cannot part cells.", text=repr(text)),
            _("Use one character: a comma, a semicolon, a tab or a bar."),
        )
    return text


def _dates(formats: tuple[str, ...]) -> tuple[str, ...]:
    for index, form in enumerate(formats):
        if not _finds_the_day(form):
            raise MappingError(
                f"dates[{index}]",
                _('"{form}" does not give a day, a month and a year.', form=form),
                _("Write it with %d, %m or %b, and %Y or %y, as in %d/%m/%Y %H:%M."),
            )
    return formats


def _finds_the_day(form: str) -> bool:
    try:
        read = datetime.strptime(_SAMPLE.strftime(form), form)  # noqa: DTZ007 - only its date is looked at
        return read.date() == _SAMPLE.date()
    except ValueError:
        return False


def _wide(loaded: object) -> Wide | None:
    if loaded is None:
        return None
    inner = Checked(loaded, "wide", ("date", "minutes", "field"))
    minutes = inner.whole("minutes", None, low=1, high=_MINUTES_A_DAY)
    if _MINUTES_A_DAY % minutes:
        raise MappingError(
            "wide.minutes",
            _("Intervals of {minutes} minutes do not fill a day.", minutes=minutes),
            _("Give a length that divides 1440, such as 15 or 30."),
        )
    return Wide(date=inner.text("date"), minutes=minutes, field=inner.text("field"))
