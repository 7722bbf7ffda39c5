"""The lock-out of signing in, for whatever else proves who somebody is: it counts with the password's failures."""

from copy import copy

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, QueryDict

from accounts.models import User


def is_locked(request: HttpRequest, user: User) -> bool:
    """Whether there were too many failures for this person lately."""
    return not AxesProxyHandler.is_allowed(request, {"email": user.email})


def count_failure(request: HttpRequest, user: User) -> bool:
    """One more failure of this person; whether that locks them out. What they typed is not kept with it."""
    bare = copy(request)
    bare.POST = bare.GET = QueryDict()
    user_login_failed.send(sender=__name__, credentials={"email": user.email}, request=bare)
    return bool(getattr(bare, "axes_locked_out", False))
