"""Mail and housekeeping of notices."""

from uuid import UUID

from bpo.notices import mailing
from bpo.outbox.registry import job


@job("notices.send_mail", scope="client", queue="mail")
def send_mail(*, mail_id: str) -> None:
    mailing.send_mail(UUID(mail_id))
