"""What the log says: one line for each thing that happened, and nobody's words or secrets."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User

pytestmark = pytest.mark.django_db


def test_a_path_cannot_begin_a_line_of_its_own(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("/x%0d%0aERROR%20all%20is%20lost/", "/x%0aERROR%20all%20is%20lost/", "/x%1b[31m/"):
        assert client.get(path).status_code == 404
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 3
    assert not [line for line in told if set(line) & {"\r", "\n", "\x1b"}]


def test_logs_hold_no_words_no_passwords_and_no_searches(
    as_ada: Client, client: Client, room: Conversation, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    ada.set_password("three grey seals")
    ada.save()
    as_ada.force_login(ada)
    as_ada.raise_request_exception = False
    answers = [
        as_ada.post(reverse("message_send", args=[room.pk]), {"content": "canary" * 2_000}),
        as_ada.post(reverse("message_send", args=[4711]), {"content": "canary"}),
        as_ada.get(reverse("person_list"), {"q": "canary\x00"}),
        as_ada.get("/nowhere/", {"q": "canary"}),
        as_ada.post(reverse("account_email"), {"email": "canary", "password": "canary"}),
        client.post(reverse("account_login"), {"login": "ada", "password": "canary"}),
    ]
    assert [answer.status_code for answer in answers] == [422, 404, 200, 404, 422, 200]
    told = [record.getMessage() for record in caplog.records]
    assert [line for line in told if "/nowhere/" in line]
    assert [line for line in told if "canary" in line] == []
