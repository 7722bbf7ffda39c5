"""Where a request of ours may go. A name is asked for once, each answer is judged, and the one judged is dialled."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.dns import NoAnswer, addresses

Address = IPv4Address | IPv6Address
# Public by their number, and still of the machine that asks: a cloud's own service.
METADATA: Final = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))
NAT64: Final = ip_network("64:ff9b::/96")
LOWEST_PORT: Final = 1024  # below it, 443 alone: mail and the like speak there


class Refused(Exception):
    """An address that is not to be called: what is wrong and what to do, in words."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: where to connect and what to ask for."""

    host: str
    port: int
    path: str
    tls: bool


def target_of(url: str) -> Target:
    """A URL as far as it can be judged by reading. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(_("That is no address of the web."), _("Write it as https://example.com/hook.")) from error
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        raise Refused(_("That is no address of the web."), _("Write it as https://example.com/hook."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused(_("It holds a name, a password or a fragment."), _("Leave them out; the signature proves us."))
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = Target(host, port or (443 if tls else 80), path, tls)
    literal = _literal(host)
    if not tls and not (literal is not None and _in_own(literal)):
        raise Refused(_("It isn't encrypted."), _("Use https."))
    if found.port != 443 and found.port < LOWEST_PORT:
        raise Refused(_("Port %(port)s is for other things.") % {"port": found.port}, _("Use 443, or 1024 and above."))
    if literal is not None:
        check(literal)
    return found


def resolve(target: Target, *, ask: Callable[[str], list[str]] = addresses) -> str:
    """The one address to dial, judged. Where a name has several, each must be fit: the next answer may be another.

    Raises Refused, or NoAnswer where DNS says nothing.
    """
    literal = _literal(target.host)
    if literal is not None:
        check(literal)
        return str(literal)
    found = [ip_address(one) for one in ask(target.host)]
    for one in found:
        check(one)
    if not found:
        raise NoAnswer(_("The name has no address."), _("Correct the address, or the name's record."))
    return str(found[0])


def check(address: Address) -> None:
    """Raise Refused unless an address is of the public internet, or in a network the installation allows."""
    for one in _meant(address):
        if _in_own(one):
            continue
        if not one.is_global or one.is_multicast or any(one in network for network in METADATA):
            raise Refused(
                _("It leads to %(address)s, which is inside a network.") % {"address": address},
                _("Use an address that the internet can reach; BPO_WEBHOOK_NETWORKS names networks allowed beside."),
            )


def _meant(address: Address) -> list[Address]:
    """An address, or the IPv4 ones that it carries inside: those are where the packets end."""
    if isinstance(address, IPv4Address):
        return [address]
    carried: list[Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    if address.teredo is not None:
        carried += list(address.teredo)
    if address in NAT64:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return carried or [address]


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        pass
    if host.rpartition(".")[2][:1].isdigit():  # 127.1, 0x7f.1, 2130706433: some would dial these
        raise Refused(_("That is no way to write an address."), _("Write a name, or an address in full."))
    return None


def _in_own(address: Address) -> bool:
    return any(address in network for network in settings.WEBHOOK_NETWORKS)
