"""`manage.py relay`: hands due work to Celery until stopped. Any number may run at once."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from bpo.outbox.relay import run_relay


class Command(BaseCommand):
    help = "Hand due outbox rows to Celery and re-drive what a dead worker left."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stderr.write("relay: running")
        run_relay(stop)
