"""Ids of requests, and the log as JSON lines, which has nobody's words."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from messaging.http.request_log import HEADER, JsonFormatter, requests

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged, as JSON lines."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root, level = logging.getLogger(), requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield written
    requests.setLevel(level)
    root.removeHandler(handler)


def read(written: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_each_request_has_an_id_and_a_line_with_its_view(client: Client, lines: StringIO) -> None:
    first, second = client.get(reverse("account_login")), client.get(reverse("account_login"))
    assert len(first[HEADER]) == 32
    assert first[HEADER] != second[HEADER]
    line = read(lines)[0]
    assert line["request"] == first[HEADER]
    assert (line["method"], line["view"], line["status"]) == ("GET", "account_login", 200)
    assert isinstance(line["ms"], int)


@pytest.mark.parametrize(("sent", "is_taken"), [("edge-4f2a9c01", True), ("x", False), ("a\tb" * 9, False)])
def test_an_id_of_the_proxy_is_taken_if_it_looks_like_one(client: Client, sent: str, is_taken: bool) -> None:
    assert (client.get(reverse("account_login"), headers={HEADER: sent})[HEADER] == sent) is is_taken


def test_neither_paths_nor_words_are_logged(
    client: Client, lines: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/invitations/a-secret-token/").status_code in (302, 404)
    assert client.get("/no/such/secret-place/?q=words").status_code == 404

    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("what somebody wrote")

    monkeypatch.setattr("messaging.views.accounts.sign_in.SignIn.get", fail)
    client.raise_request_exception = False
    assert client.get(reverse("account_login")).status_code == 500
    error = next(line for line in read(lines) if "exception" in line)
    assert error["message"] == "Internal Server Error"
    assert error["view"] == "account_login"
    assert error["exception"] == "RuntimeError"
    assert "test_request_log.py" in str(error["places"])
    for secret in ("secret", "words", "somebody wrote"):
        assert secret not in lines.getvalue()


def test_texts_of_exceptions_are_not_logged(lines: StringIO) -> None:
    try:
        raise ValueError("what somebody wrote")
    except ValueError as error:
        logging.getLogger("messaging.live").warning("Something failed: %r", error)
        logging.getLogger("asyncio").exception("It failed\nfuture: %s", f"<Task {error!r}>")
    assert [line["message"] for line in read(lines)] == ["Something failed: 'ValueError'", "It failed"]
    assert "somebody" not in lines.getvalue()
