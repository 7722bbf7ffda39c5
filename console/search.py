"""What the palette finds on the operator's host: clients, by name or key."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Client
from bpo.permissions import Permission, may
from bpo.slots import Hit, Query

MOST = 8


def found(query: Query) -> list[Hit] | None:
    """Clients for those who run them all. None elsewhere: a client's host knows no other."""
    if not query.principal.on_operator or not may(query.principal, Permission.SEE_CLIENTS):
        return None
    named = Q(name__icontains=query.text) | Q(key__startswith=query.text.lower())
    rows = Client.objects.filter(named).order_by("name")[:MOST]
    return [Hit(_("Clients"), row.name, row.key, reverse("console:client", args=[row.key])) for row in rows]
