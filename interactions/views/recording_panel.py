"""What an interaction's page shows of its recording."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bpo.acting import principal_of
from bpo.permissions import Permission, may
from interactions.domain.spans import clock
from interactions.forms_recordings import ConsentForm, SoundForm, SpanForm
from interactions.hearing import Version, playable, recording_of, version_for
from interactions.models import Interaction, Line
from interactions.showing import drawn, transcript


def shown(request: HttpRequest, one: Interaction, **forms: Any) -> dict[str, Any]:
    """What the page shows of the recording, to whom it may; a form that was refused comes in place of a new one."""
    principal, found = principal_of(request), recording_of(one.pk)
    hears = found is not None and version_for(principal, found) is Version.ORIGINAL
    told: dict[str, Any] = {
        "recording": found,
        "may_add": may(principal, Permission.ADD_RECORDINGS),
        "sound_form": forms.get("sound_form") or SoundForm(),
        "consent_form": forms.get("consent_form") or ConsentForm(initial={"consent": one.consent}),
    }
    if not hears or found is None:
        return told
    lines, sound = list(Line.objects.filter(interaction=one)), drawn(found)
    return told | {
        "playable": playable(request, found, now=timezone.now()),
        "sound": sound,
        "lines": [timed(line) for line in transcript(found, lines, whole=True)],
        "spans": [(place, gap, clock(gap["from_ms"]), clock(gap["to_ms"])) for place, gap in enumerate(sound["gaps"])],
        "may_redact": may(principal, Permission.REDACT_RECORDINGS),
        "copy_ready": found.redacted_number == found.spans_number,
        "span_form": forms.get("span_form") or SpanForm(initial={"number": found.spans_number}),
    }


def timed(line: dict[str, Any]) -> dict[str, Any]:
    """A line with its moments as a clock shows them."""
    return {**line, "at": clock(line["from_ms"]), "until": clock(line["to_ms"]), "seconds": line["from_ms"] / 1000}
