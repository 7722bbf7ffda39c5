"""`manage.py migrate`: the app role, the public schema, grants, then every client."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from bpo.tenancy.collected import collected_sql
from bpo.tenancy.context import as_app, as_owner
from bpo.tenancy.identities import ClientRef
from bpo.tenancy.migrating import Busy, Outcome, behind, migrate_clients, only_runner
from bpo.tenancy.pending import wanted
from bpo.tenancy.pool import distrust_all
from bpo.tenancy.provisioning import ensure_app_role, grant_app


class Command(DjangoMigrate):
    help = (
        "Migrate the public schema and every client, and set the grants of each database identity. "
        "Exit 1 when a client was not migrated, 3 when another runner is at work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--skip-clients", action="store_true", help="Migrate the public schema only.")
        parser.add_argument("--canary", default="", metavar="KEY", help="The client to try first.")
        parser.add_argument("--grants", action="store_true", help="Set every client's grants again.")
        parser.add_argument("--wait", type=float, default=60, help="Seconds to wait for another runner.")

    def execute(self, *args: Any, **options: Any) -> Any:
        ensure_app_role()  # before Django's own checks, which connect as `app`
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        before = _public_migrations()
        whole = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        with as_owner():
            if whole:
                _note_clients_migrations()
            super().handle(*args, **options)
        if options["check_unapplied"]:
            self.check_clients()
        if not whole:
            return
        grant_app()
        changed = options["grants"] or _public_migrations() != before  # what was made anew in public has no grants
        if changed:
            distrust_all()
        if not options["skip_clients"]:
            self.migrate_clients(options["canary"], options["wait"], regrant=changed)
            collected_sql()  # so that opening the first client does not wait for it

    def check_clients(self) -> None:
        """Exit 1 when a client lacks a migration, as `--check` does for the public schema."""
        found = behind(client_refs())
        for client, missing in found.items():
            self.stdout.write(f"  {client.key}: {missing} migrations are missing")
        if found:
            raise SystemExit(1)

    def migrate_clients(self, canary: str, wait: float, *, regrant: bool) -> None:
        try:
            with only_runner(wait=wait):
                clients = client_refs()
                if canary and canary not in {client.key for client in clients}:
                    raise CommandError(f"canary: there is no client {canary!r}.", returncode=2)
                failed = [
                    key for one in migrate_clients(clients, canary=canary, regrant=regrant) if (key := self.told(one))
                ]
        except Busy as error:
            raise CommandError(f"{error} Wait until it has ended, then run migrate again.", returncode=3) from error
        if failed:
            raise CommandError(f"Not migrated: {', '.join(failed)}. Mend the cause above and run migrate again.")

    def told(self, outcome: Outcome) -> str:
        """Say what became of a client; its key when it is not where it ought to be."""
        key = outcome.client.key
        if not outcome.tried:
            self.stderr.write(f"  {key}: not tried, because the first client failed")
        elif outcome.problem:
            self.stderr.write(f"  {key}: not migrated: {outcome.problem}")
        elif outcome.applied:
            self.stdout.write(f"  {key}: {outcome.applied} migrations")
        return key if outcome.problem or not outcome.tried else ""


def _note_clients_migrations() -> None:
    """Record the migrations of client apps as done in public, where the router keeps them from doing anything.

    Running them for nothing took three quarters of public's first migration: Django builds their models at each step.
    """
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for label, name in sorted(wanted() - recorder.applied_migrations().keys()):
        recorder.record_applied(label, name)


def _public_migrations() -> int:
    """How many migrations public has recorded; none before its first."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT count(*) FROM public.django_migrations")
        return int(cursor.fetchone()[0])


def client_refs() -> list[ClientRef]:
    model = apps.get_model(settings.TENANT_MODEL)
    with as_app():
        return [row.ref() for row in model.objects.exclude(status="dropped").order_by("created_at", "pk")]
