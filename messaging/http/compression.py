"""Pages are compressed with a padding of random length, and not at all if they contain a secret.

The length of a compressed page depends on how much of it repeats. Somebody who puts words beside a secret,
as everybody in a room can, and sees how long the responses are, could guess the secret piece by piece
(BREACH). The padding hides small differences. What must not be stored (`no-store`), such as a page with a
link or a recovery code, is sent as it is (docs/decisions/0024-compressed-pages.md).
"""

import re
import secrets
from collections.abc import Callable
from typing import Final

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from messaging.caching.pages import PAGE_SECONDS, shared_key
from messaging.http.encodings import BROTLI, GZIP, Encoding

SHORTEST_BYTES: Final = 1000  # anything shorter takes one packet, compressed or not
MAX_PADDING_BYTES: Final = 100
TEXTS: Final = {"text/html", "text/css", "text/javascript"}
NOT_ACCEPTED: Final = re.compile(r"q=0(\.0*)?")


class CompressionMiddleware:
    """Compresses pages, parts of them, personal stylesheets and the service worker.

    It must be below the middleware of static files, which were compressed when they were collected.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        may_be_compressed = _may_be_compressed(response)
        if response.status_code == 304 or may_be_compressed:
            patch_vary_headers(response, ["Accept-Encoding"])
            if response.get("ETag", "").startswith('"'):  # the bytes differ with the encoding and the padding
                response["ETag"] = f"W/{response['ETag']}"
        if may_be_compressed:
            _compress(response, _encoding(request.headers.get("Accept-Encoding", "")))
        return response


def _may_be_compressed(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "").partition(";")[0]
    is_secret = "no-store" in response.get("Cache-Control", "")
    return kind in TEXTS and not (is_secret or response.streaming or response.has_header("Content-Encoding"))


def _encoding(accept_encoding: str) -> Encoding | None:
    """The best encoding that the header names and does not refuse (by the weight 0)."""
    accepted = set()
    for part in accept_encoding.lower().replace(" ", "").split(","):
        name, _, weight = part.partition(";")
        if not NOT_ACCEPTED.fullmatch(weight):
            accepted.add(name)
    return next((encoding for encoding in (BROTLI, GZIP) if encoding.name in accepted), None)


def _compress(response: HttpResponse, encoding: Encoding | None) -> None:
    if encoding is None or len(response.content) < SHORTEST_BYTES:
        return
    padded = encoding.pad(_compressed(response, encoding), secrets.randbelow(MAX_PADDING_BYTES + 1))
    if len(padded) < len(response.content):
        response.content = padded
        response["Content-Encoding"] = encoding.name
        response["Content-Length"] = str(len(padded))


def _compressed(response: HttpResponse, encoding: Encoding) -> bytes:
    """The compressed content, from the cache if others get the same."""
    key = shared_key(response)
    if key is None:
        return encoding.compress(response.content)
    key = f"{encoding.name}.{key}"
    stored: bytes | None = caches["pages"].get(key)
    if stored is None:
        stored = encoding.compress(response.content)
        caches["pages"].set(key, stored, PAGE_SECONDS)
    return stored
