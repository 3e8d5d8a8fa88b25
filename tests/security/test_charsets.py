"""Texts are UTF-8, whatever a request claims: some of Python's codecs raise before a view could answer.

The tests call the WSGI application, because Django reads the charset while it builds the request.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message
from site_config.wsgi import application

# The server closes its connections after each request, which would end a transaction around the test.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
CODECS = ["hex", "rot13", "base64", "idna", "punycode", "undefined", "utf-7", "utf-16", "unicode_escape"]
PARAMETERS = [f"charset={codec}" for codec in CODECS] + [
    "charset=x\x00",
    "charset*=utf-8''hex",
    'CHARSET="hex"',
]
PART = b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\n%b\r\n--x--\r\n'


@pytest.fixture
def ask(as_ada: Client) -> Callable[..., str]:
    """Calls the WSGI application itself, and returns its status line."""
    token = "t" * 32
    session = as_ada.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"

    def ask(method: str, path: str, content_type: str, body: bytes = b"") -> str:
        path, _, query = path.partition("?")
        environment: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_COOKIE": cookies,
            "HTTP_X_CSRFTOKEN": token,
            "wsgi.input": BytesIO(body),
        }
        setup_testing_defaults(environment)
        statuses: list[str] = []
        started: Any = lambda status, headers, failure=None: statuses.append(status)  # noqa: E731
        b"".join(application(environment, started))
        return statuses[0]

    return ask


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_form_is_read_as_utf_8(ask: Callable[..., str], room: Conversation, parameter: str) -> None:
    place, body = reverse("message_send", args=[room.pk]), PART % "Grüße \\ud800 +AC0-".encode()
    assert ask("POST", place, f"multipart/form-data; boundary=x; {parameter}", body) == "302 Found"
    assert Message.objects.get().content == "Grüße \\ud800 +AC0-"


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_an_address_is_read_as_utf_8(ask: Callable[..., str], room: Conversation, parameter: str) -> None:
    place = reverse("message_list", args=[room.pk])
    for query in ("", "before=1", "before=%FF%FE", "before=%zz", "%00=%00"):
        assert ask("GET", f"{place}?{query}", f"text/plain; {parameter}") == "200 OK"
