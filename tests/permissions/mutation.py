"""One permission after the other is made to allow everybody who signed in; the matrix has to notice each.

The switch is here, in the process that tests: the product has none. Run it with `make mutation`; it prints how many of
the mutants the matrix killed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.contrib.admin import site

from bpo.permissions import OpenToAll
from bpo.permissions_api import StampedPermission
from bpo.permissions_middleware import PermissionMiddleware
from tests.permissions import walking
from tests.permissions.notation import Row, read
from tests.permissions.routes import Action, actions

ROWS = {row.key: row for row in read().rows}
# Where the stamp is not the only guard, so that taking it away changes nothing: each with the other one.
TWICE = {
    ("operator", "POST", "/cross/<slug:key>/"): "every role may cross; who has none has no client to cross to",
    ("operator", "POST", "/security/second-step/passkeys/<uuid:passkey_id>/remove/"): "a passkey is one's own alone",
    ("operator", "POST", "/security/second-step/passkeys/<uuid:passkey_id>/name/"): "a passkey is one's own alone",
    ("client", "POST", "/security/password/"): "staff have no password here",
    ("client", "POST", "/security/sessions/<uuid:session_id>/end/"): "a session is one's own alone",
}
MUTANTS = [
    one
    for one in actions()
    if not isinstance(one.stamp, OpenToAll)
    and one.key in ROWS
    and one.key not in TWICE
    and one.host != "stepped"  # not routed at all for who hasn't stepped in: no stamp opens what isn't there
]
NARROWED = [row for row in ROWS.values() if set(row.cells.values()) & {"t", "w", "g"}]
TRIED = ["left", "op", "hr", "pl", "tr", "qa", "tl", "ts", "ag", "cu", "ca", "tp", "narrow"]


@contextmanager
def allowing(action: Action) -> Iterator[None]:
    """For this method of this address, whoever is signed in may."""
    process, api, admin = PermissionMiddleware.process_view, StampedPermission.has_permission, site.has_permission
    name = getattr(action.view, "actions", {}).get(action.method.lower())

    def is_it(view: Any, method: str) -> bool:
        return view is action.view and method == action.method

    def process_view(self: Any, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        if request.principal is not None and is_it(view, request.method):
            return None
        return process(self, request, view, args, kwargs)

    def has_permission(self: Any, request: Any, view: Any) -> bool:
        if isinstance(view, getattr(action.view, "cls", ())) and view.action == name:
            return getattr(request._request, "principal", None) is not None
        return api(self, request, view)

    def admin_has_permission(request: Any) -> bool:
        return admin(request) or (request.principal is not None and is_it(request.resolver_match.func, request.method))

    with (
        mock.patch.object(PermissionMiddleware, "process_view", process_view),
        mock.patch.object(StampedPermission, "has_permission", has_permission),
        mock.patch.object(site, "has_permission", admin_has_permission),
    ):
        yield


@pytest.mark.parametrize("action", MUTANTS, ids=[" ".join(one.key) for one in MUTANTS])
def test_a_permission_that_allows_everybody_is_noticed(action: Action, walked: Any) -> None:
    with allowing(action):
        assert walking.refused_row(ROWS[action.key], walked, TRIED), "survived"


@pytest.mark.parametrize("row", NARROWED, ids=str)
def test_a_scope_that_narrows_nothing_is_noticed(row: Row, walked: Any) -> None:
    with mock.patch("accounts.middleware.narrowed_by", return_value={}):
        assert walking.refused_row(row, walked, ["ts"]), "survived"
