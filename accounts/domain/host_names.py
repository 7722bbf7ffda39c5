"""Which host names may be a client's own."""

import ipaddress
import re
from functools import cache
from typing import Final, Literal

import idna
from publicsuffixlist import PublicSuffixList

LONGEST: Final = 240  # of the 253 a name may have: the name of its proof is longer
_LABEL = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
_NUMBER = re.compile(r"^([0-9]+|0x[0-9a-f]*)$")
Fault = Literal["malformed", "address", "one_label", "under_base", "suffix", "long"]


class NotAHost(ValueError):
    """A text that can't be a client's own host name."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


def own_host(text: str, base: str) -> str:
    """The host name a person means, in the letters DNS knows: "Faß.de." gives "xn--fa-hia.de".

    Raises NotAHost for what is no name, an address, a single label, a public suffix by itself ("co.uk"), and
    whatever is at or under our own base domain.
    """
    plain = text.strip().rstrip(".").lower()
    _no_address(plain)
    try:
        host = idna.encode(plain, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise NotAHost("malformed") from error
    _no_address(host)
    labels = host.split(".")
    if not all(_LABEL.match(label) for label in labels):
        raise NotAHost("malformed")
    if len(host) > LONGEST:
        raise NotAHost("long")
    if host == base or host.endswith(f".{base}"):
        raise NotAHost("under_base")
    if len(labels) < 2:
        raise NotAHost("one_label")
    if _suffixes().privatesuffix(host) is None:
        raise NotAHost("suffix")
    return host


def _no_address(text: str) -> None:
    """Also what a browser takes for one: any name whose last label is a number."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        if not _NUMBER.match(text.rsplit(".", 1)[-1]):
            return
    raise NotAHost("address")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
