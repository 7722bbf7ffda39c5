"""The pages of an audit log, the same on both hosts: the search, and the history of one object."""

from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bpo.acting import principal_of
from bpo.audit_models import AuditEntry
from bpo.audit_reading import Wanted, history, kind_words, kinds, named_in, search
from bpo.audit_words import ACTIONS
from bpo.permissions import Permission, reach

Scope = Literal["client", "public"]
DAY = {"type": "date"}


class SearchForm(forms.Form):
    """What the log is narrowed to. What is wrong narrows to nothing and says so."""

    who = forms.CharField(label=_("Who"), required=False, max_length=120)
    action = forms.ChoiceField(label=_("What"), required=False)
    kind = forms.ChoiceField(label=_("On"), required=False)
    object_id = forms.CharField(label=_("Id"), required=False, max_length=128)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=DAY))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs=DAY))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        actions = sorted(((key, str(words)) for key, words in ACTIONS.items()), key=lambda one: one[1])
        self.fields["action"] = forms.ChoiceField(
            label=_("What"), required=False, choices=[("", _("everything")), *actions]
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("On"), required=False, choices=[("", _("anything")), *kinds(scope)]
        )

    def clean_who(self) -> str:
        return str(self.cleaned_data["who"]).replace("\x00", "").strip()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            raise ValidationError({"last": _("This day is before the first one. Take a later one.")})
        return found

    def wanted(self) -> Wanted:
        """The search asked for; call after `is_valid`."""
        found = self.cleaned_data
        return Wanted(
            found["who"], found["action"], found["kind"], found["object_id"],
            found["first"], found["last"], found["before"],
        )  # fmt: skip


def search_page(request: HttpRequest, model: type[AuditEntry], *, scope: Scope, zone: str) -> HttpResponse:
    form = SearchForm(request.GET, scope=scope)
    wanted = form.wanted() if form.is_valid() else Wanted()
    query = request.GET.copy()
    query.pop("before", None)
    narrowed = any(query.values())
    context = {
        "found": search(model, wanted, zone=zone),
        "form": form,
        "visible": [form[name] for name in ("who", "action", "kind", "object_id", "first", "last")],
        "narrowed": narrowed,
        "query": query.urlencode(),
        "later": wanted.before is not None,
        "names": _names(scope),
        "zone": zone,
        "details": _in_full(request),
    }
    return render(request, "audit/log.html", context)


def history_page(
    request: HttpRequest, model: type[AuditEntry], *, scope: Scope, zone: str, label: str, object_id: str
) -> HttpResponse:
    """The history of one object: a fragment for the side panel, or a page. 404 where there is neither row nor line."""
    target = _target(label, scope, object_id)
    before = request.GET.get("before", "")
    found = history(model, label, object_id, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    if target is None and not found.lines:
        raise Http404
    context = {
        "found": found,
        "there": target is not None,
        "details": _in_full(request),
        "label": label,
        "object_id": object_id,
        "kind": kind_words(label),
        "names": _names(scope),
        "zone": zone,
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "audit/_history.html" if fragment else "audit/history.html", context)


def _target(label: str, scope: Scope, object_id: str) -> Model | None:
    """The row, None where it is gone. 404 for a label or an id that can't be one."""
    model = named_in(label, scope)
    if model is None:
        raise Http404
    try:
        key = model._meta.pk.to_python(object_id)
    except ValidationError as error:
        raise Http404 from error
    found: Model | None = model._base_manager.filter(pk=key).first()
    return found


def _in_full(request: HttpRequest) -> bool:
    """Whether details are shown. The log is one chain, whole to whoever may see it; to one whose work is narrowed to
    teams it tells what happened and when, and no more."""
    return reach(principal_of(request), Permission.SEE_AUDIT) is None


def _names(scope: Scope) -> dict[str, str]:
    """The URL names of this host's search and history."""
    app = "audit" if scope == "client" else "console"
    return {"search": f"{app}:{'log' if scope == 'client' else 'audit'}", "history": f"{app}:history"}
