"""The sound of a recording: ranges, a bounded buffer, and a line in the audit log for whoever plays it."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from bpo.acting import by_of
from bpo.audit.services import record_read
from bpo.files.services import open_file
from interactions.models import Recording

CHUNK: Final = 65_536
RANGE: Final = re.compile(r"^bytes=(\d*)-(\d*)$")
TYPES: Final = {".wav": "audio/wav", ".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".flac": "audio/flac"}


def play(request: HttpRequest, recording: Recording | None) -> HttpResponseBase:
    """Send the bytes a player asks for: 206 for a range, 200 for all, 416 for a range outside.

    404 where there is no recording or its bytes are gone. Never more than one chunk is in memory.
    """
    if recording is None:
        raise Http404
    size = recording.file.size
    asked = request.headers.get("Range", "")
    span = _span(asked, size) if asked else (0, size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    try:
        source = open_file(recording.file)
    except FileNotFoundError as error:
        raise Http404 from error
    record_read(action="recording.played", target=recording, by=by_of(request), now=timezone.now())
    start, end = span
    response = StreamingHttpResponse(_Piece(source, start, end - start), status=206 if asked else 200)
    response["Content-Type"] = _type(recording)
    response["Content-Length"] = str(end - start)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    if asked:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """Half-open bytes of a Range header; None where it can't be served."""
    match = RANGE.match(asked.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        return max(size - int(match[2]), 0), size
    start = int(match[1])
    end = min(int(match[2]) + 1, size) if match[2] else size
    return (start, end) if start < end else None


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


def _type(recording: Recording) -> str:
    name = recording.file.name.lower()
    return next((kind for suffix, kind in TYPES.items() if name.endswith(suffix)), "application/octet-stream")
