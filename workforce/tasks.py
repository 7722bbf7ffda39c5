"""Jobs that need to know who sits behind an Actor."""

from datetime import UTC, datetime
from uuid import UUID

from bpo.notices.mails import queue_notice
from bpo.notices.selectors import actor_of_notice
from bpo.outbox.registry import job
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from workforce.selectors import email_of_actor


@job("notices.mail_notice", scope="crossing", queue="mail")
def mail_notice(*, client: ClientRef, notice_id: str) -> None:
    """Find the address behind the notice's actor, and queue the mail in the client."""
    with enter(client):
        actor_id = actor_of_notice(UUID(notice_id))
    now = datetime.now(UTC)
    address = email_of_actor(client.id, actor_id, now=now) if actor_id else None
    if address:
        with enter(client):
            queue_notice(notice_id=UUID(notice_id), address=address, now=now)
