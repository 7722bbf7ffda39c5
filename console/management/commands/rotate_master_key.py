"""`manage.py rotate_master_key`"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Client
from bpo.actors import system
from bpo.tenancy.identities import app_identity
from bpo.tenancy.provisioning import renew_passwords
from console.rotation import reseal_all, unused_codes

BY = system("rotate_master_key")


class Command(BaseCommand):
    help = (
        "After another BPO_DB_MASTER_KEY, with the one before in BPO_DB_MASTER_KEY_FALLBACKS in every process: give the "
        "database roles their new passwords and seal every secret by the new key. Needs the owner's DATABASE_URL; "
        "running it again changes nothing. Exit 1 when a secret opens under no key that is set."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        kept = Client.objects.exclude(status=Client.Status.DROPPED).order_by("key")
        roles = renew_passwords([app_identity().role, *kept.values_list("role_name", flat=True)])
        done = reseal_all(by=BY, now=timezone.now())
        self.stdout.write(f"{roles} database roles have the passwords of the key of now.")
        self.stdout.write(f"{done['anew']} secrets were sealed anew, {done['already']} were already.")
        if settings.DB_MASTER_KEY_FALLBACKS and (codes := unused_codes()):
            self.stdout.write(
                f"{codes} unused recovery codes are kept as hashes. Those made under a key before stop working once "
                "it is taken out of BPO_DB_MASTER_KEY_FALLBACKS; people make new ones under Security."
            )
        if done["unreadable"]:
            raise CommandError(
                f"{done['unreadable']} secrets open under no key that is set. Add theirs to BPO_DB_MASTER_KEY_FALLBACKS, "
                "or have these people reset and these sign-ins set up again.",
                returncode=1,
            )
