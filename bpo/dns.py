"""Asking DNS. The one place that does; where to ask is a setting, so that tests and closed networks have their own."""

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NoAnswer(Exception):
    """Nothing could be learnt: what happened, and what to do, in words."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


def texts(name: str) -> list[str]:
    """The TXT records of a name, asked for afresh. Raises NoAnswer with what went wrong."""
    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except dns.resolver.NXDOMAIN as error:
        raise NoAnswer(
            _("DNS knows no name %(name)s.") % {"name": name},
            _("Set the record, wait until it has spread, which can take an hour, and check again."),
        ) from error
    except dns.resolver.NoAnswer as error:
        raise NoAnswer(
            _("%(name)s has no TXT record.") % {"name": name},
            _("Set the record with the type TXT and check again."),
        ) from error
    except dns.exception.Timeout as error:
        raise NoAnswer(
            ngettext(
                "DNS did not answer within %(n)s second.",
                "DNS did not answer within %(n)s seconds.",
                settings.DNS_SECONDS,
            )
            % {"n": settings.DNS_SECONDS},
            _("Try again in a minute; if it stays so, ask who runs the name server."),
        ) from error
    except dns.resolver.NoNameservers as error:
        raise NoAnswer(
            _("The name servers refused or failed to answer for %(name)s.") % {"name": name},
            _("Ask who runs them, and check again."),
        ) from error
    except dns.exception.DNSException as error:
        raise NoAnswer(
            _("DNS could not be asked: %(why)s.") % {"why": type(error).__name__},
            _("Look at BPO_DNS_SERVER and at this machine's resolver."),
        ) from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def addresses(name: str) -> list[str]:
    """The addresses of a name, of both kinds, asked for afresh. Raises NoAnswer with what went wrong."""
    try:
        found = _resolver().resolve_name(name, search=False)
    except dns.resolver.NXDOMAIN as error:
        raise NoAnswer(_("DNS knows no name %(name)s.") % {"name": name}, _("Correct the address.")) from error
    except dns.resolver.NoAnswer as error:
        raise NoAnswer(_("%(name)s has no address.") % {"name": name}, _("Correct the address.")) from error
    except dns.exception.DNSException as error:
        raise NoAnswer(
            _("DNS could not say where %(name)s is.") % {"name": name}, _("Try again; it may be back in a minute.")
        ) from error
    return list(found.addresses())


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=settings.DNS_SERVER is None)
    if settings.DNS_SERVER is not None:
        address, port = settings.DNS_SERVER
        resolver.nameservers, resolver.port = [address], port
    resolver.lifetime = settings.DNS_SECONDS
    resolver.cache = None
    return resolver
