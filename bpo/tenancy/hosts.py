"""From a host name to a client, cached in the process."""

import re
import threading
import time
from dataclasses import dataclass, field
from typing import Literal

from django.apps import apps
from django.conf import settings

from bpo.tenancy.context import as_app
from bpo.tenancy.identities import ClientRef

_HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
UNKNOWN_SECONDS = 1  # a host nobody has may be a client opened a moment from now, and a closed one be resumed
Host = Literal["operator"] | ClientRef | None


def normalise(raw: str) -> str | None:
    """The host name without port and case; None when it can't be one of ours (dots, brackets, NUL, doubles)."""
    name = raw.rsplit(":", 1)[0] if raw.count(":") == 1 else raw
    return name if _HOST.match(name := name.lower()) else None


@dataclass
class HostCache:
    """Host to client for `HOST_CACHE_SECONDS`. The database refuses a suspended client at once, whatever it says.

    A host of a client's own is asked for at each request: once it is left, another client may prove it, and no process
    may still show the first one there.
    """

    _known: dict[str, tuple[float, ClientRef | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: str) -> ClientRef | None:
        now = time.monotonic()
        with self._lock:
            found = self._known.get(name)
        if found is not None and found[0] > now:
            return found[1]
        client, lasting = load_by_domain(name)
        if not lasting:
            return client
        with self._lock:
            if len(self._known) > 10_000:  # unknown hosts are cheap to send: never grow without bound
                self._known.clear()
            served = client is not None and client.enterable
            keep = settings.HOST_CACHE_SECONDS if served else min(UNKNOWN_SECONDS, settings.HOST_CACHE_SECONDS)
            self._known[name] = (now + keep, client)
        return client

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


cache = HostCache()


def resolve(raw: str) -> Host:
    """Who a Host header names: the operator, a client (whatever its status), or nobody."""
    name = normalise(raw)
    if name is None:
        return None
    return "operator" if name == settings.OPERATOR_HOST else cache.get(name)


def load_by_domain(name: str) -> tuple[ClientRef | None, bool]:
    """The client behind a host name, and whether that may be remembered."""
    model = apps.get_model(settings.TENANT_DOMAIN_MODEL)
    with as_app():
        row = model.objects.select_related("tenant").filter(domain=name).first()
    return (None, True) if row is None else (row.tenant.ref(), row.lasting)


def load_client(client_id: object) -> ClientRef | None:
    """The client by id, read afresh as `app`; call it outside a transaction."""
    model = apps.get_model(settings.TENANT_MODEL)
    with as_app():
        row = model.objects.filter(pk=client_id).first()
    return None if row is None else row.ref()
