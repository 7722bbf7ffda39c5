import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.tokens import make_token, token_hash

KEY = bytes(range(32))
CLIENT, INVITATION = UUID(int=1), UUID(int=2)


def test_a_token_is_the_same_each_time_it_is_made() -> None:
    assert make_token(KEY, CLIENT, INVITATION) == "rtxfk8kGbBrKF_u4J4C75w"


@given(st.binary(min_size=32, max_size=64), st.uuids(), st.uuids())
def test_a_token_is_22_url_safe_characters(key: bytes, client: UUID, invitation: UUID) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", make_token(key, client, invitation))


def test_another_key_client_or_invitation_gives_another_token() -> None:
    other = uuid4()
    tokens = {
        make_token(KEY, CLIENT, INVITATION),
        make_token(KEY[::-1], CLIENT, INVITATION),
        make_token(KEY, other, INVITATION),
        make_token(KEY, CLIENT, other),
        make_token(KEY, INVITATION, CLIENT),
    }
    assert len(tokens) == 5


def test_only_the_hash_is_kept() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="key has 31 bytes"):
        make_token(KEY[:31], CLIENT, INVITATION)
