"""Codes of an authenticator app and recovery codes, by the vectors of RFC 6238 and by hand."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from accounts.domain import second_step as rules

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
STEP = rules.step_at(NOW)


def code_of(step: int) -> str:
    import pyotp

    return pyotp.HOTP(SECRET).at(step)


@pytest.mark.parametrize(
    ("seconds", "code"),  # RFC 6238 appendix B, SHA-1, the last six of its eight digits
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    assert rules.matching_step(SECRET, code, now=moment, after=0) == seconds // 30


@pytest.mark.parametrize(("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(off: int, taken: bool) -> None:
    found = rules.matching_step(SECRET, code_of(STEP + off), now=NOW, after=0)
    assert found == (STEP + off if taken else None)


def test_a_code_that_was_taken_and_those_before_it_are_not_taken_again() -> None:
    assert rules.matching_step(SECRET, code_of(STEP), now=NOW, after=STEP) is None
    assert rules.matching_step(SECRET, code_of(STEP - 1), now=NOW, after=STEP) is None
    assert rules.matching_step(SECRET, code_of(STEP + 1), now=NOW, after=STEP) == STEP + 1
    assert rules.matching_step(SECRET, code_of(STEP), now=NOW + timedelta(seconds=30), after=STEP) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_no_step(code: str) -> None:
    assert rules.matching_step(SECRET, code, now=NOW, after=0) is None


def test_codes_are_told_apart_as_they_are_typed() -> None:
    assert rules.cleaned(" 123 456 ") == "123456"
    assert rules.cleaned("ABCDE-fghjk") == "abcdefghjk"
    assert rules.is_app_code("123456")
    assert not rules.is_app_code("abcdefghjk")
    assert not rules.is_app_code("１２３４５６")


def test_a_recovery_code_is_ten_letters_that_are_not_confused() -> None:
    assert rules.recovery_code([0, 1, 2, 3, 4, 5, 6, 7, 8, 30]) == "abcde-fghj9"
    assert set("ilo01") & set(rules.LETTERS) == set()
    assert len(rules.LETTERS) ** rules.CODE_LETTERS > 2**49


def test_an_app_is_told_whose_secret_it_is() -> None:
    address = rules.address_of("A" * 32, person="m@x.example", issuer="Alpha & Co")
    assert address.startswith("otpauth://totp/Alpha%20%26%20Co:m%40x.example?secret=AAAA")
    assert rules.spoken("ABCDEFGHIJ") == "ABCD EFGH IJ"
