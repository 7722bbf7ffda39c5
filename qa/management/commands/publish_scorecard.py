"""manage.py publish_scorecard --client K FILE.json"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.arguments import client_by_key
from bpo.actors import system
from bpo.tenancy.context import ClientUnavailable, enter
from qa.domain.content import ContentError
from qa.domain.scoring import FormError
from qa.errors import NotPossible
from qa.services import publish_scorecard


class Command(BaseCommand):
    help = "Publish a scorecard of one client from a JSON file: {key, name, channel, content}. Again publishes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--client", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_by_key(options["client"])
        given = _read(options["file"])
        try:
            with enter(client.ref()):
                version = publish_scorecard(**given, by=system("publish_scorecard"), now=timezone.now())
        except NotPossible as error:
            raise CommandError(f"{error.field}: {error}", returncode=2) from error
        except FormError as error:
            raise CommandError(f"{error}. Put it right in the file and publish it again.", returncode=2) from error
        except (ContentError, ClientUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{version.scorecard.key} version {version.number} is published.")


def _read(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}. Give a JSON file that can be read.", returncode=2) from error
    names = {"key", "name", "content"}
    if not isinstance(given, dict) or not names <= given.keys() or given.keys() - names - {"channel"}:
        raise CommandError(f"{path}: give an object with key, name, content and if wanted channel.", returncode=2)
    return given
