"""`manage.py verify_report [--client K]`: is every report still what was frozen?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Client
from bpo.tenancy.context import enter
from reports.services import verify


class Command(BaseCommand):
    help = "Recompute the hashes of each client's reports and their files; exit 1 when one doesn't hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", help="Only this client.")

    def handle(self, *args: Any, **options: Any) -> None:
        clients = Client.objects.filter(status="active").order_by("key")
        if options["client"] is not None:
            clients = clients.filter(key=options["client"])
            if not clients:
                raise CommandError(
                    f"client: no active client is called {options['client']!r}. Give the key it was opened by."
                )
        wrong = sum(self._report(client) for client in clients)
        if wrong:
            raise CommandError(f"{wrong} things don't hold. Compare with the last backup before anything else.")

    def _report(self, client: Client) -> int:
        with enter(client.ref()):
            count, broken = verify()
        self.stdout.write(f"{client.key}: {count} reports, " + ("as frozen" if not broken else f"{len(broken)} wrong"))
        for one in broken:
            self.stdout.write(f"  week of {one.week}, revision {one.revision}: {one.what}")
        return len(broken)
