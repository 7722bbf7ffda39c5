"""What the import commands share: a client's file through a kind of import, told as text or as one JSON object."""

import json
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.arguments import client_by_key
from bpo.actors import By, system
from bpo.files.services import TooLarge
from bpo.imports.domain.jsontext import JsonError, load_json
from bpo.imports.domain.mapping import Mapping, MappingError
from bpo.imports.domain.problems import FileError, Problem
from bpo.imports.models import ImportRun
from bpo.imports.reading import count_rows, guess
from bpo.imports.registry import IMPORTERS, Importer
from bpo.imports.selectors import as_problems, problems_of
from bpo.imports.services import Outcome, create_run, execute_run, import_rows
from bpo.imports.uploading import keep
from bpo.tenancy.context import ClientUnavailable, current_client, enter


class ImportCommand(BaseCommand):
    """Exit 0 if every row was accepted, 1 if some were rejected, 2 for a call, file or mapping that can't be used."""

    kind: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--client", required=True)
        parser.add_argument("--mapping", type=Path, help="JSON; guessed from the header when left out.")
        parser.add_argument("--dry-run", action="store_true", help="Do everything and keep nothing.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = self.imported(options)
        except (FileError, MappingError, JsonError, TooLarge, ClientUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(
                f"{error.filename}: {error.strerror}. Give a file that can be read.", returncode=2
            ) from error
        self._say(outcome, as_json=options["json"])
        if outcome.rejected:
            raise SystemExit(1)

    def importer(self) -> Importer:
        return IMPORTERS[self.kind]

    def imported(self, options: dict[str, Any]) -> Outcome:
        """Do it; whatever stops the whole file is raised."""
        client = client_by_key(options["client"])
        with enter(client.ref()):
            return _import(self.kind, options["file"], options["mapping"], options["dry_run"])

    def _say(self, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_as_dict(outcome), ensure_ascii=False))
            return
        for one in outcome.problems:
            self.stderr.write(f"row {one.row}, {one.field or 'row'}: {one.problem} {one.remedy}")
        done = outcome.created + outcome.updated + outcome.unchanged
        self.stdout.write(
            f"{done} of {outcome.file_rows} {self.importer().noun} imported: {outcome.created} created, "
            f"{outcome.updated} updated, {outcome.unchanged} unchanged, {outcome.rejected} rejected."
        )
        if outcome.values:
            held = ", ".join(f"{count} {what}" for what, count in outcome.values.items())
            self.stdout.write(f"They hold {outcome.values.total()} values: {held}.")


def _import(kind: str, path: Path, mapping_path: Path | None, dry_run: bool) -> Outcome:
    importer = IMPORTERS[kind]
    loaded = _loaded(path, mapping_path, importer)
    mapping = importer.read_mapping(loaded, zone=current_client().zone)
    by = system(f"import_{kind}")
    if dry_run:
        return import_rows(
            importer, lambda: _opened(path), mapping, run_id=None, by=by, now=timezone.now(), dry_run=True
        )
    return _kept(kind, path, mapping, by)


def _kept(kind: str, path: Path, mapping: Mapping, by: By) -> Outcome:
    """Import through a stored run, as the upload screen does, so that both leave the same trace."""
    now = timezone.now()
    with path.open("rb") as stream:
        count_rows(stream, mapping)  # to its end before anything is kept
        stored = keep(stream, mapping, name=path.name, by=by, now=now)
    return executed(create_run(kind=kind, file=stored, mapping=mapping.as_dict(), by=by, now=now))


def executed(made: ImportRun) -> Outcome:
    """Execute a run that was just made, and tell it as the command does. CommandError (exit 2) for one that failed."""
    run = execute_run(run_id=made.pk)
    if run.state == ImportRun.State.FAILED:
        raise CommandError(f"{run.problem} {run.remedy}", returncode=2)
    return Outcome(
        file_rows=run.file_rows,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        rejected=run.rejected,
        problems=list(as_problems(problems_of(run.pk))),
        values=Counter(run.values),
    )


def _loaded(path: Path, mapping_path: Path | None, importer: Importer) -> object:
    if mapping_path is not None:
        return load_json(mapping_path.read_bytes())
    with path.open("rb") as stream:
        return guess(stream, importer, zone=current_client().zone)


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    return path.open("rb")


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    """One object: an entry for each rejected row, its further problems under `also`; `values` where rows hold many."""
    rejected: dict[int, dict[str, Any]] = {}
    for one in outcome.problems:
        entry = _entry(one)
        if one.row in rejected:
            rejected[one.row].setdefault("also", []).append(entry)
        else:
            rejected[one.row] = entry
    return {
        "file_rows": outcome.file_rows,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": list(rejected.values()),
        **({"values": dict(outcome.values)} if outcome.values else {}),
    }


def _entry(one: Problem) -> dict[str, Any]:
    return {"row": one.row, "field": one.field, "problem": one.problem, "remedy": one.remedy}
