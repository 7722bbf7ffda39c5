"""Interactions, and counts of them by interval, as kinds of import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bpo.actors import By
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.table import Row
from bpo.imports.registry import Written, mapped_fields
from bpo.permissions import Permission
from interactions.domain import intervals
from interactions.domain.importing import ALIASES, parse_rows, read_mapping
from interactions.interval_writing import write_intervals
from interactions.writing import write_interactions


class InteractionImporter:
    """Calls, chats, mails and back-office items from a CSV file or a workbook."""

    key = "interactions"
    label = _("Interactions")
    noun = _("interactions")
    permission = Permission.IMPORT_INTERACTIONS.value
    aliases = ALIASES
    defaults = {"source": "file", "direction": "in", "channel": "voice"}
    constants = ("source", "queue", "direction", "channel")
    creates = ("queue", "actor")
    wide_field = None

    def shown(self, headers: Sequence[str], mapping: Mapping) -> list[str]:
        return mapped_fields(headers, mapping)

    def batch(self, mapping: Mapping) -> int:
        return 500

    def read_mapping(self, loaded: object, *, zone: str) -> Mapping:
        return read_mapping(loaded, zone=zone)

    def parse(self, rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, Any]]:
        return parse_rows(rows, mapping)

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: Mapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        return write_interactions(rows=rows, create_missing=mapping.create_missing, run_id=run_id, by=by, now=now)


class IntervalImporter:
    """What arrived interval by interval: a row an interval, or a wide table with a row a day."""

    key = "intervals"
    label = _("Counts by interval")
    noun = _("rows of counts")
    permission = Permission.IMPORT_INTERVALS.value
    aliases = intervals.ALIASES
    defaults = intervals.DEFAULTS
    constants = ("source", "queue", "channel", "minutes")
    creates = ("queue",)
    wide_field = "offered"

    def shown(self, headers: Sequence[str], mapping: Mapping) -> list[str]:
        return ["queue", "date", "intervals", "minutes", "offered"] if mapping.wide else mapped_fields(headers, mapping)

    def batch(self, mapping: Mapping) -> int:
        """A wide row holds up to 1,440 counts; a few days fill a transaction as 500 rows of one do."""
        return 500 if mapping.wide is None else max(1, 8 * mapping.wide.minutes)

    def read_mapping(self, loaded: object, *, zone: str) -> Mapping:
        return intervals.read_mapping(loaded, zone=zone)

    def parse(self, rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, Any]]:
        return intervals.parse_rows(rows, mapping)

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: Mapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        return write_intervals(rows=rows, create_missing=mapping.create_missing, run_id=run_id)
