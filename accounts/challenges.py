"""What a browser is asked to show a passkey with. The page carries it in a form and the answer comes back in a field.

The challenge waits in the session and is taken out before the answer is looked at, so each is good once.
"""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.passkeys import Site, add_passkey, begin_making, begin_showing, check_passkey
from bpo.acting import host_client
from bpo.actors import By
from bpo.links import address
from bpo.tenancy.hosts import normalise

MAKING, SHOWING = "passkey_making", "passkey_showing"  # in the session: the challenge that waits for its answer


def site_of(request: HttpRequest) -> Site:
    """The host of this request, which is one of ours or the request would not be here."""
    host = normalise(request.META.get("HTTP_HOST", "")) or ""
    client = host_client(request)
    return Site(host, address(host, ""), client.name if client else _("Operator"))


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """The browser's answer as the form brought it; empty when it is none."""
    try:
        found = json.loads(request.POST.get("credential", ""))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def ask_to_show(request: HttpRequest, user: User | None) -> str:
    """A new challenge, kept in the session: what the form carries. Without `user` any of the host's people may answer."""
    options, request.session[SHOWING] = begin_showing(user=user, site=site_of(request))
    return json.dumps(options)


def shown_by(request: HttpRequest, user: User, *, now: datetime) -> bool:
    """Whether the form's answer proves `user`."""
    state = request.session.pop(SHOWING, None)
    if state is None:
        return False
    return check_passkey(user=user, site=site_of(request), state=state, answer=answer_of(request), now=now)


def ask_to_make(request: HttpRequest, user: User) -> str:
    options, request.session[MAKING] = begin_making(user=user, site=site_of(request))
    return json.dumps(options)


def made_by(request: HttpRequest, user: User, *, name: str, by: By, now: datetime) -> list[str]:
    """Keep the passkey of the form's answer. Returns new recovery codes when there were none; raises Refused."""
    state = request.session.pop(MAKING, {})
    return add_passkey(
        user=user, name=name, site=site_of(request), state=state, answer=answer_of(request), by=by, now=now
    )  # fmt: skip
