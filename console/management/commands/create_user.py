"""`manage.py create_user (--client K | --staff) --email E --role R --password-stdin`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key, password_from
from bpo.actors import system
from bpo.roles import ROLES
from console.people import open_account


class Command(BaseCommand):
    help = "Make a user with one role: at a client, or at the operator."

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--client", help="The client's key.")
        where.add_argument("--staff", action="store_true", help="At the operator.")
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=sorted(ROLES))
        parser.add_argument("--name", default="")
        parser.add_argument("--password-stdin", action="store_true", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"]) if options["client"] is not None else None  # "" is no operator
        try:
            user = open_account(
                email=options["email"],
                name=options["name"],
                password=password_from(),
                role=options["role"],
                client=client,
                client_realm=ROLES[options["role"]].realm == "client",
                by=system("create_user"),
                now=timezone.now(),
            )
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{user.email} is {options['role']} at {client.name if client else 'the operator'}")
