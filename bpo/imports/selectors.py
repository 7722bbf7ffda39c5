"""Named reads of import runs."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import QuerySet

from bpo.imports.domain.problems import Problem
from bpo.imports.models import ImportRun, RejectedRow


def runs(kinds: Collection[str]) -> QuerySet[ImportRun]:
    """Runs of these kinds, newest first, with their files: one query."""
    return ImportRun.objects.select_related("file").filter(kind__in=kinds)


def run_by_id(run_id: UUID, kinds: Collection[str]) -> ImportRun | None:
    return runs(kinds).filter(pk=run_id).first()


def problems_of(run_id: UUID) -> QuerySet[RejectedRow]:
    return RejectedRow.objects.filter(run_id=run_id)


def as_problems(rows: QuerySet[RejectedRow]) -> Iterator[Problem]:
    return (Problem(row.row, row.field, row.problem, row.remedy) for row in rows.iterator(chunk_size=2000))
