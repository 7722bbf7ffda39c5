"""Runs of an import: made, queued, executed batch by batch, and accounted for row by row."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.files.models import StoredFile
from bpo.files.services import delete_bytes, open_file
from bpo.imports.domain.mapping import Mapping, MappingError
from bpo.imports.domain.problems import FileError, Problem
from bpo.imports.models import ImportRun, RejectedRow
from bpo.imports.reading import explained, numbered, open_table
from bpo.imports.registry import IMPORTERS, Importer, Written, reads_files
from bpo.notices.services import tell
from bpo.outbox.services import enqueue
from bpo.tenancy.context import current_client

Open = Callable[[], AbstractContextManager[BinaryIO]]


class NotNow(ValueError):
    """The run is in a state that does not allow this."""


@dataclass(slots=True)
class Outcome:
    """What became of a file's rows; the four counts add up to `file_rows`. `values` are what rows of many hold."""

    file_rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)

    @property
    def done_rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected

    def add(self, rows: int, written: Written) -> list[Problem]:
        """Count a batch of `rows`; returns its problems."""
        self.created += written.created
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.values.update(written.values)
        self.rejected += rows - written.created - written.updated - written.unchanged
        return sorted(written.problems, key=lambda problem: problem.row)


def create_run(
    *, kind: str, file: StoredFile, mapping: dict[str, Any], by: By, now: datetime, file_rows: int = 0
) -> ImportRun:
    """A run that waits for a person's word. KeyError for an unknown kind."""
    run = ImportRun(
        kind=IMPORTERS[kind].key,
        file=file,
        mapping=mapping,
        file_rows=file_rows,
        actor_id=by.actor_id,
        actor_name=by.name[:120],
        created_at=now,
    )
    with transaction.atomic():
        run.save(force_insert=True)
        record(action="import.uploaded", target=run, by=by, now=now, detail={"kind": kind, "sha256": file.sha256})
    return run


def change_mapping(*, run_id: UUID, mapping: dict[str, Any]) -> ImportRun:
    """Keep another mapping for a run not started yet. NotNow once it is."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.state != ImportRun.State.UPLOADED:
            raise NotNow(_("The import has started; its mapping stays."))
        run.mapping = mapping
        run.save(update_fields=["mapping"])
    return run


def queue_run(*, run_id: UUID, by: By, now: datetime) -> ImportRun:
    """Hand a run to the workers. A second call, or one on a run that has started, changes nothing."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.state != ImportRun.State.UPLOADED:
            return run
        run.state = ImportRun.State.QUEUED
        run.save(update_fields=["state"])
        enqueue(kind="imports.run", dedupe_key=f"imports.run:{run.pk}", payload={"run_id": str(run.pk)})
        record(action="import.queued", target=run, by=by, now=now)
    return run


def execute_run(*, run_id: UUID) -> ImportRun:
    """Import a run's file from its first row to its last.

    Executing it again after a crash starts over: rows written before are recognised and count as unchanged. A
    file or mapping that can't be read ends the run as failed, with nothing written.
    """
    run = _started(run_id)
    if run.state != ImportRun.State.RUNNING:
        _take_away(run)
        return run
    by = By("person" if run.actor_id else "system", run.actor_name, actor_id=run.actor_id)
    importer = IMPORTERS[run.kind]
    try:
        mapping = importer.read_mapping(run.mapping, zone=current_client().zone)
        outcome = import_rows(
            importer,
            lambda: open_file(run.file),
            mapping,
            run_id=run.pk,
            by=by,
            now=run.started_at or run.created_at,
            on_batch=lambda found, problems: _note_progress(run, found, problems),
        )
    except (FileError, MappingError) as error:
        done = _failed(run, error, by)
    else:
        done = _finished(run, outcome, by)
        _tell(done)
    _take_away(done)
    return done


def _take_away(run: ImportRun) -> None:
    """Remove the bytes of a file that was kept for its run alone, unless another run still reads the same."""
    if reads_files(IMPORTERS[run.kind]):
        others = ImportRun.objects.filter(file__sha256=run.file.sha256).exclude(pk=run.pk)
        if not others.exclude(state__in=[ImportRun.State.DONE, ImportRun.State.FAILED]).exists():
            delete_bytes(run.file.sha256)


