"""How people and what happened to them are put into words."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workforce.domain.tenure import length

ACTIONS: dict[str, str | Promise] = {
    "employment.started": gettext_lazy("Employed"),
    "assignment.started": gettext_lazy("Assigned to a client"),
    "assignment.ended": gettext_lazy("Assignment ended by a move"),
    "placement.started": gettext_lazy("Placed in a team"),
    "separation.recorded": gettext_lazy("Separation recorded"),
    "separation.corrected": gettext_lazy("Separation corrected"),
    "separation.taken_back": gettext_lazy("Separation taken back"),
    "people.imported": gettext_lazy("Changed by an import"),
}


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
