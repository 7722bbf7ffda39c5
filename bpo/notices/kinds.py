"""The kinds of notice there are, with their names. An app adds its own in `ready()`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {"import_done": _("An import of mine is done")}
