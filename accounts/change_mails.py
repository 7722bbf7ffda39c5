"""The mails that tell somebody how their sign-in was changed. They hold no secret and no link that opens anything."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mails import deliver, is_closed, place_of
from accounts.models import User
from accounts.services import telling
from bpo.links import address
from bpo.notices.mailing import Content
from bpo.ui import moments

# What happened: the subject, and the sentence.
SAID: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    telling.PASSWORD_CHANGED: (
        gettext_lazy("Your password at %(where)s was changed"),
        gettext_lazy("your password was changed on the page “Security”. Every other session of yours was ended."),
    ),
    telling.PASSWORD_RESET: (
        gettext_lazy("Your password at %(where)s was set anew"),
        gettext_lazy("a new password was chosen by a link sent to this address. Every session of yours was ended."),
    ),
    telling.APP_ADDED: (
        gettext_lazy("An authenticator app was set up at %(where)s"),
        gettext_lazy("an authenticator app was set up as your second step; one set up before no longer works."),
    ),
    telling.APP_REMOVED: (
        gettext_lazy("Your authenticator app was removed at %(where)s"),
        gettext_lazy("your authenticator app was removed from your second steps."),
    ),
    telling.PASSKEY_ADDED: (
        gettext_lazy("A passkey was added at %(where)s"),
        gettext_lazy("a passkey was added to your second steps."),
    ),
    telling.PASSKEY_REMOVED: (
        gettext_lazy("A passkey was removed at %(where)s"),
        gettext_lazy("a passkey was removed from your second steps."),
    ),
    telling.CODES_MADE: (
        gettext_lazy("New recovery codes were made at %(where)s"),
        gettext_lazy("your recovery codes were made anew; those you had no longer work."),
    ),
    telling.STEPS_RESET: (
        gettext_lazy("Your second step at %(where)s was reset"),
        gettext_lazy(
            "an administrator took away your second steps and recovery codes, as is done for who has lost theirs. "
            "Every session of yours was ended."
        ),
    ),
}


def mail_change(*, mail_id: UUID, user_id: UUID, what: str, at: datetime) -> None:
    """Send one. Who has left, and a client that isn't served, get none. Runs outside a transaction.

    A worker that dies after the server took it sends it once more, under the same Message-ID: two of them harm nobody,
    and one that never comes would leave a thief alone (ADR 22). Permanent when the address is refused for good.
    """
    user = User.objects.select_related("realm").filter(pk=user_id, is_active=True).first()
    if user is not None and not is_closed(user.realm):
        deliver(_content(user, what, at), user=user, realm=user.realm, mail_id=mail_id)


def _content(user: User, what: str, at: datetime) -> Content:
    where, host = place_of(user.realm)
    zone = user.realm.zone if user.realm else "UTC"
    subject, sentence = SAID[what]
    said = {
        "where": where, "name": user.name, "what": sentence, "when": moments.in_full(at, zone=zone), "zone": zone,
        "reset": address(host, "/reset/"), "security": address(host, "/security/"),
    }  # fmt: skip
    text = _(
        "Hello %(name)s,\n\n%(what)s\nThat was at %(where)s on %(when)s (%(zone)s).\n\n"
        "If it was you, there is nothing to do.\n\nIf it wasn't you, do this at once:\n"
        "1. Set a new password, which ends every session: %(reset)s\n"
        "2. Look at where you are signed in and at your second steps: %(security)s\n"
        "3. Tell your administrator. If you get no mail with a new link, somebody else may read your mail: tell them that."
    )
    return Content(subject=str(subject) % said, text=text % said)
