"""A client's life: opened, suspended and resumed, archived, deleted and, within its grace, kept after all."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Domain
from accounts.models.client import RESERVED_KEYS
from bpo.actors import By
from bpo.ids import uuid7
from bpo.ops_audit.services import record
from bpo.tenancy.hosts import cache
from bpo.tenancy.pool import give_place
from bpo.tenancy.provisioning import hang_up, resume, suspend

_KEY = re.compile(r"^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$")


def open_client(
    *,
    key: str,
    name: str,
    zone: str,
    by: By,
    now: datetime,
    colour: int | None = None,
    also: Callable[[Client], None] = lambda client: None,
) -> Client:
    """Make a client reachable at <key>.<base>: a ready schema or a new one, row and domain in one transaction.

    `also` writes what else in public belongs to it, in the same transaction. Runs as the owner. Raises Refused for
    a key that is malformed, reserved or taken, a taken domain, an unknown zone, or an empty name, and whatever
    `also` raises; nothing is left behind.
    """
    client = draft_client(key=key, name=name, zone=zone, colour=colour or 1 + Client.objects.count() % 11, now=now)

    def write_rows(schema: str, role: str) -> None:
        save_client(client, schema, role)
        record(action="client.opened", target=client, by=by, now=now, detail={"key": key, "zone": zone})
        also(client)

    give_place(client.id, write_rows)
    cache.clear()
    return client


def draft_client(*, key: str, name: str, zone: str, colour: int, now: datetime) -> Client:
    """A client not yet saved. Raises Refused for a key, name or zone that can't be one."""
    check_opening(key=key, name=name, zone=zone)
    host = f"{key}.{settings.BASE_DOMAIN}"
    return Client(
        id=uuid7(), key=key, name=name.strip(), zone=zone, colour=colour, created_at=now, home_host=host,
        primary_host=host,
    )  # fmt: skip


def save_client(client: Client, schema: str, role: str) -> None:
    """Write a new client's rows in the caller's transaction; its schema and role are those named."""
    client.schema_name, client.role_name = schema, role
    client.save(force_insert=True)
    Domain.objects.bulk_create([Domain(domain=client.home_host, tenant=client, is_primary=True)])


Also = Callable[[], None]


def nothing() -> None:
    """Nothing else to write."""


def suspend_client(*, client: Client, reason: str, by: By, now: datetime, also: Also = nothing) -> None:
    """Stop logins and jobs of a client at once, and hang up on sessions that are open; its data stays."""
    _close(client, Client.Status.SUSPENDED, reason, by, now, also)


def resume_client(*, client: Client, reason: str, by: By, now: datetime, also: Also = nothing) -> None:
    """Serve a suspended or archived client again."""
    resume(client.ref(), lambda: _set_status(client, Client.Status.ACTIVE, reason, by, now, also))


def archive_client(*, client: Client, reason: str, by: By, now: datetime, also: Also = nothing) -> None:
    """Keep a client's data where nobody reads it."""
    _close(client, Client.Status.ARCHIVED, reason, by, now, also)


def trash_client(
    *, client: Client, drops_at: datetime, reason: str, by: By, now: datetime, also: Also = nothing
) -> None:
    """Mark a client for deletion. Until `drops_at` it can be kept after all."""
    _close(client, Client.Status.TRASHED, reason, by, now, also, drops_at)


def keep_client(*, client: Client, reason: str, by: By, now: datetime, also: Also = nothing) -> None:
    """Take a client out of deletion. It is suspended: who resumes it looks at it first."""
    _close(client, Client.Status.SUSPENDED, reason, by, now, also)


def _close(
    client: Client, status: str, reason: str, by: By, now: datetime, also: Also, drops_at: datetime | None = None
) -> None:
    ref = client.ref()
    suspend(ref, lambda: _set_status(client, status, reason, by, now, also, drops_at))
    hang_up(ref)


def _set_status(
    client: Client, status: str, reason: str, by: By, now: datetime, also: Also, drops_at: datetime | None = None
) -> None:
    Client.objects.filter(pk=client.pk).update(status=status, drops_at=drops_at)
    client.status, client.drops_at = status, drops_at
    record(action=f"client.{status}", target=client, by=by, now=now, detail={"reason": reason})
    also()


def check_opening(*, key: str, name: str, zone: str) -> None:
    """Whether a client can be opened so. Raises Refused naming the field; reads public alone."""
    _check_words(key, name, zone)
    host = f"{key}.{settings.BASE_DOMAIN}"
    if Client.objects.filter(key=key).exists():
        raise Refused("key", _("A client “%(key)s” exists already.") % {"key": key}, _("Choose another key."))
    if Domain.objects.filter(domain=host).exists():
        raise Refused("key", _("The domain %(host)s is taken.") % {"host": host}, _("Choose another key."))


def _check_words(key: str, name: str, zone: str) -> None:
    if not _KEY.match(key):
        raise Refused(
            "key",
            _("“%(key)s” can't be part of a host name.") % {"key": key},
            _("Use 1 to 31 of a–z, 0–9 and hyphen, starting with a letter."),
        )
    if key in RESERVED_KEYS:
        raise Refused("key", _("“%(key)s” is reserved.") % {"key": key}, _("Choose another key."))
    if not name.strip():
        raise Refused("name", _("The name is empty."), _("Write the client's name."))
    if zone not in available_timezones():
        raise Refused(
            "zone",
            _("“%(zone)s” is not a time zone.") % {"zone": zone},
            _("Write one as Area/City, such as Europe/Berlin or Asia/Manila."),
        )
