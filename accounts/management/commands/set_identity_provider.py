"""`manage.py set_identity_provider (--client K | --staff) --issuer URL --client-id ID --name N [--new-role R]`"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.management.arguments import client_by_key, password_from
from accounts.models import Client
from accounts.models.identity import NEW_ROLES
from accounts.selectors import provider_of
from accounts.selectors_sign_in import hosts_of
from accounts.services.providers import set_provider, switch_off
from bpo.actors import system
from bpo.links import address

BY = system("set_identity_provider")


class Command(BaseCommand):
    help = "Let a client's users, or staff, sign in by an OpenID Connect provider. Its secret comes on standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--client", help="The client's key.")
        where.add_argument("--staff", action="store_true", help="Those who sign in at the operator.")
        parser.add_argument("--issuer", default="")
        parser.add_argument("--client-id", default="")
        parser.add_argument("--name", default="", help="What people call it; it stands on the button.")
        parser.add_argument(
            "--new-role", default="", choices=["", *NEW_ROLES],
            help="What who comes for the first time becomes; without it they are refused.",
        )  # fmt: skip
        parser.add_argument("--off", action="store_true", help="Trust it no longer.")

    def handle(self, *args: Any, **options: Any) -> None:
        realm = client_by_key(options["client"]) if options["client"] is not None else None
        if options["off"]:
            self._off(realm)
            return
        try:
            provider = set_provider(
                realm=realm, name=options["name"], issuer=options["issuer"], client_id=options["client_id"],
                secret=password_from(sys.stdin), new_role=options["new_role"], by=BY, now=timezone.now(),
            )  # fmt: skip
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{provider} signs people in. Tell it these addresses to come back to:")
        for host in hosts_of(realm.pk if realm else None):
            self.stdout.write(address(host, "/sign-in/company/back/"))

    def _off(self, realm: Client | None) -> None:
        provider = provider_of(realm.pk if realm else None)
        if provider is None:
            raise CommandError("There is no provider to switch off.", returncode=2)
        switch_off(provider=provider, by=BY, now=timezone.now())
        self.stdout.write(f"{provider} signs nobody in any more.")
