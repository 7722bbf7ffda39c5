"""Tokens say nothing and belong to one client."""

import re
from uuid import UUID, uuid4

import pytest

from bpo.tokens import hash_of
from surveys.domain.tokens import make_token

KEY = b"k" * 32
CLIENT, INVITATION = UUID(int=1), UUID(int=2)


def test_a_token_is_22_url_safe_characters_and_always_the_same() -> None:
    token = make_token(KEY, CLIENT, INVITATION)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)
    assert make_token(KEY, CLIENT, INVITATION) == token


def test_another_client_invitation_or_key_gives_another_token() -> None:
    others = {make_token(KEY, CLIENT, uuid4()) for _ in range(500)}
    others |= {make_token(KEY, UUID(int=3), INVITATION), make_token(b"x" * 32, CLIENT, INVITATION)}
    others |= {make_token(KEY, CLIENT, INVITATION), make_token(KEY, INVITATION, CLIENT)}
    assert len(others) == 504


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 32"):
        make_token(b"short", CLIENT, INVITATION)


def test_the_hash_is_sha_256_of_the_token() -> None:
    assert hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
