"""manage.py import_recordings --client acme FILE [--dry-run] [--json]"""

from contextlib import nullcontext
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone

from accounts.management.arguments import client_by_key
from accounts.management.importing import ImportCommand, executed
from bpo.actors import system
from bpo.imports.services import Outcome, import_rows
from bpo.tenancy.context import current_client, enter
from interactions.bulk import as_archive, receive_recordings
from interactions.recording_import import KIND, RecordingImporter


class Command(ImportCommand):
    help = "Import recordings of one client from a ZIP archive or a file of sound. Exit 0, or 1 if files were rejected."
    kind = KIND

    def imported(self, options: dict[str, Any]) -> Outcome:
        """As the page does it. A dry run reads each file to its end and keeps none."""
        client, now = client_by_key(options["client"]), timezone.now()
        with enter(client.ref()), options["file"].open("rb") as file:
            if options["dry_run"]:
                return _tried(file, now)
            return executed(receive_recordings([file], reach=None, by=system("import_recordings"), now=now))


def _tried(file: BinaryIO, now: datetime) -> Outcome:
    importer = RecordingImporter(keeps=False)
    mapping = importer.read_mapping({}, zone=current_client().zone)
    with as_archive([file]) as (stream, _name):

        def opened() -> Any:
            stream.seek(0)
            return nullcontext(stream)

        return import_rows(
            importer, opened, mapping, run_id=None, by=system("import_recordings"), now=now, dry_run=True
        )
