"""Interactions as a kind of import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bpo.actors import By
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.table import Row
from bpo.imports.registry import Written
from bpo.permissions import Permission
from interactions.domain.importing import ALIASES, parse_rows, read_mapping
from interactions.writing import write_interactions


class InteractionImporter:
    """Calls, chats, mails and back-office items from a CSV file or a workbook."""

    key = "interactions"
    label = _("Interactions")
    noun = _("interactions")
    permission = Permission.IMPORT_INTERACTIONS.value
    aliases = ALIASES
    defaults = {"source": "file", "direction": "in", "channel": "voice"}

    def read_mapping(self, loaded: object, *, zone: str) -> Mapping:
        return read_mapping(loaded, zone=zone)

    def parse(self, rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, Any]]:
        return parse_rows(rows, mapping)

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: Mapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        return write_interactions(rows=rows, create_missing=mapping.create_missing, run_id=run_id, by=by, now=now)
