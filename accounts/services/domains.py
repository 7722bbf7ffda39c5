"""A client's own host names: claimed, proven by DNS, made primary, left."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.domain.host_names import NotAHost, own_host
from accounts.errors import Refused
from accounts.models import Claim, Client, Domain
from bpo import dns
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.tenancy.hosts import cache

Look = Callable[[str], list[str]]
MOST = 20  # claims of one client that are open at once


def claim_host(*, client: Client, host: str, by: By, now: datetime) -> Claim:
    """Note that a client says a host name is its own. Raises Refused for "host" in words; nothing goes live by it."""
    name = _own(host)
    if client.status not in (Client.Status.ACTIVE, Client.Status.SUSPENDED):
        raise Refused("host", _("The client is closed."), _("Resume it first."))
    if client.claims.filter(left_at=None).count() >= MOST:
        raise Refused("host", _("It has %(n)s claims already.") % {"n": MOST}, _("Leave one that isn't used."))
    _not_held(name, client)
    try:
        with transaction.atomic():
            claim = Claim.objects.create(client=client, host=name, token=secrets.token_urlsafe(32), asked_at=now)
            record(action="domain.claimed", target=claim, by=by, now=now, detail={"host": name})
    except IntegrityError as error:
        raise Refused("host", _("It has claimed %(host)s already.") % {"host": name}, _("Prove it below.")) from error
    return claim


def prove(*, claim: Claim, by: By, now: datetime, look: Look = dns.texts) -> bool:
    """Ask DNS for the proof of a claim. True once it is proven and its host goes live; else the row says why not.

    DNS is asked outside any transaction: it may take seconds.
    """
    if claim.left_at is not None or claim.proven_at is not None:
        raise Refused("host", _("This claim is over or proven already."), _("Look at the page again."))
    try:
        found = look(claim.record_name)
    except dns.NoAnswer as error:
        return _not_proven(claim, error.problem, error.remedy, now)
    if claim.record_value not in found:
        told = ", ".join(f"“{one[:60]}”" for one in sorted(found)[:2])
        problem = _("%(name)s says %(told)s.") % {"name": claim.record_name, "told": told}
        return _not_proven(claim, problem, _("Set the value shown, unquoted, beside or instead of it."), now)
    try:
        with transaction.atomic():
            _go_live(claim, by, now)
    except IntegrityError:
        return _not_proven(claim, _("Another client holds this host name."), _("It has to be left there first."), now)
    cache.clear()
    return True


def _go_live(claim: Claim, by: By, now: datetime) -> None:
    waiting = Claim.objects.filter(pk=claim.pk, proven_at=None, left_at=None)
    if waiting.update(proven_at=now, checked_at=now, problem="", remedy="") != 1:
        raise IntegrityError("claim ended meanwhile")
    Domain.objects.bulk_create([Domain(domain=claim.host, tenant_id=claim.client_id, claim=claim, is_primary=False)])
    record(action="domain.proven", target=claim, by=by, now=now, detail={"host": claim.host})
    claim.proven_at = now


def _not_proven(claim: Claim, problem: str, remedy: str, now: datetime) -> bool:
    Claim.objects.filter(pk=claim.pk, proven_at=None).update(checked_at=now, problem=problem[:300], remedy=remedy[:300])
    return False


def make_primary(*, client: Client, claim: Claim | None, by: By, now: datetime) -> None:
    """Let links in mail lead to a proven host of the client's own, or, without one, to the built-in host."""
    host = client.home_host if claim is None else claim.host
    with transaction.atomic():
        before = _lock(client).primary_host
        wanted = Domain.objects.filter(tenant=client, claim=claim, domain=host)
        if not wanted.exists():
            raise Refused("host", _("%(host)s isn't proven.") % {"host": host}, _("Prove it first."))
        if before == host:
            return
        _choose(client, host)
        detail = {"changes": {"host": [before, host]}}
        record(action="domain.made_primary", target=client, by=by, now=now, detail=detail)
    cache.clear()


def leave_claim(*, claim: Claim, reason: str, by: By, now: datetime) -> None:
    """Give up a host name: it answers 404 from the next request on, and who claims it next has to prove it."""
    if not reason.strip():
        raise Refused("reason", _("The reason is empty."), _("Write why, for those who read it later."))
    with transaction.atomic():
        client = _lock(claim.client)
        if client.primary_host == claim.host:
            _choose(client, client.home_host)
        Domain.objects.filter(claim=claim).delete()
        if Claim.objects.filter(pk=claim.pk, left_at=None).update(left_at=now) != 1:
            raise Refused("host", _("It was left already."), _("Look at the page again."))
        detail = {"host": claim.host, "reason": reason.strip()[:300]}
        record(action="domain.left", target=claim, by=by, now=now, detail=detail)
    cache.clear()


def _lock(client: Client) -> Client:
    found: Client = Client.objects.select_for_update().get(pk=client.pk)
    return found


def _choose(client: Client, host: str) -> None:
    """One domain is primary at each moment, and the client's row has a copy of its name."""
    Domain.objects.filter(tenant=client, is_primary=True).update(is_primary=False)
    Domain.objects.filter(tenant=client, domain=host).update(is_primary=True)
    Client.objects.filter(pk=client.pk).update(primary_host=host)


def _not_held(name: str, client: Client) -> None:
    held = Claim.objects.filter(host=name, proven_at__isnull=False, left_at=None).exclude(client=client)
    other = held.select_related("client").first()
    if other is not None:
        raise Refused(
            "host",
            _("%(host)s is %(name)s's.") % {"host": name, "name": other.client.name},
            _("It has to be left there first; then DNS has to prove it for this client."),
        )


def _own(text: str) -> str:
    base = settings.BASE_DOMAIN
    try:
        return own_host(text, base)
    except NotAHost as error:
        words = {
            "malformed": (_("That is no host name."), _("Write one such as care.example.com, without https:// and /.")),
            "address": (_("That is an address, not a name."), _("Give the host name that leads to it.")),
            "one_label": (_("That is one word."), _("Write the whole name, such as care.example.com.")),
            "under_base": (_("Names under %(base)s are ours.") % {"base": base}, _("Claim one of the client's own.")),
            "suffix": (_("That belongs to everybody."), _("Claim a name under it, such as care.example.com.")),
            "long": (_("The name is too long."), _("Use at most 240 characters.")),
        }
        raise Refused("host", *words[error.fault]) from error
