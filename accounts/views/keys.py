"""One's own single keys, on either host."""

import json

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.services.keys import keep_keys
from bpo.acting import principal_of
from bpo.permissions import Permission, requires
from bpo.tenancy.middleware import runs_as_app


@requires(Permission.SEE_HOME)
@runs_as_app
@require_http_methods(["PUT"])
def keys(request: HttpRequest) -> HttpResponse:
    """Keep {"off": bool, "map": {given: chosen}}; 400 says what can't be a key. An API token has no keyboard."""
    if principal_of(request).token_id is not None or not isinstance(request.user, User):
        raise PermissionDenied
    try:
        return JsonResponse(keep_keys(user=request.user, keys=json.loads(request.body)))
    except ValueError as error:
        return JsonResponse({"problem": "keys", "text": str(error)}, status=400)
