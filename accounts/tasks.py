"""Mail and housekeeping of sign-in."""

from datetime import UTC, datetime
from uuid import UUID

from accounts import change_mails, mails
from accounts.services.tidying import tidy as tidy_up
from bpo.outbox.registry import job
from bpo.outbox.slots import hourly


@job("accounts.mail_link", scope="operator", queue="mail")
def mail_link(*, link_id: str) -> None:
    mails.mail_link(UUID(link_id))


@job("accounts.mail_change", scope="operator", queue="mail")
def mail_change(*, mail_id: str, user_id: str, what: str, at: str) -> None:
    change_mails.mail_change(mail_id=UUID(mail_id), user_id=UUID(user_id), what=what, at=datetime.fromisoformat(at))


@job("accounts.tidy", scope="operator")
def tidy() -> None:
    """What nobody can use any more: sessions past their limits, links and codes that ran out."""
    tidy_up(now=datetime.now(UTC))


hourly("accounts.tidy")
