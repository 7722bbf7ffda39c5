"""Where a webhook may go: every way to write an inside address is refused, and the address judged is the one dialled."""

from ipaddress import ip_network

import pytest
from django.test import override_settings

from bpo.dns import NoAnswer
from bpo.webhooks.guarding import Refused, resolve, target_of
from bpo.webhooks.sending import post

INSIDE = (
    "127.0.0.1", "127.255.255.254", "0.0.0." + "0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2001:0:7f00:1::]", "[2001:db8::1]",
)  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_an_inside_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(Refused):
        target_of(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "//example.com/x",
        "https://", "https:///x", "https://user:pass@example.com/", "https://example.com@127.0.0.1/", "example.com",
        "https://example.com/a b", "https://example.com/\r\nHost: x", "https://example.com:22/", "https://example.com:25/",
        "https://example.com:99999/", "https://2130706433/", "https://0x7f000001/", "https://017700000001/",
        "https://127.1/", "https://0x7f.1/", "https://1.2.3.4.5/", "https://example.com/#part", "http://example.com/",
        "https://[::1", "https://127.0.0.1.:443/", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        target_of(url)


@pytest.mark.parametrize("url", ["https://example.com/hook?a=b", "https://example.com:8443", "https://93.184.215.14/"])
def test_a_public_address_is_taken(url: str) -> None:
    assert target_of(url).tls


@pytest.mark.parametrize("host", INSIDE)
def test_a_name_that_leads_inside_is_refused_even_beside_a_public_one(host: str) -> None:
    target = target_of("https://hooks.example.com/")
    for answers in ([host.strip("[]")], ["93.184.215.14", host.strip("[]")]):
        with pytest.raises(Refused):
            resolve(target, ask=lambda _name, answers=answers: answers)


def test_a_name_is_asked_for_once_and_what_was_judged_is_dialled() -> None:
    """A name server that answers otherwise the second time (DNS rebinding) isn't asked a second time."""
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    target = target_of("https://hooks.example.com/")
    assert resolve(target, ask=lambda _name: answers.pop(0)) == "93.184.215.14"
    assert answers == [["127.0.0.1"]]


def test_a_name_without_an_address_says_so() -> None:
    with pytest.raises(NoAnswer):
        resolve(target_of("https://hooks.example.com/"), ask=lambda _name: [])


@override_settings(WEBHOOK_NETWORKS=[ip_network("127.0.0.0/8")])
def test_networks_of_ones_own_can_be_allowed_and_no_others_with_them() -> None:
    assert not target_of("http://127.0.0.1:8080/x").tls
    for url in ("http://10.0.0.1:8080/", "https://10.0.0.1/", "http://example.com:8080/", "https://[::1]/"):
        with pytest.raises(Refused):
            target_of(url)


def test_sending_judges_again_at_the_moment_it_sends() -> None:
    answered = post("https://169.254.169.254/latest/", b"{}", {})
    assert (answered.status, answered.ok) == (None, False)
    assert "inside a network" in answered.problem
