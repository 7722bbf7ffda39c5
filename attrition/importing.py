"""Runs of the people import: read once with what has no field left out, queued, executed, accounted for row by row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attrition.importer import IMPORTER
from bpo.actors import By
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import FileError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.reading import numbered, open_table
from bpo.imports.services import Outcome
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from workforce.models import PeopleImport, PeopleProblem

ZONE: Final = "UTC"  # days of employment have no time; the mapping wants a zone all the same
Heard = Callable[[Outcome, list[Problem]], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file's rows with the mapped columns alone, and the headers of the columns left out."""

    rows: list[Row]
    left_out: list[str]


def keep(stream: BinaryIO, mapping: Mapping, *, size: int) -> Kept:
    """Read a file to its end and let go of every column without a field. Raises FileError."""
    if size > settings.MAX_IMPORT_BYTES:
        raise FileError(
            _("The file is larger than %(limit)s bytes.") % {"limit": settings.MAX_IMPORT_BYTES},
            _("Split it, or leave out the columns you do not need."),
        )
    table = open_table(stream, mapping)
    rows = [Row(row.number, {name: row.cells.get(name, "") for name in mapping.columns}, row.problems) for row in table]
    return Kept(rows, [header for header in table.headers if header and header not in mapping.columns])


def create_run(*, name: str, mapping: Mapping, kept: Kept, by: By, now: datetime) -> PeopleImport:
    """A run that waits for a person's word."""
    run = PeopleImport(
        name=name[:255],
        rows=[
            [row.number, dict(row.cells), [[p.field, p.problem, p.remedy] for p in row.problems]] for row in kept.rows
        ],
        mapping=mapping.as_dict(),
        left_out=kept.left_out,
        file_rows=len(kept.rows),
        user_id=by.user_id,
        user_name=by.name[:120],
        created_at=now,
    )
    with transaction.atomic():
        run.save(force_insert=True)
        record(action="people_import.uploaded", target=run, by=by, now=now, detail={"rows": run.file_rows})
    return run


def queue_run(*, run_id: UUID, by: By, now: datetime) -> None:
    """Hand a run to the workers; a second call changes nothing."""
    with transaction.atomic():
        run = PeopleImport.objects.select_for_update().get(pk=run_id)
        if run.state != PeopleImport.State.UPLOADED:
            return
        run.state = PeopleImport.State.QUEUED
        run.save(update_fields=["state"])
        enqueue(kind="attrition.import_people", dedupe_key=f"people:{run.pk}", payload={"run_id": str(run.pk)})
        record(action="people_import.queued", target=run, by=by, now=now)


def execute_run(*, run_id: UUID) -> PeopleImport:
    """Import a run's rows. Again after a crash it starts over: what was written before counts as unchanged."""
    run = _started(run_id)
    if run.state != PeopleImport.State.RUNNING:
        return run
    by = By("operator" if run.user_id else "system", run.user_name, user_id=run.user_id)
    outcome = import_rows(
        rows_of(run),
        IMPORTER.read_mapping(run.mapping, zone=ZONE),
        by=by,
        now=run.started_at or run.created_at,
        on_batch=lambda found, problems: _note(run, found, problems),
    )
    now = timezone.now()
    with transaction.atomic():
        _count(run, outcome)
        run.state, run.finished_at, run.rows = PeopleImport.State.DONE, now, []
        run.save()
        record(action="people_import.done", target=run, by=by, now=now, detail=_counts(outcome))
    return run


def import_rows(
    rows: list[Row],
    mapping: Mapping,
    *,
    by: By,
    now: datetime,
    dry_run: bool = False,
    on_batch: Heard | None = None,
) -> Outcome:
    """Write rows in batches, each in one transaction, which a dry run undoes."""
    outcome = Outcome(file_rows=len(rows))
    for batch in numbered(IMPORTER.parse(rows, mapping), IMPORTER.batch(mapping)):
        good = [(number, found) for number, found in batch if not isinstance(found, list)]
        with transaction.atomic():
            written = IMPORTER.write(good, mapping=mapping, run_id=None, by=by, now=now)
            written.problems += [one for _number, found in batch if isinstance(found, list) for one in found]
            problems = outcome.add(len(batch), written)
            if on_batch:
                on_batch(outcome, problems)
            transaction.set_rollback(dry_run)
        outcome.problems += problems
    return outcome


def rows_of(run: PeopleImport) -> list[Row]:
    """A run's rows as they were read."""
    return [
        Row(number, cells, tuple(Problem(number, *problem) for problem in problems))
        for number, cells, problems in run.rows
    ]


def _started(run_id: UUID) -> PeopleImport:
    with transaction.atomic():
        run = PeopleImport.objects.select_for_update().get(pk=run_id)
        if run.state in (PeopleImport.State.DONE, PeopleImport.State.FAILED):
            return run
        run.problems.all().delete()
        run.state, run.started_at = PeopleImport.State.RUNNING, timezone.now()
        _count(run, Outcome(file_rows=run.file_rows))
        run.save()
    return run


def _note(run: PeopleImport, outcome: Outcome, problems: list[Problem]) -> None:
    PeopleProblem.objects.bulk_create(
        PeopleProblem(run=run, row=one.row, field=one.field[:120], problem=one.problem[:500], remedy=one.remedy[:500])
        for one in problems
    )
    PeopleImport.objects.filter(pk=run.pk).update(**_counts(outcome))


def _count(run: PeopleImport, outcome: Outcome) -> None:
    for name, count in _counts(outcome).items():
        setattr(run, name, count)


def _counts(outcome: Outcome) -> dict[str, Any]:
    names = ("file_rows", "done_rows", "created", "updated", "unchanged", "rejected")
    return {name: getattr(outcome, name) for name in names}
