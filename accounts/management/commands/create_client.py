"""`manage.py create_client --key acme --name "Acme" --zone Europe/Berlin [--json]`"""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.services import open_client
from bpo.actors import system


class Command(BaseCommand):
    help = "Open a client: its schema, database role, row and domain, in one transaction."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--key", required=True, help="Host label, such as acme.")
        parser.add_argument("--name", required=True)
        parser.add_argument("--zone", required=True, help="IANA zone, such as Europe/Berlin.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            client = open_client(
                key=options["key"],
                name=options["name"],
                zone=options["zone"],
                by=system("create_client"),
                now=timezone.now(),
            )
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        found = {
            "key": client.key,
            "host": f"{client.key}.{settings.BASE}",
            "schema": client.schema_name,
            "seconds": round(time.perf_counter() - started, 3),
        }
        text = "{name} is open at {scheme}://{host}/ after {seconds} s"
        self.stdout.write(
            json.dumps(found) if options["json"] else text.format(name=client.name, scheme=settings.SCHEME, **found)
        )
