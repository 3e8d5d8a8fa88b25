"""The response when something fails below the view."""

import errno
import logging
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, models
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.db.refusals import Gone, Refused

pytestmark = pytest.mark.django_db
VIEW = "messaging.views.rooms.members.join"


@pytest.fixture
def join(room: Conversation) -> str:
    return reverse("conversation_join", args=[room.pk])


def raising(error: Exception) -> Any:
    def act(*args: object) -> NoReturn:
        raise error

    return act


@pytest.mark.parametrize("error", [Message.DoesNotExist(), User.DoesNotExist("gone"), KeyError("a fault")])
def test_an_unexpected_error_is_a_500_with_a_traceback(
    as_ada: Client,
    join: str,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(VIEW, raising(error))
    as_ada.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="django.request"):
        assert as_ada.post(join).status_code == 500
    logged = [record.exc_info for record in caplog.records if record.exc_info]
    assert [exc_info[1] for exc_info in logged] == [error]


@pytest.mark.parametrize("error", [Gone(), Refused("rights")])
def test_a_refusal_that_reveals_nothing_is_a_404(
    as_ada: Client, join: str, error: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VIEW, raising(error))
    answer = as_ada.post(join)
    assert answer.status_code == 404
    assert "What I typed" in as_ada.post(join, {"content": "What I typed"}).content.decode()


def test_a_refusal_with_a_sentence_says_it_when_to_try_again_and_keeps_the_text(
    as_ada: Client, join: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VIEW, raising(Refused("busy", "Not now.", status=429, retry_after=7)))
    answer = as_ada.post(join, {"content": "What I typed"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "7")
    assert "Not now." in answer.content.decode()
    assert "What I typed" in answer.content.decode()


def test_lookups_answer_an_impossible_id_with_a_404(as_ada: Client) -> None:
    for name in ("conversation", "message", "person", "room_unarchive", "inbox_done"):
        for pk in (2**63, 10**30):
            method = as_ada.post if name.startswith(("room", "inbox")) else as_ada.get
            assert method(reverse(name, args=[pk])).status_code == 404
    assert isinstance(Message._meta.pk, models.BigAutoField)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyError("a fault"), 500),
        (OperationalError("database is locked"), 503),
        (OperationalError("database or disk is full"), 507),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
    ],
)
def test_a_failure_gives_back_what_was_typed(
    as_ada: Client, join: str, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VIEW, raising(error))
    as_ada.raise_request_exception = False
    answer = as_ada.post(join, {"content": "What I <typed>"})
    assert answer.status_code == status
    assert "What I &lt;typed&gt;" in answer.content.decode()
    assert "<textarea" not in as_ada.post(join).content.decode()


@pytest.mark.parametrize(
    ("origin", "is_given_back"), [("http://testserver", True), ("https://evil.example", False)]
)
def test_an_expired_page_gives_back_what_was_typed_to_this_site_only(
    ada: User, room: Conversation, origin: str, is_given_back: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    send = reverse("message_send", args=[room.pk])
    answer = client.post(send, {"content": "What I typed"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert ("What I typed" in answer.content.decode()) == is_given_back
