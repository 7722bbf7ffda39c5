"""Search: one address on both hosts, answered by whatever floors are there (`bpo.slots.search`)."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, requires
from bpo.slots import Hit, Query, search

SHORTEST, LONGEST = 2, 80  # characters


@requires(Permission.SEE_HOME)
@never_cache
@require_safe
def find(request: HttpRequest) -> JsonResponse:
    """What the principal may see of what is called `q`: [{"group", "items": [{"label", "sub", "url"}]}]."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    if len(text) < SHORTEST or "\x00" in text:
        return JsonResponse([], safe=False)
    return JsonResponse(grouped(search.collect(Query(text, principal_of(request)))), safe=False)


def grouped(answers: list[list[Hit]]) -> list[dict[str, Any]]:
    """Hits under their headings, in the order the headings first came."""
    groups: dict[str, list[dict[str, str]]] = {}
    for hit in (hit for answer in answers for hit in answer):
        item = {"label": str(hit.label), "sub": str(hit.sub), "url": hit.url}
        groups.setdefault(str(hit.group), []).append(item)
    return [{"group": group, "items": items} for group, items in groups.items()]
