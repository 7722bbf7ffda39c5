"""`manage.py provisioner`: does what needs the owner, until stopped. The one process that holds it."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bpo.tenancy.collected import collected_sql
from console.chores import look

PAUSE = 0.2  # seconds between looks


class Command(BaseCommand):
    help = "Open and change the clients that the console asked for. Needs the owner's DATABASE_URL; serves no request."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Carry out what waits now, then end.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.OWNER is None:
            raise CommandError("The provisioner makes roles and schemas. Start it with the owner's DATABASE_URL.")
        stop = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        collected_sql()  # seconds the first time after a migration: before anybody waits for it
        self.stderr.write("provisioner: running")
        while not stop.is_set():
            worked = look()
            if options["once"] and not worked:
                return
            if not worked:
                stop.wait(PAUSE)
