"""`manage.py create_token --client K --email E --scopes S [--json]`"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key
from accounts.selectors import user_by_email
from accounts.services import create_token
from bpo.actors import system


class Command(BaseCommand):
    help = "Make an API token for one client. The token is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--scopes", required=True, help="Permissions, separated by commas.")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        user = user_by_email(options["email"], None) or user_by_email(options["email"], client.pk)
        if user is None:
            raise CommandError(f"email: no user {options['email']!r}. Create one with create_user.", returncode=2)
        try:
            token, clear = create_token(
                user=user,
                client=client,
                name=options["name"],
                scopes=[scope.strip() for scope in options["scopes"].split(",") if scope.strip()],
                days=options["days"],
                by=system("create_token"),
                now=timezone.now(),
            )
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        found = {"token": clear, "client": client.key, "scopes": token.scopes, "expires": token.expiry.isoformat()}
        self.stdout.write(json.dumps(found) if options["json"] else clear)
