"""The page behind a survey's link. Looking at it, by a person or a machine, changes nothing; only Send does."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bpo.actors import CUSTOMER
from bpo.permissions import open_to_all
from surveys.domain.metrics import SCALE
from surveys.forms import AnswerForm
from surveys.models import Invitation
from surveys.selectors import invitation_by, is_closed
from surveys.services import AlreadyAnswered, Closed, UnknownLink, record_answer

View = Callable[[HttpRequest, str], HttpResponse]


def private(view: View) -> View:
    """No copy of the page is kept, and neither another site nor our own log learns its address."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the path, and with it the token
        return response

    return guarded


# Without a CSRF cookie, so that looking sets nothing: the link itself is the secret that a forger would need.
@open_to_all("customers have no login; the link's token is what they hold")
@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _answer(request, token)
    invitation = invitation_by(token)
    return _unknown() if invitation is None else _page(request, token, invitation)


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    invitation = invitation_by(token)
    if invitation is None:
        return _unknown()
    if not form.is_valid():
        return _page(request, token, invitation, form, status=422)
    try:
        record_answer(token=token, by=CUSTOMER, now=timezone.now(), **form.cleaned_data)
    except UnknownLink:
        return _unknown()
    except (AlreadyAnswered, Closed):
        pass  # the page that follows says which
    answer = redirect("survey", token)
    answer.status_code = 303
    return answer


def _page(
    request: HttpRequest, token: str, invitation: Invitation, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"version": invitation.candidate.survey_version, "client": request.client}  # type: ignore[attr-defined]  # set by the tenancy middleware
    response = getattr(invitation, "response", None)
    if response is not None:
        return render(request, "surveys/answered.html", context | {"response": response})
    if is_closed(invitation, timezone.now()):
        return render(request, "surveys/closed.html", context, status=410)
    chosen = request.POST.get("score") if form else request.GET.get("score")
    more = {"token": token, "form": form, "chosen": chosen, "scores": [str(score) for score in SCALE]}
    return render(request, "surveys/page.html", context | more, status=status)


def _unknown() -> HttpResponse:
    """The same answer for a link that never was, is another client's, or was revoked."""
    return HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")
