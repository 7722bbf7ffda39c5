"""The operator's library of scorecards: what there is, another version from a file, and whom it is offered to."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Client
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from console.library import offer, templates, write_version
from console.models import ScorecardTemplate, TemplateOffer, TemplateVersion
from qa.building import said
from qa.comparing import blocks_of
from qa.domain.content import sections
from qa.domain.documents import Document, write
from qa.domain.problems import problems_of
from qa.domain.versions import diff
from qa.scorecard_forms import FileForm

PAGE = 50


class VersionForm(FileForm):
    """A file, and what is to be said of it."""

    note = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("What it is for, or what changed"), help_text=gettext_lazy("Clients read it.")
    )  # fmt: skip


@requires(Permission.KEEP_LIBRARY)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    page = Paginator(templates(), PAGE).get_page(request.GET.get("page"))
    return render(request, "console/library.html", {"page": page})


@requires(Permission.KEEP_LIBRARY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A template from a file: first a look, then its first version."""
    return _write(request, None)


@requires(Permission.KEEP_LIBRARY)
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Another version of a template from a file: first what it would change."""
    return _write(request, _template(template_id))


@requires(Permission.KEEP_LIBRARY)
@require_safe
def detail(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """The newest version to read, those before it, and to whom which was offered."""
    template = _template(template_id)
    versions = list(template.versions.all()[:PAGE])
    offers = TemplateOffer.objects.filter(version__template=template).select_related("version", "client")
    newest = versions[0]
    has = {one.client_id for one in offers if one.version_id == newest.pk}
    context = {
        "template": template,
        "versions": versions,
        "newest": newest,
        "sections": sections(newest.content),
        "offers": list(offers[:PAGE]),
        "clients": [one for one in Client.objects.filter(status=Client.Status.ACTIVE).order_by("name") if one.pk not in has],
    }  # fmt: skip
    return render(request, "console/template.html", context)


@requires(Permission.KEEP_LIBRARY)
@require_POST
def offer_to(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Offer the newest version to the clients that were ticked."""
    version = _template(template_id).versions.first()
    if version is None:
        raise Http404
    ticked = Client.objects.filter(status=Client.Status.ACTIVE, key__in=request.POST.getlist("client"))
    n = offer(version=version, clients=ticked, by=operator_of(request), now=timezone.now())
    text = ngettext("Offered to %(n)s client.", "Offered to %(n)s clients.", n) % {"n": n}
    toast(request, text if n else _("Tick the clients it is for."), level="success" if n else "warning")
    return redirect("console:template", template_id)


@requires(Permission.KEEP_LIBRARY)
@require_safe
def file(request: HttpRequest, template_id: UUID, number: int) -> HttpResponse:
    """A version as a file."""
    template = _template(template_id)
    found = template.versions.filter(number=number).first()
    if found is None:
        raise Http404
    text = write(Document(template.key, template.name, template.channel, dict(found.content)))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{template.key}-{number}.json"'
    return response


def _write(request: HttpRequest, template: ScorecardTemplate | None) -> HttpResponse:
    form = VersionForm(request.POST or None, request.FILES or None)
    if form.is_valid() and form.document is not None and "take" in request.POST:
        given = {"document": form.document, "note": form.cleaned_data["note"], "by": operator_of(request)}
        try:
            made = write_version(template_id=template.pk if template else None, now=timezone.now(), **given)
        except Refused as error:
            put(form, error)
        else:
            toast(
                request, _("Version %(n)s is in the library. Offer it to the clients it is for.") % {"n": made.number}
            )
            return redirect("console:template", made.template_id)
    return _look(request, form, template)


def _look(request: HttpRequest, form: VersionForm, template: ScorecardTemplate | None) -> HttpResponse:
    """The page: the file wanted, its faults by path, or what it would bring."""
    context: dict[str, Any] = {"form": form, "template": template, "faults": form.faults}
    if form.is_bound and form.document is not None:
        newest = template.versions.first() if template else None
        content = form.document.content
        found = diff(newest.content if newest else {"sections": []}, content)
        context |= {
            "document": form.document,
            "raw": form.raw,
            "blocks": blocks_of(found),
            "count": found.count,
            "problems": said(content, problems_of(content)),
            "old_name": _("Version %(n)s") % {"n": newest.number} if newest else _("Nothing"),
            "new_name": _("File"),
        }
    return render(request, "console/template_file.html", context, status=422 if form.errors else 200)


def _template(template_id: UUID) -> ScorecardTemplate:
    found = ScorecardTemplate.objects.filter(pk=template_id).first()
    if found is None or not TemplateVersion.objects.filter(template=found).exists():
        raise Http404
    return found
