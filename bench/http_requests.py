"""The bytes of requests, as a browser sends them."""

from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

NextRequest = Callable[[], bytes]  # returns the bytes of the next request
TOKEN = "t" * 32  # a CSRF token is valid if the cookie contains the same
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def get(path: str, cookies: dict[str, str], **headers: str) -> NextRequest:
    """The same request again and again."""
    same = request("GET", path, cookies, headers)
    return lambda: same


def send(path: str, cookies: dict[str, str]) -> NextRequest:
    """Requests that send one message each, as the page's script does."""
    numbers = count()

    def next_request() -> bytes:
        return form(path, cookies, {"content": f"Message {next(numbers)}", "client_id": uuid4()})

    return next_request


def form(path: str, cookies: dict[str, str], fields: Mapping[str, object]) -> bytes:
    """A form that htmx posts."""
    headers = {**PARTIAL, "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
    return request("POST", path, cookies, headers, urlencode(fields).encode())


def request(
    method: str, path: str, cookies: dict[str, str], headers: dict[str, str], body: bytes = b""
) -> bytes:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    lines = {"Host": "127.0.0.1", "Cookie": cookie, **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body
