"""The clients' schemas: which are current, which are behind, which failed and what to do about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bpo.permissions import Permission, requires
from console.schemas import ORDER, State, counts, pool
from console.schemas import schemas as all_schemas

LABELS: dict[State, object] = {
    "failed": _("failed"),
    "behind": _("behind"),
    "unknown": _("not seen yet"),
    "current": _("current"),
}
TONES: dict[State, str] = {"failed": "bad", "behind": "warn", "unknown": "", "current": "good"}


@requires(Permission.SEE_JOBS)
@require_safe
def schemas(request: HttpRequest) -> HttpResponse:
    """Every client's schema, who needs somebody first, and the pool of ready ones."""
    rows = all_schemas()
    found = counts(rows)
    context = {
        "rows": [(row, LABELS[row.state], TONES[row.state]) for row in rows],
        "states": [(state, LABELS[state], TONES[state], found[state]) for state in ORDER],
        "needs": found["failed"] + found["behind"] + found["unknown"],
        "pool": pool(),
    }
    return render(request, "console/schemas.html", context)
