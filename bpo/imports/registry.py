"""The kinds of import there are. An app registers its own in `AppConfig.ready()`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Protocol, TypeGuard, runtime_checkable
from uuid import UUID

from django.utils.functional import Promise

from bpo.actors import By
from bpo.imports.domain.mapping import Mapping as ColumnMapping
from bpo.imports.domain.problems import Problem
from bpo.imports.domain.table import Row


@dataclass(slots=True)
class Written:
    """What became of the rows of one batch; `values` counts what they hold where a row holds many."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)


class Importer(Protocol):
    """Reads rows into values of its own and writes a batch of them. It never opens a transaction of its own."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str | Promise: ...

    @property
    def noun(self) -> str | Promise:
        """Its rows in the plural, as in "12 interactions imported"."""

    @property
    def permission(self) -> str: ...

    @property
    def aliases(self) -> Mapping[str, Iterable[str]]:
        """Each field it fills, to other names the field goes by."""

    @property
    def defaults(self) -> Mapping[str, str]:
        """Constants of a mapping guessed from headers alone."""

    @property
    def constants(self) -> Sequence[str]:
        """Fields that are often the same for a whole file."""

    @property
    def creates(self) -> Sequence[str]:
        """What it can make on the way when it is missing, of CREATABLE."""

    @property
    def wide_field(self) -> str | None:
        """What the cells of a table with a row a day and a column an interval can hold, if it takes such tables."""

    def shown(self, headers: Sequence[str], mapping: ColumnMapping) -> Sequence[str]:
        """The fields to look at before anything is kept."""

    def batch(self, mapping: ColumnMapping) -> int:
        """How many rows are written together."""

    def read_mapping(self, loaded: object, *, zone: str) -> ColumnMapping:
        """Check a mapping. Raises MappingError."""

    def parse(self, rows: Iterable[Row], mapping: ColumnMapping) -> Iterator[tuple[int, Any]]:
        """Yield each row's number with its value, or with a list of problems."""

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: ColumnMapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        """Write values inside the caller's transaction. What the database refuses is a problem of its row."""


@runtime_checkable
class ReadsFiles(Importer, Protocol):
    """What an importer has beside whose files are no tables: nobody maps columns, and its page is one of its own.

    Its file is one on the way, which is taken away once the run is over.
    """

    @property
    def own_page(self) -> str:
        """The name of the page where such files are sent."""

    @property
    def purpose(self) -> str:
        """What its files are kept for."""

    def open(self, stream: BinaryIO) -> Iterator[Any]:
        """What `parse` is given in place of a table's rows. Raises FileError."""


def reads_files(importer: Importer) -> TypeGuard[ReadsFiles]:
    return isinstance(importer, ReadsFiles)


def mapped_fields(headers: Iterable[str], mapping: ColumnMapping) -> list[str]:
    """The fields that columns fill, in the order of the columns."""
    return [mapping.columns[header] for header in headers if header in mapping.columns]


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Make a kind of import known; ValueError for a second one of the same key."""
    known = IMPORTERS.get(importer.key)
    if known is not None and type(known) is not type(importer):
        raise ValueError(f"Two importers are called {importer.key!r}.")
    IMPORTERS[importer.key] = importer
