"""manage.py render_copies --client acme"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import F, Q

from accounts.management.arguments import client_by_key
from bpo.tenancy.context import enter
from interactions.models import Recording
from interactions.voice import ask_for_copy


class Command(BaseCommand):
    help = "Have the copies made that redactions want and that aren't there, as after an update or a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        with enter(client.ref()), transaction.atomic():
            waiting = Recording.objects.exclude(redactions=[]).filter(
                Q(redacted_number=None) | ~Q(redacted_number=F("spans_number"))
            )
            found = list(waiting.only("pk", "spans_number"))
            for one in found:
                ask_for_copy(one)
        self.stdout.write(f"{len(found)} copies asked for.")
