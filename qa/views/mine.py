"""An agent's own reviews: what they may see of them, and the word that they saw it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from bpo.permissions import Permission, requires


@requires(Permission.SEE_OWN_REVIEWS)
def detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    raise Http404
