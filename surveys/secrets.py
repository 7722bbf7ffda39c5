"""What depends on the server's secret: the links' tokens and the hashes of addresses."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from bpo.tenancy.context import current_client
from bpo.tokens import hash_of
from surveys.domain.tokens import make_token
from surveys.models import Invitation


def address_hash(address: str) -> str:
    """A keyed hash of an address, the same in any case: it can be compared, not read."""
    return salted_hmac("surveys.address", address.strip().casefold(), algorithm="sha256").hexdigest()


def new_token(invitation_id: UUID) -> str:
    """The token of the entered client's invitation under the key in use."""
    return make_token(next(_keys()), current_client().id, invitation_id)


def token_of(invitation: Invitation) -> str | None:
    """The token that was given out, made again; None when its key is no longer kept."""
    tokens = (make_token(key, current_client().id, invitation.pk) for key in _keys())
    return next((token for token in tokens if hash_of(token) == invitation.token_hash), None)


def _keys() -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac("surveys.token", "", secret=secret, algorithm="sha256").digest()
