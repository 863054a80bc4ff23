"""Send a stored file: whole or in a range, streamed, never run by the browser."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, parse_etags

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


def send(request: HttpRequest, *, path: str, name: str, mime: str, etag: str, inline: bool) -> HttpResponseBase:
    """Answer with the file at ``path`` in the storage; one byte range is understood, several are sent as the whole."""
    quoted = f'"{etag}"'
    if quoted in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    elif settings.FILES_ACCEL_PREFIX:
        response = HttpResponse(content_type=mime)
        response["X-Accel-Redirect"] = f"{settings.FILES_ACCEL_PREFIX.rstrip('/')}/{quote(path)}"
    else:
        response = _send_bytes(request, path, mime, quoted)
    response["ETag"] = quoted
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600" if inline else "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def _send_bytes(request: HttpRequest, path: str, mime: str, etag: str) -> HttpResponseBase:
    try:
        size = default_storage.size(path)
    except OSError as error:
        raise Http404 from error
    first, last = 0, size - 1
    asked = request.headers.get("Range", "")
    condition = request.headers.get("If-Range", "")
    status = 200
    if asked and (not condition or condition == etag):
        found = _RANGE.match(asked.strip())
        if found and found.groups() != ("", ""):
            status = 206
            first, last = _bounds(found.group(1), found.group(2), size)
            if first > last or first >= size:
                response: HttpResponseBase = HttpResponse(status=416, content_type=mime)
                response["Content-Range"] = f"bytes */{size}"
                return response
    length = last - first + 1
    if request.method == "HEAD":
        response = HttpResponse(status=status, content_type=mime)
    else:
        response = StreamingHttpResponse(_pieces(path, first, length), status=status, content_type=mime)
    response["Content-Length"] = str(length)
    # Compression on the way would change the length and break ranges.
    response["Content-Encoding"] = "identity"
    if status == 206:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _bounds(start: str, end: str, size: int) -> tuple[int, int]:
    """Return the first and last byte of a range; ``bytes=-500`` means the last 500."""
    if not start:
        return (max(size - int(end), 0), size - 1) if int(end) else (size, size - 1)
    return int(start), min(int(end), size - 1) if end else size - 1


def _pieces(path: str, first: int, length: int) -> Iterator[bytes]:
    """Open the file when the first piece is asked for, so that an answer nobody reads leaves nothing open."""
    with default_storage.open(path) as stream:
        stream.seek(first)
        while length > 0 and (piece := stream.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece
