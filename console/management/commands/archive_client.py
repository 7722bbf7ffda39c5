"""`manage.py archive_client --client K --reason TEXT`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key
from console.lives import at_once


class Command(BaseCommand):
    help = "Keep a client's data where nobody reads it; suspend_client --resume takes it out again. Needs the owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        try:
            at_once(client=client, kind="archive", reason=options["reason"], now=timezone.now(), name="archive_client")
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{client.name} is {client.get_status_display()}")
