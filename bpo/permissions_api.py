"""The stamp for DRF: a viewset names a permission for each of its actions."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from bpo.permissions import OpenToAll, Permission, UnstampedView, may


class StampedPermission(BasePermission):
    """Reads `permissions = {action: Permission}` of a viewset, or `permission` of a plain API view."""

    def has_permission(self, request: Request, view: Any) -> bool:
        stamp = stamp_for(view)
        if isinstance(stamp, OpenToAll):
            return True
        return may(getattr(request._request, "principal", None), stamp)


def stamp_for(view: Any) -> Permission | OpenToAll:
    """The stamp of the action about to run. UnstampedView when the class names none for it."""
    mapping = getattr(view, "permissions", None)
    action = getattr(view, "action", None)
    stamp = mapping.get(action) if mapping else getattr(view, "permission", None)
    if stamp is None and mapping and action in {None, "metadata"}:
        stamp = next(iter(mapping.values()))  # OPTIONS and refused methods need what the first action needs
    if stamp is None:
        raise UnstampedView(
            f"{type(view).__module__}.{type(view).__qualname__}.{action} has no permission. Add it to `permissions`."
        )
    return stamp  # type: ignore[no-any-return]  # the mapping's values are stamps by convention and by test
