"""One's own notices, and how one wants to be told."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import principal_of
from bpo.notices.kinds import KINDS
from bpo.notices.selectors import notices_of, preferences_of, unread_count
from bpo.notices.services import mark_all_read, mark_read, prefer
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast


def _actor_id(request: HttpRequest) -> UUID:
    principal = principal_of(request)
    if principal.actor_id is None:
        raise Http404
    return principal.actor_id


@requires(Permission.SEE_NOTICES)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The newest hundred of one's own, and how many are unread."""
    actor_id = _actor_id(request)
    context = {"notices": notices_of(actor_id)[:100], "unread": unread_count(actor_id)}
    return render(request, "notices/list.html", context)


@requires(Permission.SEE_NOTICES)
@never_cache
@require_safe
def unread(request: HttpRequest) -> JsonResponse:
    """How many wait, for the bell: {"unread": n}."""
    return JsonResponse({"unread": unread_count(_actor_id(request))})


@requires(Permission.SEE_NOTICES)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(actor_id=_actor_id(request), now=timezone.now())
    return redirect("notices:list")


@requires(Permission.SEE_NOTICES)
@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark it read and go where it points."""
    notice = notices_of(_actor_id(request)).filter(pk=notice_id).first()
    if notice is None:
        raise Http404
    mark_read(actor_id=notice.actor_id, notice_id=notice.pk, now=timezone.now())
    return redirect(notice.path if notice.path.startswith("/") and not notice.path.startswith("//") else "/")


@requires(Permission.SEE_NOTICES)
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    actor_id = _actor_id(request)
    if request.method == "POST":
        for kind in KINDS:
            in_app, by_mail = f"{kind}.in_app" in request.POST, f"{kind}.by_mail" in request.POST
            prefer(actor_id=actor_id, kind=kind, in_app=in_app, by_mail=by_mail)
        toast(request, _("Saved."))
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"wishes": preferences_of(actor_id)})
