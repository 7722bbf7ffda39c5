"""Ratings of another survey as a kind of import. They stay apart from answers to ours: the interaction keeps them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _lazy

from bpo.actors import By
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import phrase as _
from bpo.imports.registry import Written, mapped_fields
from bpo.permissions import Permission
from interactions.models import Interaction
from surveys.domain.importing import ALIASES, ResponseRow, parse_rows, read_mapping


class ResponseImporter:
    """Ratings from 1 to 5 that another survey collected about interactions known here."""

    key = "responses"
    label = _lazy("Ratings from another survey")
    noun = _lazy("ratings")
    permission = Permission.IMPORT_RESPONSES.value
    aliases = ALIASES
    defaults = {"source": "file"}
    constants = ("source",)
    creates: tuple[str, ...] = ()
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
        return write_ratings(rows=rows)


def write_ratings(*, rows: Sequence[tuple[int, ResponseRow]]) -> Written:
    """Put the ratings on their interactions, in the caller's transaction; one about an unknown one is a problem."""
    written = Written()
    wanted = {row.external_id for _number, row in rows}
    found = Interaction.objects.select_for_update(of=("self",)).filter(
        source__in={row.source for _number, row in rows}, external_id__in=wanted
    )
    known = {(one.source, one.external_id): one for one in found.order_by("pk")}
    changed = []
    for number, row in rows:
        one = known.get((row.source, row.external_id))
        if one is None:
            problem = _(
                "Interaction “{name}” of source “{source}” is unknown.", name=row.external_id, source=row.source
            )
            remedy = _("Import the interaction first, or correct the id.")
            written.problems.append(Problem(number, "external_id", problem, remedy))
        elif (one.source_rating, one.rated_on) == (row.score, row.rated_on):
            written.unchanged += 1
        else:
            written.created += one.source_rating is None
            written.updated += one.source_rating is not None
            one.source_rating, one.rated_on = row.score, row.rated_on
            one.version += 1
            changed.append(one)
    Interaction.objects.bulk_update(changed, ["source_rating", "rated_on", "version"], batch_size=500)
    return written
