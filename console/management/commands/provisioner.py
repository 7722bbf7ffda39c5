"""`manage.py provisioner`: opens the clients that were asked for, until stopped. The one process that holds the owner."""

import signal
import threading
import time
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from bpo.tenancy.collected import collected_sql
from bpo.tenancy.context import leave_all
from console.openings import carry_out, next_asked

log = structlog.get_logger("console.provisioner")
PAUSE = 0.2  # seconds between looks


class Command(BaseCommand):
    help = "Open the clients that the console asked for. Needs the owner's DATABASE_URL; serves no request."

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
            worked = self.look()
            if options["once"] and not worked:
                return
            if not worked:
                stop.wait(PAUSE)

    def look(self) -> bool:
        """Carry out one opening; True when there was one. A lost database costs waiting, never the process."""
        try:
            opening = next_asked()
            if opening is None:
                return False
            started = time.monotonic()
            opened = carry_out(opening, now=datetime.now(UTC))
        except DatabaseError as error:
            log.warning("provisioner waits", error=str(error)[:300])
            leave_all()
            connection.close()
            return False
        log.info("opening", key=opening.key, opened=opened, seconds=round(time.monotonic() - started, 3))
        return True
