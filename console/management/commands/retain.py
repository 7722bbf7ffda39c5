"""manage.py retain --client KEY [--dry-run | --set KIND=DAYS]: what is past its term, in words; or end it now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client
from bpo.actors import system
from bpo.privacy.words import lines
from console import retention


class Command(BaseCommand):
    help = "Say what of a client's data is past its term, or end it. --set keeps a kind as long as a contract says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", required=True, help="the client's key")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
        parser.add_argument("--set", metavar="KIND=DAYS", help="recordings, surveys, operational or audit, and days")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        client = Client.objects.filter(key=options["client"]).first()
        if client is None:
            raise CommandError(f"There is no client {options['client']!r}. Give its key.")
        now = timezone.now()
        if options["set"]:
            self._set(client, options["set"])
        counts = retention.foreseen(client, now=now)
        if not options["dry_run"] and not options["set"]:
            retention.note_night(client=client.ref(), now=now)
        if options["json"]:
            told = [{"model": label, "becomes": action, "rows": rows} for label, action, rows in counts]
            self.stdout.write(json.dumps(told))
            return
        for line in lines(counts):
            self.stdout.write(f"{line.count:>8}  {line.name}: {line.becomes}")
        if not counts:
            self.stdout.write("Nothing is past its term.")
        elif not options["dry_run"] and not options["set"]:
            self.stdout.write("The provisioner ends it now, batch by batch.")

    def _set(self, client: Client, given: str) -> None:
        kind, _equals, days = given.partition("=")
        if not days.isdecimal():
            raise CommandError(f"{given!r} is not KIND=DAYS. Write it like recordings=30.")
        try:
            by = system("retain")
            retention.set_term(client=client, kind=kind, days=int(days), by=by, now=timezone.now())
        except Refused as error:
            raise CommandError(f"{error.problem} {error.remedy}") from error
