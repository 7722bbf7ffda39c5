"""`manage.py migrate`: the app role, the public schema, grants, then every client."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate

from bpo.tenancy.collected import collected_sql
from bpo.tenancy.context import as_app, as_owner
from bpo.tenancy.identities import ClientRef
from bpo.tenancy.migrating import migrate_clients
from bpo.tenancy.provisioning import ensure_app_role, grant_app, regrant


class Command(DjangoMigrate):
    help = "Migrate the public schema and every client, and set the grants of each database identity."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--skip-clients", action="store_true", help="Migrate the public schema only.")

    def execute(self, *args: Any, **options: Any) -> Any:
        ensure_app_role()  # before Django's own checks, which connect as `app`
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
        if options["app_label"] or options["plan"] or options["check_unapplied"]:
            return
        grant_app()
        if not options["skip_clients"]:
            self.migrate_clients()
            collected_sql()  # so that opening the first client does not wait for it

    def migrate_clients(self) -> None:
        clients = client_refs()
        failed = []
        for outcome in migrate_clients(clients):
            if outcome.problem:
                failed.append(outcome.client.key)
                self.stderr.write(f"  {outcome.client.key}: not migrated, nothing changed there: {outcome.problem}")
            elif outcome.applied:
                self.stdout.write(f"  {outcome.client.key}: {outcome.applied} migrations")
        regrant(client for client in clients if client.key not in failed)
        if failed:
            raise CommandError(f"Not migrated: {', '.join(failed)}. Mend the cause above and run migrate again.")


def client_refs() -> list[ClientRef]:
    model = apps.get_model(settings.TENANT_MODEL)
    with as_app():
        return [row.ref() for row in model.objects.exclude(status="dropped").order_by("created_at", "pk")]
