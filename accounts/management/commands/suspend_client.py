"""`manage.py suspend_client --client K --reason TEXT [--resume]`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.management.arguments import client_by_key
from accounts.services import resume_client, suspend_client
from bpo.actors import system


class Command(BaseCommand):
    help = "Suspend a client, or resume it. Its data stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--resume", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        change = resume_client if options["resume"] else suspend_client
        change(client=client, reason=options["reason"], by=system("suspend_client"), now=timezone.now())
        self.stdout.write(f"{client.name} is {client.status}")
