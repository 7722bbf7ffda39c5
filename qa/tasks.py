"""Work of quality that waits in the outbox."""

from uuid import UUID

from django.utils import timezone

from bpo.actors import system
from bpo.outbox.registry import job
from qa.services import release


@job("qa.release", scope="client")
def release_evaluation(revision_id: str) -> None:
    release(revision_id=UUID(revision_id), by=system("release"), now=timezone.now())
