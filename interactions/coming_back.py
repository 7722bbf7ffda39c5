"""Rows about somebody who was erased: they are told, and nothing of them is written."""

from collections.abc import Iterator, Sequence

from bpo.imports.domain.problems import Problem
from bpo.imports.domain.words import phrase as _
from bpo.privacy.keys import Key, erased_among
from interactions.domain.importing import InteractionRow

Numbered = tuple[int, InteractionRow]


def without_erased(rows: Sequence[Numbered]) -> tuple[list[Numbered], list[Problem]]:
    """The rows that may be written, and a problem for each of the others. It quotes nothing of the row."""
    erased = erased_among(key for _number, row in rows for _field, key in _keys(row))
    kept: list[Numbered] = []
    problems: list[Problem] = []
    for number, row in rows if erased else ():
        named = [field for field, key in _keys(row) if key in erased]
        if named:
            problems.append(
                Problem(
                    number,
                    named[0],
                    _("This belongs to a customer who was erased."),
                    _("Leave the row out. Who has become a customer again needs a reference of their own."),
                )
            )
        else:
            kept.append((number, row))
    return (kept, problems) if erased else (list(rows), [])


def _keys(row: InteractionRow) -> Iterator[tuple[str, Key]]:
    """What a row names of its customer, their matter and itself, with the field that does."""
    yield "external_id", ("interactions.Interaction", "source", "external_id", row.source, row.external_id)
    if row.customer_ref:
        yield "customer_ref", ("interactions.Customer", "reference", row.customer_ref)
    if row.case_ref:
        yield "case_ref", ("interactions.Case", "reference", row.case_ref)
