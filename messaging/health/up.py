"""`GET /up`: 204 as long as the process runs. An ASGI application, which needs no worker and no database."""

from typing import Any, Final

from messaging.live.connection import Send

PATH: Final = "/up"
_HEADERS: Final = [(b"cache-control", b"no-store")]


async def application(scope: dict[str, Any], receive: object, send: Send) -> None:
    is_asked_rightly = scope["method"] in ("GET", "HEAD")
    status, more = (204, []) if is_asked_rightly else (405, [(b"allow", b"GET, HEAD")])
    await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS, *more]})
    await send({"type": "http.response.body", "body": b""})
