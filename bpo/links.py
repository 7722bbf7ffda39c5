"""Absolute links, from what is stored and never from a request."""

from django.conf import settings

from bpo.tenancy.context import current_client


def client_link(path: str) -> str:
    """The address of `path` on the entered client's primary domain."""
    return address(current_client().host, path)


def address(host: str, path: str) -> str:
    """The address of `path` on a stored host name, with the scheme and port we serve on."""
    port = settings.BASE.partition(":")[2]
    return f"{settings.SCHEME}://{host}{':' + port if port else ''}{path}"
