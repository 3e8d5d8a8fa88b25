"""A provider, or somebody on the way to it, that answers too much, too slowly or with another address."""

import gzip
from collections.abc import Iterable, Iterator
from threading import Event, Thread
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests
import werkzeug.serving
from allauth.socialaccount.adapter import get_adapter

from messaging.auth import provider_requests
from messaging.auth.id_tokens import NotTrusted, fetch_json

STOPPED = Event()
LONG = b'{"a": "' + b"x" * 2_000_000 + b'"}'


def slowly(text: bytes) -> Iterator[bytes]:
    for number in range(len(text)):
        STOPPED.wait(0.2)
        yield text[number : number + 1]


def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "application/json")]
    if path == "/redirect":
        start("307 Temporary Redirect", [*headers, ("Location", "/good")])
        return [b"{}"]
    if path == "/silent":
        STOPPED.wait(3)
    packed = [("Content-Encoding", "gzip")] if path in {"/packed", "/bomb"} else []
    start("200 OK", [*headers, *packed])
    bodies = {"/long": LONG, "/bomb": gzip.compress(LONG), "/deep": b"[" * 200_000}
    bodies["/packed"] = gzip.compress(b'{"a": 1}')
    return slowly(b'{"a": 1}         ') if path == "/slow" else [bodies.get(path, b'{"a": 1}')]


@pytest.fixture(scope="module")
def there() -> Iterator[str]:
    """The address of a server."""
    server = werkzeug.serving.make_server("127.0.0.1", 0, answer, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    STOPPED.set()
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_an_answer_as_it_should_be(there: str) -> None:
    assert fetch_json(f"{there}/good") == {"a": 1}
    assert fetch_json(f"{there}/packed") == {"a": 1}


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/redirect", provider_requests.Redirected),
        ("/long", provider_requests.AnswerTooLong),
        ("/bomb", provider_requests.AnswerTooLong),
        ("/deep", NotTrusted),
    ],
)
def test_an_answer_that_leads_elsewhere_or_is_too_big(there: str, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        fetch_json(there + path)


@pytest.mark.parametrize("path", ["/slow", "/silent"])
def test_an_answer_that_takes_too_long_in_all(there: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_requests, "SECONDS", 0.5)
    with pytest.raises(requests.Timeout):
        fetch_json(there + path)


def test_a_code_is_exchanged_within_the_same_limits(there: str) -> None:
    with get_adapter().get_requests_session() as session:
        assert session.request("POST", f"{there}/good", data={"code": "1"}, auth=None).json() == {"a": 1}
        with pytest.raises(provider_requests.Redirected):
            session.request("POST", f"{there}/redirect", data={"code": "1"})
