"""What the frame shows beyond the request: the way back to the operator for those who came from there."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bpo.ui.context import FrameFacts, StepIn, SwitchTo, read_request


def facts(request: HttpRequest) -> FrameFacts:
    """The request's own facts, and for staff inside a client a switcher entry to the operator's host."""
    found = read_request(request)
    principal = getattr(request, "principal", None)
    if principal is not None and principal.step_in is not None:
        minutes = principal.step_in.minutes_left(timezone.now())
        step = StepIn(principal.step_in.reason, minutes, reverse("step-out"), reverse("admin:index"))
        found = replace(found, step_in=step)
    if principal is None or principal.realm != "staff" or principal.on_operator:
        return found
    home = SwitchTo(name=_("Operator: all my clients"), url=f"{settings.SCHEME}://ops.{settings.BASE}/")
    return replace(found, switcher=(home,))
