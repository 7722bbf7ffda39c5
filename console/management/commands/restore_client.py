"""`manage.py restore_client FILE (--key K --name N | --into K)`"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key
from bpo.actors import system
from console.restores import opened, restore_as, restore_into


class Command(BaseCommand):
    help = "Make a client from an export, or put a suspended one back to its own. Needs the owner's DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--key", help="The key of the client to make.")
        where.add_argument("--into", help="The key of a suspended client whose export this is: its data is replaced.")
        parser.add_argument("--name", default="", help="With --key: its name.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.OWNER is None:
            raise CommandError("restore_client makes a schema. Run it with the owner's DATABASE_URL.")
        by, now = system("restore_client"), timezone.now()
        try:
            export = opened(Path(options["file"]))
            if options["into"]:
                client = client_by_key(options["into"])
                restore_into(export=export, client=client, by=by, now=now)
            else:
                client = restore_as(export=export, key=options["key"], name=options["name"], by=by, now=now)
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{client.name}: as of {export.manifest.made_at}")
