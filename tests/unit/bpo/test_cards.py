"""Card numbers found as people write them, and left alone what only looks like one."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.cards import ISSUERS, KEPT, MASK, cards, masked, masked_all
from bpo.logs import without_cards

SCRIPTS = ("0", "٠", "۰", "०", "０", "๐", "𝟎")  # the zero of Arabic, Persian, Devanagari, full width, Thai, mathematics
JOINTS = (" ", "-", ".", "/", "_", "\u00a0", "\u2009", "–", "−", "\u200b", " - ", "\u00ad", "\n")
PLACES = (
    "{}",
    "my card is {} ok?",
    "Nr.{},",
    "({})",
    "visa{}",
    "{} exp 12/27 cvv",
    "no: {}\n",
    "ref 12 {}",
    "«{}»",
    "a;{};b",
)


def check_digit(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def number(chance: random.Random) -> str:
    """A number as an issuer would give it out."""
    low, high, lengths = chance.choice(ISSUERS)
    prefix = str(chance.randint(int(low), int(high))).zfill(len(low))
    body = prefix + "".join(chance.choice("0123456789") for _ in range(chance.choice(lengths) - len(prefix) - 1))
    return body + check_digit(body)


def grouped(digits: str, sizes: list[int], joint: str) -> str:
    parts, rest = [], digits
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return joint.join([part for part in [*parts, rest] if part])


def sizes(digits: str, chance: random.Random) -> list[int]:
    each = chance.choice([1, 2, 4, 4, 4])
    if len(digits) == 15 and each == 4:
        return [4, 6, 5]
    if len(digits) == 14 and each == 4:
        return [4, 6, 4]
    return [each] * (len(digits) // each)


def corpus(size: int) -> list[tuple[str, str]]:
    """Texts with a card in each, and its digits."""
    chance = random.Random(20261128)  # noqa: S311 - the same texts in each run
    made = []
    for at in range(size):
        digits = number(chance)
        written = grouped(digits, sizes(digits, chance), chance.choice(JOINTS)) if at % 5 else digits
        zero = ord(SCRIPTS[at % len(SCRIPTS)])
        written = "".join(chr(zero + int(one)) if one.isdecimal() else one for one in written)
        made.append((PLACES[at % len(PLACES)].format(written), digits))
    return made


def read(text: str) -> str:
    return "".join(str(int(one)) for one in text if one.isdecimal())


def test_all_of_five_hundred_cards_are_masked() -> None:
    missed = []
    for text, digits in corpus(500):
        hidden = masked(text)
        if digits[:-KEPT] in read(hidden) or hidden.count(MASK) != len(digits) - KEPT:
            missed.append((text, hidden))
        assert len(hidden) == len(text)
    assert missed == []


def orders_and_telephones(size: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - the same texts in each run

    def some(count: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(count))

    shapes: list[Callable[[], str]] = [
        lambda: f"+63 9{some(2)} {some(3)} {some(4)}",
        lambda: f"+49 1512 {some(7)}",
        lambda: f"+48{some(9)}",
        lambda: f"0049 {some(4)} {some(7)}",
        lambda: f"09{some(9)}",
        lambda: f"+1 ({some(3)}) {some(3)}-{some(4)}",
        lambda: f"48 {some(3)} {some(3)} {some(3)}",
        lambda: f"ORD-{chance.randint(2015, 2026)}-{some(8)}",
        lambda: some(10),
        lambda: some(12),
        lambda: f"INV{some(14)}",
        lambda: f"17643{some(8)}",  # milliseconds since 1970
        lambda: f"2026{some(10)}",  # a time without separators
        lambda: f"{some(3)}-{some(7)}-{some(7)}",
        lambda: f"SO{some(16)}",
        lambda: f"1Z{some(16)}",
        lambda: f"{some(8)}/{some(4)}",
        lambda: f"0.{some(16)}",
    ]
    return [shapes[at % len(shapes)]() for at in range(size)]


def test_fewer_than_one_in_a_thousand_orders_and_telephones_are_taken_for_cards() -> None:
    texts = orders_and_telephones(100_000)
    wrong = [text for text in texts if masked(text) != text]
    assert len(wrong) < len(texts) / 1000, Counter(len(text) for text in wrong)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28 19:23:54.123456",
        "0.4111111111111111",
        "019b41111-1111-4111-8111-111111111111",
        "6f000000-0000-4111-8222-411111111111",
        "4111111111111112",  # a digit wrong
        "1234567812345670",  # the check passes, no issuer
        "12, 14, 15, 11, 41, 11, 11, 11",
        "",
    ],
)
def test_what_is_no_card_stays(text: str) -> None:
    assert masked(text) == text


def test_two_cards_and_what_stands_around_them() -> None:
    assert (
        masked("4111 1111 1111 1111 12/27 then 378282246310005!") == "**** **** **** 1111 12/27 then ***********0005!"
    )
    assert list(cards("a 4111111111111111")) == [(2, 18)]


def test_in_what_json_can_hold() -> None:
    card = 4111111111111111
    found = masked_all({"note": ["4111 1111 1111 1111", {str(card): card}], "n": 12, "on": True, "none": None})
    hidden = "************1111"
    assert found == {"note": ["**** **** **** 1111", {hidden: hidden}], "n": 12, "on": True, "none": None}


@given(st.text(max_size=200))
def test_masking_keeps_the_length_and_masking_again_changes_nothing(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert masked(once) == once


def test_a_log_line_has_no_card() -> None:
    event = {"event": "refused", "path": "/find/?q=4111111111111111", "exception": "ValueError: 4111 1111 1111 1111"}
    assert "1111 1111" not in str(without_cards(None, "info", event))
    assert event["path"] == "/find/?q=************1111"
