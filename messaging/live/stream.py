"""The endpoint of the streams: `GET /live/?conversation=7&cursor=…`, straight on ASGI.

A Django view would hold a thread, and once it has asked anything a database connection, for as long as the
stream is open.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from messaging.live.connection import Connection, Send
from messaging.live.cursor import LARGEST, Cursor
from messaging.live.db_threads import read
from messaging.live.hub import Hub
from messaging.live.opening import Admission, admit
from messaging.models.db.refusals import Refused

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
PATH = "/live/"
TRIES = 5
# Those of Django's settings that write headers; nothing else of what they do concerns a stream.
MIDDLEWARE = [
    kind(lambda request: HttpResponse())
    for kind in (CSPMiddleware, SecurityMiddleware, XFrameOptionsMiddleware)
]
REASONS = {
    400: "Bad request.",
    401: "You are signed out.",
    404: "There is no such stream.",
    405: "Only GET is allowed here.",
    503: "Try again in a moment.",
}


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve one stream until one of the two ends it."""
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
        Hub.here().leave(connection)


async def _open(request: ASGIRequest, conversation_id: int | None, send: Send) -> Connection:
    hub = Hub.here()
    cursor = Cursor.parse(request.headers.get("Last-Event-ID") or request.GET.get("cursor", ""))
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not session_key.isalnum():
        raise Refused("signed_out", status=401)
    for _ in range(TRIES):
        try:
            admission: Admission = await read(admit, session_key, conversation_id, cursor)
        except DatabaseError as error:
            logger.warning("A stream could not be opened: %r", error)
            raise Refused("busy", status=503) from error
        if hub.is_closed:
            break
        if not hub.is_behind(admission, conversation_id):
            connection = Connection(send, admission.visitor)
            connection.start(200, _headers(request, HttpResponse(content_type="text/event-stream")))
            hub.join(connection, admission, conversation_id)
            return connection
    raise Refused("busy", status=503)


def _request_of(scope: dict[str, Any]) -> ASGIRequest:
    try:
        return ASGIRequest(scope, BytesIO())
    except ValueError as error:  # a query that is no UTF-8
        raise Refused("bad_request", status=400) from error


def _conversation_in(request: ASGIRequest) -> int | None:
    """The conversation that is asked for, if any.

    Raises:
        Refused: it is asked for in a way that cannot be answered.
    """
    if request.path != PATH:
        raise Refused("not_found")
    if request.method != "GET":
        raise Refused("method", status=405)
    try:
        request.get_host()
        asked = request.GET.get("conversation")
    except (SuspiciousOperation, BadRequest, ValueError) as error:
        raise Refused("bad_request", status=400) from error
    if asked is None:
        return None
    if not asked.isascii() or not asked.isdigit() or len(asked) > 19 or not 0 < int(asked) <= LARGEST:
        raise Refused("not_found")
    return int(asked)


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
    """The answer's own, and those that Django's middleware gives to every page."""
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx: pass on what comes as it comes
    for middleware in MIDDLEWARE:
        middleware.process_response(request, response)
    return [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in response.items()]
