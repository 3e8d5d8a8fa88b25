"""The response with a stored file: whole or a part of it, by Parley or by nginx, never run by a browser."""

import re
from datetime import datetime
from typing import IO, Final

from csp.constants import HEADER
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header, http_date

# Also where somebody opens the file itself: no script, no form, no frame, and an origin of its own.
POLICY: Final = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
# A player asks for "everything from here". It gets a part, and asks again: it holds no worker while it plays.
MAX_PART_BYTES: Final = 1024 * 1024
BLOCK_BYTES: Final = 64 * 1024
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class _Blocks(FileResponse):
    block_size = BLOCK_BYTES


def file_response(
    request: HttpRequest, stored_as: str, content_type: str, name: str, is_shown: bool, since: datetime
) -> HttpResponseBase:
    """A file, if the browser does not have it already.

    Args:
        stored_as: its name in the storage. The bytes behind a name never change.
        name: what it is saved as.
        is_shown: whether browsers may show it; otherwise they save it.
        since: when it was uploaded.

    Raises:
        FileNotFoundError: it is not in the storage.
    """
    etag = f'"{stored_as.rpartition("/")[2]}"'
    not_modified = get_conditional_response(request, etag=etag, last_modified=int(since.timestamp()))
    response = not_modified or _with_bytes(request, stored_as, etag, since)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(since.timestamp())
    response["Content-Type"] = content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response[HEADER] = POLICY
    if disposition := content_disposition_header(not is_shown, name):
        response["Content-Disposition"] = disposition
    patch_cache_control(response, private=True, no_cache=True)  # asked again each time: rights change
    return response


def _with_bytes(request: HttpRequest, stored_as: str, etag: str, since: datetime) -> HttpResponseBase:
    if settings.X_ACCEL_ADDRESS:
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = f"{settings.X_ACCEL_ADDRESS.rstrip('/')}/{stored_as}"
        return response
    file = default_storage.open(stored_as)
    size = file.size
    part = _part(request, size, {etag, http_date(since.timestamp())})
    if part is None and size > MAX_PART_BYTES:
        response = _Blocks(file)
    elif part is None:
        with file:
            response = HttpResponse(file.read())
    elif part[0] >= size:
        file.close()
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = _part_of(file, part, size)
    response["Accept-Ranges"] = "bytes"
    return response


def _part_of(file: IO[bytes], part: tuple[int, int], size: int) -> HttpResponse:
    first, last = part
    with file:
        file.seek(first)
        data = file.read(last - first + 1)
    return HttpResponse(data, status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}"})


def _part(request: HttpRequest, size: int, validators: set[str]) -> tuple[int, int] | None:
    """The first and the last byte that are asked for; None for the whole file.

    Several ranges at once, or one of an older file (`If-Range`), are answered with the whole file.
    """
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    expected = request.headers.get("If-Range")
    if request.method != "GET" or not found or (expected and expected not in validators):
        return None
    start, end = found.groups()
    if not start and not end:
        return None
    if not start:
        first, last = max(0, size - int(end)), size - 1
    else:
        first, last = int(start), min(int(end or size), size - 1)
        if end and int(end) < int(start):
            return None
    return first, min(last, first + MAX_PART_BYTES - 1)
