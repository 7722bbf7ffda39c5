"""The mails that let somebody in: rendered when they are sent, from what is stored."""

import smtplib
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Client, SignInLink, User
from accounts.models.link import INVITATION_DAYS, RESET_HOURS
from accounts.services.links import token_of
from bpo.links import address
from bpo.notices import smtp
from bpo.notices.mailing import Content, message_of
from bpo.outbox.registry import Permanent

PATHS = {SignInLink.Purpose.INVITATION: "/join/{}/", SignInLink.Purpose.RESET: "/reset/{}/"}


def mail_link(link_id: UUID) -> None:
    """Send the mail of a link that still opens something. Runs outside a transaction.

    A worker that dies after the server took it sends it once more: the same link, which works once all the same, where
    a mail that never comes locks a person out (ADR 22). Permanent when the server refuses the address for good.
    """
    found = SignInLink.objects.select_related("user", "realm")
    link = found.filter(pk=link_id, used_at=None, ended_at=None, sent_at=None, expires_at__gt=timezone.now()).first()
    if link is None or link.user is None or not link.user.is_active or is_closed(link.realm):
        return
    token = token_of(link)
    if token is None:
        raise Permanent("The key this link was made with is no longer kept.")
    host = place_of(link.realm)[1]
    content = _content(link, link.user, address(host, PATHS[SignInLink.Purpose(link.purpose)].format(token)))
    deliver(content, user=link.user, realm=link.realm, mail_id=link.pk)
    SignInLink.objects.filter(pk=link.pk).update(sent_at=timezone.now())


def deliver(content: Content, *, user: User, realm: Client | None, mail_id: UUID) -> None:
    """Send one mail of a realm to one of its people. Permanent when the server refuses the address for good."""
    domain = settings.DEFAULT_FROM_EMAIL.partition("@")[2] or "localhost"
    sender = place_of(realm)[0]
    message = message_of(content, sender=sender, address=user.email, message_id=f"<{mail_id}@{domain}>")
    try:
        smtp.send(message, user.email, before_dot=lambda: None)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise Permanent(f"The mail server refused it: {error.smtp_code}.") from error
        raise


def place_of(realm: Client | None) -> tuple[str, str]:
    """What a realm is called in its mails, and the stored host its links lead to."""
    return (realm.name, realm.primary_host) if realm else (settings.OPERATOR_HOST, settings.OPERATOR_HOST)


def is_closed(realm: Client | None) -> bool:
    """A client that isn't served sends nothing: its host would answer nobody."""
    return realm is not None and not realm.ref().enterable


def _content(link: SignInLink, user: User, url: str) -> Content:
    where = place_of(link.realm)[0]
    said = {"where": where, "url": url, "name": user.name, "days": INVITATION_DAYS, "hours": RESET_HOURS}
    if link.purpose == SignInLink.Purpose.INVITATION:
        return Content(
            subject=_("Your access to %(where)s") % said,
            text=_(
                "Hello %(name)s,\n\nyou have been given access to %(where)s. Choose your password here:\n\n%(url)s\n\n"
                "The link works once and for %(days)s days. If it has run out, ask whoever invited you for another."
            )
            % said,
        )
    return Content(
        subject=_("A new password for %(where)s") % said,
        text=_(
            "Hello %(name)s,\n\nsomebody, probably you, asked for a new password at %(where)s. Choose it here:\n\n"
            "%(url)s\n\nThe link works once and for %(hours)s hour. If it wasn't you, do nothing: "
            "your password stays as it is."
        )
        % said,
    )
