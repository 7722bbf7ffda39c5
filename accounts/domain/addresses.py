"""Where a request comes from. A header counts only as far as proxies of our own wrote it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def _read(text: str) -> Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None


def came_from(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The address of who asked: the peer, unless it is a proxy of ours; then the newest entry of X-Forwarded-For that
    none of ours made. What stands further left is whatever the asker wrote, and is not read. Empty if nothing is known.
    """
    known = _read(peer)
    if known is None:
        return ""
    for text in reversed(forwarded.split(",")):
        if not any(known in network for network in proxies if network.version == known.version):
            break
        before = _read(text)
        if before is None:
            break
        known = before
    return str(known)
