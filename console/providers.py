"""What the console shows beside what lower floors show."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may
from bpo.slots import Panel


def person_data_panel(panel: Panel) -> SafeString | None:
    """The way to everything held of a person, for who may export it."""
    if not may(panel.principal, Permission.EXPORT_SUBJECT):
        return None
    address = reverse("console:person_data", args=[panel.object_id], urlconf="bpo.urls_operator")
    return format_html(
        '<div class="stack snug"><h2 class="heading">{}</h2><p><a href="{}">{}</a></p></div>',
        _("Personal data"), address, _("Everything we hold about this person"),
    )  # fmt: skip
