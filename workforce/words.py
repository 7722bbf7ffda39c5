"""How people and what happened to them are put into words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.domain.tenure import length


def tenure(start: date | None, end: date | None, *, today: date) -> str:
    """ "3 years 2 months", in the two largest units, up to the end or today; "" before the first day."""
    until = min(end or today, today)
    if start is None or until < start:
        return ""
    years, months, days = length(start, until)
    parts = [
        (years, ngettext("%(n)s year", "%(n)s years", years)),
        (months, ngettext("%(n)s month", "%(n)s months", months)),
        (days, ngettext("%(n)s day", "%(n)s days", days)),
    ]
    shown = [words % {"n": n} for n, words in parts if n][:2]
    return " ".join(shown) or _("today")
