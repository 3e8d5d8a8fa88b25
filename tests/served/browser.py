"""A person's browser at one of several servers: its connection, cookies and cached responses."""

from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlencode

from django.conf import settings

from tests.views.page import FRAGMENT
from tests.waiting import PATIENCE_SECONDS

TOKEN = "t" * 32  # Django compares a form's token only with the cookie
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """A response, with the attribute names of Django's test client."""

    status_code: int
    headers: HTTPMessage
    content: bytes


class Browser:
    """`session` is a session cookie; without one nobody is signed in."""

    def __init__(self, address: str, session: str = "") -> None:
        self.connection = HTTPConnection(address, timeout=PATIENCE_SECONDS)
        self.cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session
        self._cached: dict[str, Answer] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._request("GET", path, b"", headers)

    def post(self, path: str, **fields: object) -> Answer:
        return self._request("POST", path, self._form(fields), {"Content-Type": FORM})

    def post_by_script(self, path: str, **fields: object) -> Answer:
        """Post as the scripts of a page do, which ask for a part of it."""
        return self._request("POST", path, self._form(fields), {"Content-Type": FORM, **FRAGMENT})

    def get_cached(self, path: str) -> Answer:
        """Get a page with the browser's cache: sends If-None-Match, returns the cached response on a 304."""
        known = self._cached.get(path)
        answer = self.get(path, **{"If-None-Match": known.headers["ETag"]} if known else {})
        if answer.status_code == 304 and known:
            return known
        if "ETag" in answer.headers:
            self._cached[path] = answer
        return answer

    def move_to(self, address: str) -> None:
        """Connect to another server, with the same cookies and cache."""
        self.connection.close()
        self.connection = HTTPConnection(address, timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        self.connection.close()

    def _form(self, fields: dict[str, object]) -> bytes:
        token = self.cookies[settings.CSRF_COOKIE_NAME]  # a sign-in changes it
        return urlencode({"csrfmiddlewaretoken": token, **fields}).encode()

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookies})
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer


SignIn = Callable[..., Browser]  # `sign_in(address, ada)`: one in which she is signed in