def _tell(run: ImportRun) -> None:
    """A notice to whoever imported: how many rows were taken, and where to look."""
    if run.actor_id is None or run.finished_at is None:
        return
    taken = run.file_rows - run.rejected
    tell(
        actor_id=run.actor_id,
        kind="import_done",
        text=_("%(name)s: %(taken)s of %(rows)s rows imported.")
        % {"name": run.file.name, "taken": taken, "rows": run.file_rows},
        path=f"/imports/{run.pk}/",
        dedupe_key=f"import:{run.pk}",
        now=run.finished_at,
    )


def import_rows(
    importer: Importer,
    open_stream: Open,
    mapping: Mapping,
    *,
    run_id: UUID | None,
    by: By,
    now: datetime,
    dry_run: bool = False,
    on_batch: Callable[[Outcome, list[Problem]], None] | None = None,
) -> Outcome:
    """Read a file to its end, then write it in the importer's batches, each in one transaction.

    `on_batch` is called inside the batch's transaction. A dry run undoes each batch. Raises FileError before
    anything is written.
    """
    with open_stream() as stream:
        outcome = Outcome(file_rows=sum(1 for _row in _rows(importer, stream, mapping)))
    with open_stream() as stream:
        for batch in numbered(importer.parse(_rows(importer, stream, mapping), mapping), importer.batch(mapping)):
            with transaction.atomic():
                problems = outcome.add(len(batch), _written(importer, batch, mapping, run_id, by, now))
                if on_batch:
                    on_batch(outcome, problems)
                transaction.set_rollback(dry_run)
            outcome.problems += problems
    return outcome


def _rows(importer: Importer, stream: BinaryIO, mapping: Mapping) -> Iterable[Any]:
    return importer.open(stream) if reads_files(importer) else open_table(stream, mapping)


def _written(
    importer: Importer, batch: list[tuple[int, Any]], mapping: Mapping, run_id: UUID | None, by: By, now: datetime
) -> Written:
    good = [(number, found) for number, found in batch if not isinstance(found, list)]
    written = importer.write(good, mapping=mapping, run_id=run_id, by=by, now=now)
    written.problems += [problem for _number, found in batch if isinstance(found, list) for problem in found]
    return written


def _locked(run_id: UUID) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)


def _started(run_id: UUID) -> ImportRun:
    """The run with its counts at zero, unless it is over."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.state in (ImportRun.State.DONE, ImportRun.State.FAILED):
            return run
        RejectedRow.objects.filter(run=run).delete()
        run.state = ImportRun.State.RUNNING
        run.created = run.updated = run.unchanged = run.rejected = run.done_rows = 0
        run.values = {}
        run.started_at = timezone.now()
        run.save()
    return run


def _note_progress(run: ImportRun, outcome: Outcome, problems: list[Problem]) -> None:
    RejectedRow.objects.bulk_create(
        RejectedRow(run=run, row=one.row, field=one.field[:120], problem=one.problem[:500], remedy=one.remedy[:500])
        for one in problems
    )
    ImportRun.objects.filter(pk=run.pk).update(**_counts(outcome))


def _counts(outcome: Outcome) -> dict[str, Any]:
    names = ("file_rows", "done_rows", "created", "updated", "unchanged", "rejected")
    return {name: getattr(outcome, name) for name in names} | {"values": dict(outcome.values)}


def _finished(run: ImportRun, outcome: Outcome, by: By) -> ImportRun:
    now = timezone.now()
    with transaction.atomic():
        for name, count in _counts(outcome).items():
            setattr(run, name, count)
        run.state, run.finished_at = ImportRun.State.DONE, now
        run.save()
        record(action="import.done", target=run, by=by, now=now, detail={"kind": run.kind, **_counts(outcome)})
    return run


def _failed(run: ImportRun, error: FileError | MappingError, by: By) -> ImportRun:
    now = timezone.now()
    with transaction.atomic():
        run.problem, run.remedy = explained(error)
        run.state, run.finished_at = ImportRun.State.FAILED, now
        run.save()
        record(action="import.failed", target=run, by=by, now=now, detail={"kind": run.kind})
    return run
