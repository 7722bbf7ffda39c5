"""Single-use links: made with their mail in one transaction, found by purpose and realm, spent once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts.domain.links import EVERYBODY, make_token
from accounts.models import SignInLink, User
from accounts.models.link import INVITATION_DAYS, RESET_HOURS
from bpo.outbox.services import enqueue
from bpo.tokens import hash_of

Purpose = SignInLink.Purpose
LIFE: Final = {Purpose.RESET: timedelta(hours=RESET_HOURS), Purpose.INVITATION: timedelta(days=INVITATION_DAYS)}


class NoLink(Exception):
    """The link is unknown, used, taken back, expired, or of another host. One answer for all of them."""


def make_link(
    *, purpose: str, user: User | None, realm_id: UUID | None, email: str, now: datetime, asked_from: str | None = None
) -> SignInLink:
    """A new link, which takes the place of the open one, and the job that mails it; inside the caller's transaction."""
    digest = address_hash(realm_id, email)
    link = SignInLink(
        purpose=purpose, user=user, realm_id=realm_id, address_hash=digest, asked_from=asked_from,
        created_at=now, expires_at=now + LIFE[Purpose(purpose)],
    )  # fmt: skip
    link.token_hash = hash_of(_token(next(_keys()), link))
    same = Q(address_hash=digest) | Q(user_id=user.pk if user else EVERYBODY)
    _open(purpose).filter(same).update(ended_at=now)
    link.save(force_insert=True)
    # The same for an address nobody has, for the answer must cost the same: that job finds nobody to write to.
    enqueue(kind="accounts.mail_link", dedupe_key=f"link:{link.pk}", payload={"link_id": str(link.pk)})
    return link


def find_link(*, token: str, purpose: str, realm_id: UUID | None, now: datetime) -> SignInLink:
    """The link a token stands for on this realm's host; NoLink when it doesn't open anything there now."""
    good = _open(purpose).filter(realm_id=realm_id, expires_at__gt=now, user__is_active=True)
    link = good.select_related("user").filter(token_hash=hash_of(token)).first()
    if link is None:
        raise NoLink
    return link


def spend(link: SignInLink, *, now: datetime) -> User:
    """Use a link up, in the caller's transaction. Of two at once the second gets NoLink."""
    if _open(link.purpose).filter(pk=link.pk, expires_at__gt=now).update(used_at=now) != 1 or link.user is None:
        raise NoLink
    return link.user


def token_of(link: SignInLink) -> str | None:
    """The token that was given out, made again; None when its key is no longer kept."""
    tokens = (_token(key, link) for key in _keys())
    return next((token for token in tokens if hash_of(token) == link.token_hash), None)


def address_hash(realm_id: UUID | None, email: str) -> str:
    """A keyed hash of a realm and address: it can be counted, not read."""
    value = f"{realm_id or ''}:{email.strip().lower()}"
    return salted_hmac("accounts.address", value, algorithm="sha256").hexdigest()


def _open(purpose: str) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(purpose=purpose, used_at=None, ended_at=None)


def _token(key: bytes, link: SignInLink) -> str:
    return make_token(key, link.purpose, link.realm_id, link.pk)


def _keys() -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac("accounts.link", "", secret=secret, algorithm="sha256").digest()
