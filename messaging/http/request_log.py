"""The id of each request, and the log as JSON lines (`PARLEY_LOG=json`), which contains nobody's words.

A path can be a secret (the link of an invitation), and the message of an exception can quote what somebody
wrote. So a line of a request names its view, and an exception its class and its places in the code.
"""

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Request-ID"
_FORM: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_FRAMES: Final = 10
_current: ContextVar[str] = ContextVar("request id", default="")
requests = logging.getLogger("parley.requests")


class RequestLogMiddleware:
    """Gives each request and its response an id: the proxy's X-Request-ID, or a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(HEADER, "")
        name = sent if _FORM.fullmatch(sent) else uuid.uuid4().hex
        token, begun = _current.set(name), time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = name
            if requests.isEnabledFor(logging.INFO):
                took = round((time.perf_counter() - begun) * 1000)
                about = {"method": request.method, "status": response.status_code, "ms": took}
                requests.info("answered", extra={"about": about | {"view": view_name(request)}})
            return response
        finally:
            _current.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object for each record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if name := _current.get():
            line["request"] = name
        line |= getattr(record, "about", {})
        if isinstance(request := getattr(record, "request", None), HttpRequest):
            # Django's own message ends in the path.
            line["message"] = record.getMessage().partition(":")[0]
            line["view"] = view_name(request)
            line["status"] = getattr(record, "status_code", None)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-_FRAMES:]
            line["places"] = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return json.dumps(line)


def _message(record: logging.LogRecord) -> str:
    """The message, with the classes of exceptions instead of their texts. Below the first line other programs
    write values, for example of tasks that failed."""
    if not isinstance(record.args, tuple):
        return record.getMessage()
    shown = (type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
    text = str(record.msg) % tuple(shown) if record.args else str(record.msg)
    is_own = record.name.startswith("messaging")
    return text if is_own or not record.exc_info else text.partition("\n")[0]


def view_name(request: HttpRequest) -> str:
    """The name of the view of a request; "none" if no URL matched, or it is for a static file."""
    match = request.resolver_match
    return (match and match.view_name) or "none"
