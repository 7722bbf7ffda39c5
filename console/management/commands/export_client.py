"""`manage.py export_client --client K --to FILE`"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.management.arguments import client_by_key
from bpo.actors import system
from bpo.ops_audit.services import record
from console.exports import write_export


class Command(BaseCommand):
    help = "Write a client to one file that restore_client reads here or elsewhere. Needs the owner's DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)
        parser.add_argument("--to", required=True, help="The file to write; it must not exist.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.OWNER is None:
            raise CommandError("export_client reads as the owner. Run it with the owner's DATABASE_URL.")
        client, path, now = client_by_key(options["client"]), Path(options["to"]), timezone.now()
        if path.exists():
            raise CommandError(f"to: {path} exists. Name a file that does not.", returncode=2)
        manifest = write_export(client, path, now=now)
        with transaction.atomic():
            detail = {"size": path.stat().st_size, "parts": len(manifest.parts)}
            record(action="client.exported", target=client, by=system("export_client"), now=now, detail=detail)
        rows = sum(part.rows or 0 for part in manifest.tables)
        self.stdout.write(f"{client.name}: {rows} rows, {len(manifest.files)} files")
        if manifest.missing:
            self.stderr.write(f"{len(manifest.missing)} files that rows name are not on the disk.")
