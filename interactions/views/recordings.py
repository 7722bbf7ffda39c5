"""The recording on an interaction's page: adding it, the customer's consent, and what is silenced."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, reach, requires
from bpo.ui.toasts import toast
from interactions.domain.spans import Span, spans_of
from interactions.errors import NotPossible
from interactions.forms_recordings import ConsentForm, GoneForm, SoundForm, SpanForm
from interactions.hearing import recording_of
from interactions.models import Interaction, Recording
from interactions.selectors import interaction_by_id
from interactions.services import set_consent
from interactions.sounds import NotSound
from interactions.views.interactions import page_of
from interactions.voice import add_recording, redact


@requires(Permission.ADD_RECORDINGS)
@require_POST
def add(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Add the sound. A file that isn't taken comes back with the reason and the remedy, 422."""
    one = _interaction(request, interaction_id, Permission.ADD_RECORDINGS)
    form = SoundForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            add_recording(interaction=one, stream=file, name=file.name, by=by_of(request), now=timezone.now())
        except (NotSound, NotPossible) as error:
            form.add_error("file", f"{file.name}: {error}")
        else:
            toast(request, _("Recording added."))
            return redirect("interactions:detail", one.pk)
    return page_of(request, one, status=422, sound_form=form)


@requires(Permission.ADD_RECORDINGS)
@require_POST
def consent(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Note whether the customer agreed to be recorded."""
    one = _interaction(request, interaction_id, Permission.ADD_RECORDINGS)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return page_of(request, one, status=422, consent_form=form)
    set_consent(interaction_id=one.pk, consent=form.cleaned_data["consent"], by=by_of(request), now=timezone.now())
    toast(request, _("Consent noted."))
    return redirect("interactions:detail", one.pk)


@requires(Permission.REDACT_RECORDINGS)
@require_POST
def silence(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Silence one more stretch."""
    one, found = _recorded(request, interaction_id)
    form = SpanForm(request.POST, length_ms=found.duration_ms)
    if form.is_valid():
        spans = [*spans_of(found.redactions), form.span()]
        try:
            _redact(request, found, spans, form)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("Silenced. The copy for the client is being made."))
            return redirect("interactions:detail", one.pk)
    return page_of(request, one, status=422, span_form=form)


@requires(Permission.REDACT_RECORDINGS)
@require_POST
def unsilence(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Let one stretch be heard again."""
    one, found = _recorded(request, interaction_id)
    form, spans = GoneForm(request.POST), spans_of(found.redactions)
    if form.is_valid() and form.cleaned_data["span"] < len(spans):
        del spans[form.cleaned_data["span"]]
        try:
            _redact(request, found, spans, form)
        except NotPossible as error:
            toast(request, str(error), level="warning")
        else:
            toast(request, _("It can be heard again. The copy for the client is being made."))
    return redirect("interactions:detail", one.pk)


def _redact(request: HttpRequest, found: Recording, spans: list[Span], form: SpanForm | GoneForm) -> None:
    redact(
        recording_id=found.pk, spans=spans, number=form.cleaned_data["number"], by=by_of(request), now=timezone.now()
    )


def _interaction(request: HttpRequest, interaction_id: UUID, permission: Permission) -> Interaction:
    found = interaction_by_id(interaction_id, reach=reach(principal_of(request), permission))
    if found is None:
        raise Http404
    return found


def _recorded(request: HttpRequest, interaction_id: UUID) -> tuple[Interaction, Recording]:
    one = _interaction(request, interaction_id, Permission.REDACT_RECORDINGS)
    found = recording_of(one.pk)
    if found is None:
        raise Http404
    return one, found
