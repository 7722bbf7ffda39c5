"""What workforce adds to the palette on the operator's host."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may
from bpo.slots import Hit, Query
from workforce.selectors import find_people

MOST = 8


def find(query: Query) -> list[Hit] | None:
    """People by name or number, for those who may see them."""
    if not query.principal.on_operator or not may(query.principal, Permission.SEE_PEOPLE):
        return None
    found = find_people(query.text, most=MOST)
    return [
        Hit(_("People"), name, number, reverse("workforce:person", settings.PUBLIC_SCHEMA_URLCONF, [pk]))
        for pk, name, number in found
    ]
