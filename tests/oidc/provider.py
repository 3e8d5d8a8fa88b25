"""An OpenID Connect provider on a port of this machine, and a dishonest network before its answers."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import oidc_provider_mock
import requests
import werkzeug.serving
import werkzeug.test

Tamper = Callable[[dict[str, Any]], dict[str, Any]]


class Provider:
    """A running provider, with people in it.

    Attributes:
        issuer: its address.
        tamper: changes the answers of the token endpoint; None if they stay as they are.
        tampers_user_info: changes those of the user info endpoint.
        tampers_discovery: changes the discovery document.
    """

    def __init__(self) -> None:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http, on this machine alone
        self.tamper: Tamper | None = None
        self.tampers_user_info: Tamper | None = None
        self.tampers_discovery: Tamper | None = None
        self._app: WSGIApplication = oidc_provider_mock.app()
        self._server = werkzeug.serving.make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def url(self, options: str = "") -> str:
        """The value of a variable PARLEY_OIDC_…."""
        return self.issuer.replace("://", "://parley:s%2Fcret@") + (f"?{options}" if options else "")

    def has(self, subject: str, **claims: Any) -> None:
        """Add somebody, or change what is known of them."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def agrees(self, address: str, subject: str) -> str:
        """Sign in there as this person, as their browser would. Returns where it is led back."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        return answer.headers["Location"]

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Any:
        path = environ["PATH_INFO"]
        tamper = {
            "/oauth2/token": self.tamper,
            "/userinfo": self.tampers_user_info,
            "/.well-known/openid-configuration": self.tampers_discovery,
        }.get(path)
        if tamper is None:
            return self._app(environ, start)
        body, status, headers = werkzeug.test.run_wsgi_app(self._app, environ, buffered=True)
        text = b"".join(body)
        if status.startswith("200"):
            text = json.dumps(tamper(json.loads(text))).encode()
        start(status, [one for one in headers if one[0].lower() != "content-length"])
        return [text]

    @contextmanager
    def running(self) -> Iterator["Provider"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield self
        self._server.shutdown()
        thread.join(10)
        self._server.server_close()
