"""manage.py import_people FILE [--mapping FILE] [--dry-run] [--json]"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.management.importing import ImportCommand
from attrition.importer import IMPORTER, PeopleImporter
from attrition.importing import ZONE, create_run, execute_run, import_rows, keep
from bpo.actors import system
from bpo.imports.domain.jsontext import load_json
from bpo.imports.domain.problems import Problem
from bpo.imports.reading import guess
from bpo.imports.services import Outcome
from workforce.models import PeopleImport


class Command(ImportCommand):
    help = "Import people of the company, one row a spell of employment. Columns without a field are never kept."
    kind = "people"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="JSON; guessed from the header when left out.")
        parser.add_argument("--dry-run", action="store_true", help="Do everything and keep nothing.")
        parser.add_argument("--json", action="store_true")

    def importer(self) -> PeopleImporter:
        return IMPORTER

    def imported(self, options: dict[str, Any]) -> Outcome:
        path, given, now = options["file"], options["mapping"], timezone.now()
        by = system("import_people")
        with path.open("rb") as stream:
            loaded = load_json(given.read_bytes()) if given else guess(stream, IMPORTER, zone=ZONE)
            mapping = IMPORTER.read_mapping(loaded, zone=ZONE)
            stream.seek(0)
            kept = keep(stream, mapping, size=path.stat().st_size)
        if options["dry_run"]:
            return import_rows(kept.rows, mapping, by=by, now=now, dry_run=True)
        made = create_run(name=path.name, mapping=mapping, kept=kept, by=by, now=now)
        return _told(execute_run(run_id=made.pk))


def _told(run: PeopleImport) -> Outcome:
    problems = [Problem(one.row, one.field, one.problem, one.remedy) for one in run.problems.all()]
    names = ("file_rows", "created", "updated", "unchanged", "rejected")
    return Outcome(**{name: getattr(run, name) for name in names}, problems=problems)
