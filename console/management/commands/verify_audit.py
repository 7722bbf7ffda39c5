"""`manage.py verify_audit [--client K]`: recompute every hash chain, and compare it with the ends kept elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.arguments import client_by_key
from accounts.models import Client
from bpo.audit.models import Checkpoint, Entry, Head
from bpo.audit_writing import check
from bpo.chain import Break
from bpo.ops_audit.models import Checkpoint as OperatorCheckpoint
from bpo.ops_audit.models import Entry as OperatorEntry
from bpo.ops_audit.models import Head as OperatorHead
from bpo.tenancy.context import enter
from console.heads import kept_ends


class Command(BaseCommand):
    help = "Recompute the audit chains of the operator and of each client; exit 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", help="Only this client.")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        key = options["client"]
        if key is None:
            broken += self.report("operator", *check(OperatorEntry, OperatorHead, OperatorCheckpoint, kept_ends(None)))
        clients = Client.objects.filter(status="active").order_by("key")
        for client in clients if key is None else [client_by_key(key)]:
            ends = kept_ends(client.pk)
            with enter(client.ref()):
                found = check(Entry, Head, Checkpoint, ends)
            broken += self.report(client.key, *found)
        if broken:
            raise CommandError(f"{broken} places don't hold. Compare with the last backup before anything else.")

    def report(self, name: str, lines: int, breaks: list[Break]) -> int:
        self.stdout.write(f"{name}: {lines} lines, " + ("unbroken" if not breaks else f"{len(breaks)} breaks"))
        for found in breaks:
            self.stdout.write(f"  line {found.seq}: {found.kind}")
        return len(breaks)
