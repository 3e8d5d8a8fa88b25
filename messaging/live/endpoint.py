"""The endpoint of the streams: `GET /live/?conversation=7&cursor=…`, an ASGI application and no Django view.

A Django view would hold a thread for as long as the stream is open, and after its first query a database
connection too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from messaging.http.content_policy import ContentPolicyMiddleware
from messaging.http.languages import language_of_browser
from messaging.live.connection import Connection, Send
from messaging.live.cursor import Cursor
from messaging.live.db_threads import read
from messaging.live.hub import Hub
from messaging.live.opening import Admission, admit
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.db.refusals import Refused

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
PATH = "/live/"
MAX_ATTEMPTS = 5
# The middleware that sets security headers. The rest of the middleware has nothing to do for a stream.
MIDDLEWARE = [
    kind(lambda request: HttpResponse())
    for kind in (ContentPolicyMiddleware, SecurityMiddleware, XFrameOptionsMiddleware)
]
REASONS = {
    400: "The request cannot be read.",
    401: "You are signed out.",
    404: "There is no such stream.",
    405: "Only GET is allowed.",
    503: "The server is busy. Try again in a moment.",
}


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve one stream until the browser or the server ends it."""
    try:
        request = _request_of(scope)
        conversation_id = _conversation_in(request)
        connection = await _open(request, conversation_id, send)
    except Refused as refused:
        await _refuse(scope, send, refused.status)
        return
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except asyncio.CancelledError:
        connection.end()
    finally:
        Hub.current().leave(connection)


async def _open(request: ASGIRequest, conversation_id: int | None, send: Send) -> Connection:
    hub = Hub.current()
    cursor = Cursor.parse(request.headers.get("Last-Event-ID") or request.GET.get("cursor", ""))
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not session_key.isalnum():
        raise Refused("signed_out", status=401)
    language = language_of_browser(request)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            admission: Admission = await read(admit, session_key, conversation_id, cursor, language)
        except DatabaseError as error:
            logger.warning("A stream could not be opened: %r", error)
            raise Refused("busy", status=503) from error
        if hub.is_closed:
            break
        if hub.is_stale(admission, conversation_id):
            continue
        # A page that is still behind after the last attempt is reset, and comes back with a newer cursor.
        if attempt == MAX_ATTEMPTS or not hub.is_behind(admission, conversation_id):
            is_visible = "Parley-Hidden" not in request.headers
            connection = Connection(send, admission.visitor, is_visible)
            connection.start(200, _headers(request, HttpResponse(content_type="text/event-stream")))
            hub.join(connection, admission, conversation_id)
            return connection
    raise Refused("busy", status=503)


def _request_of(scope: dict[str, Any]) -> ASGIRequest:
    try:
        return ASGIRequest(scope, BytesIO())
    except ValueError as error:  # a query string that is not UTF-8
        raise Refused("bad_request", status=400) from error


def _conversation_in(request: ASGIRequest) -> int | None:
    """The id of the requested conversation, if any.

    Raises:
        Refused: status 400, 404 or 405 if the request is not valid.
    """
    if request.path != PATH:
        raise Refused("not_found")
    if request.method != "GET":
        raise Refused("method", status=405)
    try:
        request.get_host()
        requested = request.GET.get("conversation")
    except (SuspiciousOperation, BadRequest, ValueError) as error:
        raise Refused("bad_request", status=400) from error
    if requested is None:
        return None
    is_number = requested.isascii() and requested.isdigit() and len(requested) <= 19
    if not is_number or not 0 < int(requested) <= LARGEST_ID:
        raise Refused("not_found")
    return int(requested)


async def _refuse(scope: dict[str, Any], send: Send, status: int) -> None:
    response = HttpResponse(REASONS[status], status=status, content_type="text/plain; charset=utf-8")
    if status == 405:
        response["Allow"] = "GET"
    if status == 503:
        response["Retry-After"] = "2"
    response["Content-Length"] = str(len(response.content))
    headers = _headers(ASGIRequest(scope | {"query_string": b""}, BytesIO()), response)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


def _headers(request: ASGIRequest, response: HttpResponse) -> list[tuple[bytes, bytes]]:
    """The headers of the response, with those that Django's middleware adds to every page."""
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx must not buffer the stream
    for middleware in MIDDLEWARE:
        middleware.process_response(request, response)
    return [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in response.items()]
