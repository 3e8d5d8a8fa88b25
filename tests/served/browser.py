"""A person's browser at one of several servers: it keeps the connection, the sign-in, and what it may."""

from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlencode

from django.conf import settings

from tests.waiting import PATIENCE_SECONDS

TOKEN = "t" * 32  # a form's token is right when the cookie says the same; no server has to know it
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """As the test client names it."""

    status_code: int
    headers: HTTPMessage
    content: bytes


class Browser:
    """`session` is the cookie of who is signed in; without one it is a visitor's."""

    def __init__(self, address: str, session: str = "") -> None:
        self.connection = HTTPConnection(address, timeout=PATIENCE_SECONDS)
        self.cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session
        self._kept: dict[str, Answer] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, **fields: object) -> Answer:
        token = self.cookies[settings.CSRF_COOKIE_NAME]  # another one after a sign-in
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self._ask("POST", path, body, {"Content-Type": FORM})

    def look(self, path: str) -> Answer:
        """What is shown at a path: as a browser does, it asks whether what it has still holds."""
        known = self._kept.get(path)
        answer = self.get(path, **{"If-None-Match": known.headers["ETag"]} if known else {})
        if answer.status_code == 304 and known:
            return known
        if "ETag" in answer.headers:
            self._kept[path] = answer
        return answer

    def move_to(self, address: str) -> None:
        """To another server, with everything that it keeps."""
        self.connection.close()
        self.connection = HTTPConnection(address, timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookies})
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer


SignIn = Callable[..., Browser]  # `sign_in(address, ada)`: one in which she is signed in
