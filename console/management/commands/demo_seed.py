"""`manage.py demo_seed --json`: the demo world, and a login for each role. Runs again without harm."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bpo.actors import system
from bpo.embedded.steps import PROGRESS
from console.demo.clients import KEYS
from console.demo.load import load

PASSWORD = "demo-only-password"  # noqa: S105 - printed by the demo, refused outside it


class Command(BaseCommand):
    help = "Fill this installation with the demo world: clients, people and eight weeks of work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo_seed makes logins with a known password. Set BPO_DEMO=1 if this is a demo.")
        found = load(password=PASSWORD, by=system("demo"), now=timezone.now(), step=self.step)
        logins = [
            {"role": one.role, "client": one.client_key, "email": one.email, "password": PASSWORD} for one in found
        ]
        clients = [{"key": key, "host": f"{key}.{settings.BASE}"} for key in KEYS]
        self.stdout.write(json.dumps({"logins": logins, "clients": clients}))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A line on standard error once something is done, with its seconds; `make demo` shows it."""
        begun = time.monotonic()
        yield
        self.stderr.write(f"{PROGRESS}{name} … {time.monotonic() - begun:.1f} s", style_func=str)
