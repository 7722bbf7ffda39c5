"""Rules of signing in that need no database: addresses, browsers in words, limits, tokens."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest

from accounts.domain.addresses import came_from
from accounts.domain.agents import in_words
from accounts.domain.limits import is_over, worth_noting
from accounts.domain.links import make_token
from bpo.tokens import hash_of

OURS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY, ONE, TWO = b"k" * 32, UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", [], "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", OURS, "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9", OURS, "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9", OURS, "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.7", OURS, "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, rubbish", OURS, "10.0.0.1"),
        ("fd00::1", "2001:db8::9", OURS, "2001:db8::9"),
        ("10.0.0.1", "", OURS, "10.0.0.1"),
        ("", "1.2.3.4", OURS, ""),
    ],
)
def test_a_forwarded_address_counts_as_far_as_our_own_proxies_wrote_it(
    peer: str, forwarded: str, proxies: list, expected: str
) -> None:
    assert came_from(peer, forwarded, proxies) == expected


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari · iPhone"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_two_words(header: str, words: str) -> None:
    assert in_words(header) == words


@pytest.mark.parametrize(
    ("unused", "open_for", "over"),
    [(29, 60, False), (30, 60, True), (1, 719, False), (1, 720, True), (1, 721, True)],
)
def test_a_session_ends_by_the_sooner_of_its_limits(unused: int, open_for: int, over: bool) -> None:
    opened = NOW - timedelta(minutes=open_for)
    limits = {"ends_at": opened + timedelta(hours=12), "idle": timedelta(minutes=30)}
    assert is_over(seen_at=NOW - timedelta(minutes=unused), now=NOW, **limits) is over


def test_a_use_is_written_once_a_minute() -> None:
    assert not worth_noting(seen_at=NOW - timedelta(seconds=59), now=NOW)
    assert worth_noting(seen_at=NOW - timedelta(seconds=60), now=NOW)


def test_a_token_is_of_one_purpose_realm_and_link_and_is_made_again_the_same() -> None:
    tokens = {make_token(KEY, *one) for one in [("reset", ONE, TWO), ("reset", None, TWO), ("invitation", ONE, TWO)]}
    tokens |= {make_token(KEY, "reset", ONE, ONE), make_token(b"l" * 32, "reset", ONE, TWO)}
    assert len(tokens) == 5
    assert {len(one) for one in tokens} == {32}
    assert make_token(KEY, "reset", ONE, TWO) in tokens
    assert len({hash_of(one) for one in tokens} | {hash_of("key")}) == 6
    with pytest.raises(ValueError, match="key has 3 bytes"):
        make_token(b"abc", "reset", ONE, TWO)
