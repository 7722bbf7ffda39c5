"""The bytes of a recording: by a ticket, in ranges, through a bounded buffer, with a line in the audit log."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import by_of
from bpo.audit.services import record_read
from bpo.files.services import open_file
from bpo.permissions import Permission, requires
from interactions.domain.containers import form_by_head
from interactions.hearing import Withheld, file_of, playable, recording_of, shown_to

CHUNK: Final = 65_536
RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
TYPES: Final = {"wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg", "mp3": "audio/mpeg"}
# No browser takes the bytes for anything but sound, nor runs what they might say.
HARMLESS: Final = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@requires(Permission.SEE_HOME)
@require_safe
def sound(request: HttpRequest, token: str) -> HttpResponseBase:
    """The sound a ticket opens: 206 for a range, 200 for all, 416 for a range outside.

    404 for a ticket that is over or somebody else's, and for whoever may not hear it any more. 403 where the customer
    refused, 503 while the redacted copy is being made, each in words. Who may hear is asked again at each request.
    """
    now = timezone.now()
    shown = shown_to(request, token, now=now)
    if shown is None:
        raise Http404
    recording, version = shown
    try:
        source = open_file(file_of(recording, version))
    except Withheld as withheld:
        headers = HARMLESS | ({"Retry-After": "15"} if withheld.soon else {})
        status = 503 if withheld.soon else 403
        return HttpResponse(withheld.why, status=status, content_type="text/plain; charset=utf-8", headers=headers)
    except FileNotFoundError as error:
        raise Http404 from error
    size = source.seek(0, 2)
    asked = _asked(request)
    span = _span(asked, size) if asked else (0, size)
    if span is None:
        source.close()
        return HttpResponse(status=416, headers=HARMLESS | {"Content-Range": f"bytes */{size}"})
    if request.method == "GET":
        detail = {"heard": version.value}
        record_read(action="recording.played", target=recording, by=by_of(request), now=now, detail=detail)
    return _sent(source, size, span, part=asked is not None)


@requires(Permission.SEE_HOME)
@require_safe
def again(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """A new address for a page that stays open longer than the one it came with. 404 for who may not hear it."""
    found = recording_of(interaction_id)
    told = playable(request, found, now=timezone.now()) if found is not None else None
    if told is None or not told.url:
        raise Http404
    return JsonResponse({"url": told.url}, headers={"Cache-Control": "private, no-store"})


def _sent(source: BinaryIO, size: int, span: tuple[int, int], *, part: bool) -> HttpResponseBase:
    start, end = span
    source.seek(0)
    form = form_by_head(source.read(12))
    response = StreamingHttpResponse(_Piece(source, start, end - start), status=206 if part else 200, headers=HARMLESS)
    response["Content-Type"] = TYPES[form] if form else "application/octet-stream"
    response["Content-Length"] = str(end - start)
    if part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _asked(request: HttpRequest) -> tuple[str, str] | None:
    """The two ends of the one range of bytes asked for. What isn't one, or has a condition, asks for all (RFC 9110)."""
    match = RANGE.fullmatch(request.headers.get("Range", "").strip().lower())
    if match is None or match[1] == match[2] == "" or "If-Range" in request.headers:
        return None
    backwards = match[1] and match[2] and int(match[2]) < int(match[1])
    return None if backwards else (match[1], match[2])


def _span(asked: tuple[str, str], size: int) -> tuple[int, int] | None:
    """Half-open bytes to send; None for a range outside."""
    first, last = asked
    if not first:
        return (max(size - int(last), 0), size) if int(last) else None
    end = min(int(last) + 1, size) if last else size
    return (int(first), end) if int(first) < end else None


class _Piece:
    """Part of a file, a chunk at a time; closed with the response, also when nobody reads it."""

    def __init__(self, source: BinaryIO, start: int, length: int) -> None:
        self._source, self._left = source, length
        source.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (piece := self._source.read(min(CHUNK, self._left))):
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        self._source.close()
