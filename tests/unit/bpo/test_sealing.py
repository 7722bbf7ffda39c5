"""Sealed secrets open for what they belong to alone, and a keyed hash is another one for each row."""

import pytest
from django.test import override_settings

from bpo.sealing import Unreadable, keyed_hash, keyed_hashes, reseal, seal, unseal


def test_what_is_sealed_opens_again_and_looks_different_each_time() -> None:
    sealed = seal("secret", purpose="a", about="row 1")
    assert b"secret" not in sealed
    assert unseal(memoryview(sealed), purpose="a", about="row 1") == "secret"
    assert sealed != seal("secret", purpose="a", about="row 1")


@pytest.mark.parametrize(("purpose", "about"), [("b", "row 1"), ("a", "row 2")])
def test_it_opens_for_no_other_purpose_and_no_other_row(purpose: str, about: str) -> None:
    with pytest.raises(Unreadable, match="BPO_DB_MASTER_KEY"):
        unseal(seal("secret", purpose="a", about="row 1"), purpose=purpose, about=about)


@pytest.mark.parametrize("at", [0, 12, -1])
def test_what_was_changed_does_not_open(at: int) -> None:
    sealed = bytearray(seal("secret", purpose="a", about="row 1"))
    sealed[at] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(sealed), purpose="a", about="row 1")


@pytest.mark.parametrize("rubbish", [b"", b"short"])
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(rubbish, purpose="a", about="row 1")


def test_a_keyed_hash_compares_within_its_row_and_purpose() -> None:
    known = keyed_hash("code", purpose="a", about=1)
    assert known == keyed_hash("code", purpose="a", about=1)
    assert len({known, keyed_hash("code", purpose="b", about=1), keyed_hash("code", purpose="a", about=2)}) == 3
    assert len(known) == 64


OLD, NEW = "the key before, of more than 32 letters", "the key of now, of more than 32 letters"


def test_a_key_before_opens_what_it_sealed_and_seals_nothing_more() -> None:
    with override_settings(DB_MASTER_KEY=OLD, DB_MASTER_KEY_FALLBACKS=[]):
        sealed, hashed = seal("secret", purpose="a", about=1), keyed_hash("code", purpose="a", about=1)
    with override_settings(DB_MASTER_KEY=NEW, DB_MASTER_KEY_FALLBACKS=["another", OLD]):
        assert unseal(sealed, purpose="a", about=1) == "secret"
        assert hashed in keyed_hashes("code", purpose="a", about=1)
        assert hashed != keyed_hash("code", purpose="a", about=1)
        anew = reseal(sealed, purpose="a", about=1)
        assert anew is not None
        assert reseal(anew, purpose="a", about=1) is None, "it is already"
        for about, purpose in ((2, "a"), (1, "b")):
            with pytest.raises(Unreadable):
                reseal(sealed, purpose=purpose, about=about)
    with override_settings(DB_MASTER_KEY=NEW, DB_MASTER_KEY_FALLBACKS=[]):
        assert unseal(anew, purpose="a", about=1) == "secret"
        with pytest.raises(Unreadable, match="BPO_DB_MASTER_KEY"):
            unseal(sealed, purpose="a", about=1)
        assert hashed not in keyed_hashes("code", purpose="a", about=1)
