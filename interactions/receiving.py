"""Interactions that another system sends: checked like rows of a file, written whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from bpo.actors import By
from bpo.audit.services import record
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import nearest
from bpo.imports.domain.words import phrase as _
from bpo.imports.registry import Written
from bpo.tenancy.context import current_client
from interactions.domain.importing import FIELDS, InteractionRow, parse_rows, read_mapping
from interactions.models import Interaction
from interactions.writing import write_interactions

MOST: Final = 500
FIRST_ROW: Final = 1


class Unreadable(ValueError):
    """Items that can't be taken; each problem's `row` is the item's place, from 0."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


class Taken(RuntimeError):
    """Somebody else sent the same interaction at the same time."""


@dataclass(frozen=True, slots=True)
class Received:
    """Counts, and the interactions in the order they were sent."""

    written: Written
    interactions: list[Interaction]


def receive(*, items: Sequence[dict[str, Any]], by: By, now: datetime) -> Received:
    """Write up to 500 items, known by source and external id. One that is known is updated or left as it is.

    Queues and agents must exist. Raises Unreadable, with every problem found, and writes nothing then; Taken
    when another request wrote the same interaction at the same moment.
    """
    mapping = _own_names()
    rows, problems = _read(items, mapping)
    if problems:
        raise Unreadable(problems)
    try:
        with transaction.atomic():
            return _write(rows, by, now)
    except IntegrityError as error:
        raise Taken from error


def _write(rows: list[tuple[int, InteractionRow]], by: By, now: datetime) -> Received:
    written = write_interactions(rows=rows, create_missing=frozenset(), run_id=None, by=by, now=now)
    if written.problems:
        raise Unreadable(written.problems)
    wanted = [(row.source, row.external_id) for _place, row in rows]
    found = Interaction.objects.filter(
        source__in={source for source, _id in wanted}, external_id__in={external for _source, external in wanted}
    ).select_related("queue", "agent", "reason", "disposition", "case")
    known = {(one.source, one.external_id): one for one in found}
    sent = [known[key] for key in wanted]
    counts = {"created": written.created, "updated": written.updated, "unchanged": written.unchanged}
    record(action="interactions.received", target=sent[0], by=by, now=now, detail=counts)
    return Received(written, sent)


def _own_names() -> Mapping:
    """The mapping under which each field is called by its own name."""
    return read_mapping({"columns": {field: field for field in FIELDS}}, zone=current_client().zone)


def _read(items: Sequence[dict[str, Any]], mapping: Mapping) -> tuple[list[tuple[int, InteractionRow]], list[Problem]]:
    rows = [_row(place, item) for place, item in enumerate(items)]
    good: list[tuple[int, InteractionRow]] = []
    problems: list[Problem] = []
    for number, found in parse_rows(rows, mapping):
        if isinstance(found, list):
            problems += found
        else:
            good.append((number, found))
    return good, problems


def _row(place: int, item: dict[str, Any]) -> Row:
    """One item as a row of text. What has no text is a problem of the row."""
    problems = [problem for name, value in item.items() if (problem := _refusal(place, name, value))]
    cells = {name: _text(value) for name, value in item.items() if name in FIELDS}
    return Row(place, cells, tuple(problems))


def _refusal(place: int, name: str, value: object) -> Problem | None:
    if name not in FIELDS:
        return Problem(place, name[:60], _("This field is not known."), nearest(name, FIELDS))
    if value is not None and not isinstance(value, str | int):
        return Problem(
            place,
            name,
            _("This is no text, whole number or yes-no."),
            _("Send one value, and numbers without decimals."),
        )
    return None


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
