"""An administrator takes the second step from somebody who lost theirs."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.forms import ResetForm
from accounts.models import User
from accounts.selectors import second_steps_of
from accounts.services import reset_second_step
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast


@requires(Permission.USE_ADMIN)
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Whose it is and what they have, and the reason why it goes."""
    user = User.objects.select_related("realm").filter(pk=user_id).first()
    if user is None:
        raise Http404
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            reset_second_step(user=user, reason=reason, by=operator_of(request), now=timezone.now())
        except Refused as refused:
            form.add_error(None, f"{refused.problem} {refused.remedy}")
        else:
            toast(request, _("%(name)s signs in with the password alone now.") % {"name": user})
            return redirect("admin:accounts_user_change", user.pk)
    context = {"person": user, "steps": second_steps_of(user.pk), "form": form}
    return render(request, "accounts/reset_second_step.html", context, status=422 if form.errors else 200)
