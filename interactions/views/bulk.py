"""Sending many recordings at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bpo.acting import by_of, principal_of
from bpo.files.services import TooLarge
from bpo.imports.domain.problems import FileError
from bpo.imports.services import queue_run
from bpo.permissions import Permission, may, reach, requires
from bpo.permissions_middleware import refused
from interactions.bulk import receive_recordings
from interactions.forms_recordings import SoundsForm


@requires(Permission.SEE_IMPORTS)
@require_http_methods(["GET", "POST"])
def recordings(request: HttpRequest) -> HttpResponse:
    """Choose an archive or several files. What can't be read at all is refused here and not kept; the rest is a run."""
    principal = principal_of(request)
    if not may(principal, Permission.ADD_RECORDINGS):
        return refused(request, Permission.ADD_RECORDINGS)
    form = SoundsForm(request.POST, request.FILES) if request.method == "POST" else SoundsForm()
    if request.method == "POST" and form.is_valid():
        reached, now = reach(principal, Permission.ADD_RECORDINGS), timezone.now()
        try:
            run = receive_recordings(form.cleaned_data["recordings"], reach=reached, by=by_of(request), now=now)
        except (FileError, TooLarge) as error:
            form.add_error("recordings", str(error))
        else:
            queue_run(run_id=run.pk, by=by_of(request), now=now)
            return redirect("imports:run", run.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "interactions/import_recordings.html", {"form": form}, status=status)
