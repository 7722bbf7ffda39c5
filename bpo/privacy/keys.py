"""Keyed hashes of what erased people are called elsewhere, so that a file that names them again is noticed."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings
from django.db.models import Model
from django.utils.crypto import salted_hmac

from bpo.privacy.declared import models_by_label, own
from bpo.privacy.models import ErasedKey, Tombstone
from bpo.privacy.rows import Found, as_text

SALT: Final = "privacy.erased"
Key = tuple[str, ...]  # the label of a model and the fields that name, then their values


def digests_of(found: Found) -> set[str]:
    """The hashes a tombstone keeps: of every key of every row about the subject, under the secret in use."""
    made: set[str] = set()
    for label, keys in found.rows.items():
        model = models_by_label(found.scope)[label]
        for names in own(model).keys:
            made |= {
                _digest((label, *names, *values), settings.SECRET_KEY)
                for values in as_text(model, keys, names)
                if all(values)
            }
    return made


def erased_among(keys: Iterable[Key]) -> set[Key]:
    """Those of some keys that belonged to somebody who was erased. Two statements however many there are."""
    if not Tombstone.objects.exists():
        return set()
    return met_by(keys, ErasedKey)


def met_by(keys: Iterable[Key], kept: type[Model]) -> set[Key]:
    """Those of some keys whose hash is the `digest` of a row."""
    by_digest = {digest: key for key in set(keys) for digest in _digests(key)}
    met = kept._base_manager.filter(digest__in=list(by_digest)).values_list("digest", flat=True)
    return {by_digest[digest] for digest in met}


def _digests(key: Key) -> Iterator[str]:
    """Under every secret that is still kept."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _digest(key, secret)


def _digest(key: Key, secret: str) -> str:
    text = "\x1f".join(part.strip().casefold() for part in key)
    return salted_hmac(SALT, text, secret=secret, algorithm="sha256").hexdigest()
