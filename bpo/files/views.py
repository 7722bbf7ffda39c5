"""Downloads: always as an attachment, never interpreted by the browser."""

from typing import Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import by_of
from bpo.audit.services import record_read
from bpo.files.services import open_file, stored_file
from bpo.permissions import Permission, requires

OWN_ADDRESS: Final = frozenset(
    {"subject_export", "recording", "recording_redacted", "recording_import"}
)  # files with a rule of their own for who may have them


@requires(Permission.DOWNLOAD_FILES)
@require_safe
def download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The bytes as they came. 404 for an unknown file and for one whose bytes are gone."""
    stored = stored_file(file_id)
    if stored is None or stored.purpose in OWN_ADDRESS:
        raise Http404
    try:
        content = open_file(stored)
    except FileNotFoundError as error:
        raise Http404 from error
    detail = {"purpose": stored.purpose}
    record_read(action="file.downloaded", target=stored, by=by_of(request), now=timezone.now(), detail=detail)
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
