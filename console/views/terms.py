"""What was agreed with a client: what holds now, and every version with who, when and why."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Terms
from accounts.selectors import terms_of
from accounts.services.terms import set_terms
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.context import colour_class
from bpo.ui.toasts import toast
from console.forms import ChangeTermsForm
from console.views.shared import client_of

A_PAGE = 20


@requires(Permission.CHANGE_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, key: str) -> HttpResponse:
    """The terms that hold, to be changed with a reason, and those before."""
    client = client_of(key)
    now_holds = terms_of(client.pk)
    initial = ChangeTermsForm.shown({name: getattr(now_holds, name) for name in Terms.AGREED})
    form = ChangeTermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            set_terms(client=client, agreed=form.agreed(), reason=reason, by=operator_of(request), now=timezone.now())
        except Refused as error:
            put(form, error)
        else:
            toast(request, _("Agreed from now on."))
            return redirect("console:terms", key)
    page = Paginator(client.terms.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {"client": client, "colour": colour_class(client.colour), "form": form, "page": page}
    return render(request, "console/terms.html", context, status=422 if form.errors else 200)
