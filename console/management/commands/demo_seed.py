"""`manage.py demo_seed --json`: the operator, one client, and a login for each role. Runs again without harm."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Client
from accounts.services import open_client
from bpo.actors import system
from bpo.permissions import ROLES
from console.people import open_account

PASSWORD = "demo-only-password"  # noqa: S105 - printed by the demo, refused outside it
PEOPLE = (
    ("operator_admin", False, "Ewelina Nowicka", "ewelina@bpo.example"),
    ("operator_admin", True, "Ewelina Nowicka", "ewelina@bpo.example"),
    ("team_lead", True, "Maricel Santos", "maricel@bpo.example"),
    ("agent", True, "Rodel Villanueva", "rodel@bpo.example"),
    ("client_user", True, "Astrid Berg", "astrid@norvik.example"),
)


class Command(BaseCommand):
    help = "Make the demo's operator, client and people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo_seed makes logins with a known password. Set BPO_DEMO=1 if this is a demo.")
        now, by = timezone.now(), system("demo")
        client = Client.objects.filter(key="norvik").first() or open_client(
            key="norvik", name="Norvik Telecom", zone="Asia/Manila", by=by, now=now
        )
        for role, at_client, name, email in PEOPLE:
            open_account(
                email=email,
                name=name,
                password=PASSWORD,
                role=role,
                client=client if at_client else None,
                client_realm=ROLES[role].realm == "client",
                by=by,
                now=now,
            )
        logins = [
            {"role": role, "client": client.key if at_client else None, "email": email, "password": PASSWORD}
            for role, at_client, _, email in PEOPLE
        ]
        clients = [{"key": client.key, "host": f"{client.key}.{settings.BASE}"}]
        self.stdout.write(json.dumps({"logins": logins, "clients": clients}))
