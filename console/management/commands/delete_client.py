"""`manage.py delete_client --client K --confirm K --reason TEXT` or `--keep`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key
from console.lives import at_once


class Command(BaseCommand):
    help = "Mark a client for deletion once its grace is over, or keep it after all. Needs the owner's DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--confirm", default="", help="The client's key once more.")
        parser.add_argument("--keep", action="store_true", help="Take it out of deletion; it is suspended then.")

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        kind = "keep" if options["keep"] else "trash"
        try:
            at_once(
                client=client, kind=kind, reason=options["reason"], typed=options["confirm"], now=timezone.now(),
                name="delete_client",
            )  # fmt: skip
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        until = f" until {client.drops_at:%Y-%m-%d %H:%M} UTC, then gone" if client.drops_at else ""
        self.stdout.write(f"{client.name} is {client.get_status_display()}{until}")
