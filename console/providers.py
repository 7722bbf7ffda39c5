"""What the console shows beside what lower floors show."""

from typing import Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Client
from bpo.permissions import Permission, may
from bpo.slots import Panel

CLIENTS: Final = 20  # shown at once; the others are reached from the board


def person_data_panel(panel: Panel) -> SafeString | None:
    """The way to everything held of a person, for who may export it."""
    if not may(panel.principal, Permission.EXPORT_SUBJECT):
        return None
    address = reverse("console:person_data", args=[panel.object_id], urlconf="bpo.urls_operator")
    return format_html(
        '<div class="stack snug"><h2 class="heading">{}</h2><p><a href="{}">{}</a></p></div>',
        _("Personal data"), address, _("Everything we hold about this person"),
    )  # fmt: skip


def imported_panel(panel: Panel) -> SafeString | None:
    """Beside a finished import of people: the way to inviting them, client by client."""
    if not may(panel.principal, Permission.GIVE_ACCESS):
        return None
    clients = list(Client.objects.filter(status=Client.Status.ACTIVE).order_by("name")[: CLIENTS + 1])
    context = {"clients": clients[:CLIENTS], "more": len(clients) > CLIENTS}
    return render_to_string("console/_invite_imported.html", context) if clients else None
