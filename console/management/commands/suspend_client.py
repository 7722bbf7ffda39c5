"""`manage.py suspend_client --client K --reason TEXT [--resume]`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key
from console.lives import at_once


class Command(BaseCommand):
    help = "Suspend a client, or resume it. Its data stays. Needs the owner's DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--resume", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        kind = "resume" if options["resume"] else "suspend"
        try:
            at_once(client=client, kind=kind, reason=options["reason"], now=timezone.now(), name="suspend_client")
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{client.name} is {client.get_status_display()}")
