"""Requests that are too fast are refused, and no text is lost."""

import uuid
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.http import rate_limits
from messaging.http.failures import RETRY_AFTER_SECONDS
from messaging.models import Conversation, Invitation, Membership, Message, User
from messaging.models.people import avatars
from tests.factories import UserFactory, uploaded_picture
from tests.views.page import FRAGMENT, Answer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def low_limits(settings: Settings) -> Iterator[None]:
    settings.LIMITS = {"send": (2, 0.5), "edit": (1, 0.1), "picture": (1, 0.1), "invite": (1, 0.1)}
    settings.LIMITS["create"] = (1, 0.1)
    rate_limits.fill_all_buckets()
    yield
    rate_limits.fill_all_buckets()


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("me.png", uploaded_picture(), "image/png")


def send(client: Client, room: Conversation, text: str, **headers: str) -> Answer:
    form = {"content": text, "client_id": str(uuid.uuid4())}
    return client.post(reverse("message_send", args=[room.pk]), form, headers=headers)


def test_a_bucket_is_used_up_and_fills_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIMITS = {"send": (3, 0.5)}
    seconds = 0
    monkeypatch.setattr(rate_limits, "monotonic", lambda: seconds)
    assert [rate_limits.take_token("send", 1) for _ in range(4)] == [0, 0, 0, 2]
    assert rate_limits.take_token("send", 2) == 0  # each person has a bucket of their own
    seconds += 1
    assert rate_limits.take_token("send", 1) == 1
    seconds += 1
    assert [rate_limits.take_token("send", 1) for _ in range(2)] == [0, 2]
    seconds += 1000
    assert [rate_limits.take_token("send", 1) for _ in range(4)] == [
        0,
        0,
        0,
        2,
    ]  # never more than the bucket's size


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MAX_BUCKETS", 10)
    assert not any(rate_limits.take_token("send", user) for user in range(100))
    assert len(rate_limits._buckets) <= 10


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_sending_too_fast_is_refused(as_ada: Client, room: Conversation, headers: dict[str, str]) -> None:
    for number in range(2):
        assert send(as_ada, room, f"word {number}", **headers).status_code in (200, 302)
    refused = send(as_ada, room, "the third word", **headers)
    assert (refused.status_code, refused["Retry-After"]) == (429, "2")
    page = refused.content.decode()
    assert "the third word" in page
    assert "Too many requests" in page
    assert Message.objects.count() == 2


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_replying_too_fast_is_refused(as_ada: Client, message: Message, headers: dict[str, str]) -> None:
    place = reverse("message_reply", args=[message.pk])
    answers = [
        as_ada.post(place, {"content": f"word {number}", "client_id": str(uuid.uuid4())}, headers=headers)
        for number in range(3)
    ]
    assert answers[-1].status_code == 429
    assert "word 2" in answers[-1].content.decode()
    assert Message.objects.filter(parent_message=message).count() == 2


def test_editing_too_fast_is_refused(as_ada: Client, message: Message) -> None:
    place = reverse("message_edit", args=[message.pk])
    assert as_ada.post(place, {"content": "One", "revision": 0}).status_code == 302
    refused = as_ada.post(place, {"content": "Two and more", "revision": 1})
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    assert "Two and more" in refused.content.decode()
    message.refresh_from_db()
    assert message.content == "One"


def test_changing_the_picture_too_fast_is_refused(as_ada: Client, ada: User) -> None:
    form = {"display_name": "Ada", "theme": "dark"}
    assert as_ada.post(reverse("account"), {**form, "picture": upload()}).status_code == 302
    refused = as_ada.post(reverse("account"), {**form, "display_name": "Lady", "picture": upload()})
    assert refused.status_code == 429
    assert 'value="Lady"' in refused.content.decode()
    ada.refresh_from_db()
    assert ada.display_name == "Ada"
    assert as_ada.post(reverse("account"), form).status_code == 302  # without a new picture there is no limit


def test_picture_that_is_refused_costs_a_token_as_decoding_it_took_the_time(as_ada: Client) -> None:
    form = {"display_name": "Ada", "theme": "dark"}
    no_picture = SimpleUploadedFile("me.png", b"words", "image/png")
    assert as_ada.post(reverse("account"), {**form, "picture": no_picture}).status_code == 422
    assert as_ada.post(reverse("account"), {**form, "picture": upload()}).status_code == 429


def test_picture_is_refused_for_a_moment_while_others_are_decoded(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avatars, "_places", BoundedSemaphore(1))
    form = {"display_name": "Lady", "theme": "dark", "picture": upload()}
    with avatars._places:
        refused = as_ada.post(reverse("account"), form)
    assert (refused.status_code, refused["Retry-After"]) == (503, str(RETRY_AFTER_SECONDS))
    assert 'value="Lady"' in refused.content.decode()


def test_inviting_too_fast_is_refused(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    form = {"role": "member", "uses": "1", "days": "7"}
    assert as_ada.post(reverse("invitation_list"), form).status_code == 302
    assert as_ada.post(reverse("invitation_list"), form).status_code == 429
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("first", ["room", "group", "direct", "members"])
@pytest.mark.parametrize("second", ["room", "group", "direct", "members"])
def test_making_conversations_too_fast_is_refused(
    as_ada: Client, ada: User, ben: User, stranger: User, room: Conversation, first: str, second: str
) -> None:
    members = reverse("conversation_members", args=[room.pk])
    forms: dict[str, tuple[str, dict[str, Any]]] = {
        "room": (reverse("room_new"), {"name": "Quay", "topic": "Ships", "is_private": "public"}),
        "group": (reverse("conversation_new"), {"people": [ben.pk, stranger.pk]}),
        "direct": (reverse("conversation_new"), {"people": [stranger.pk]}),
        "members": (members, {"people": [stranger.pk]}),
    }
    address, fields = forms[first]
    assert as_ada.post(address, fields).status_code == 302
    stored = Conversation.objects.count(), Membership.objects.count()
    address, fields = forms[second]
    if first == second == "members":
        fields = {"people": [UserFactory.create().pk]}
    elif second == "room":
        fields = {**fields, "name": "Another quay"}
    refused = as_ada.post(address, fields)
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    page = refused.content.decode()
    assert "Too many requests" in page
    assert ("Another quay" if second == "room" else "checked") in page
    assert (Conversation.objects.count(), Membership.objects.count()) == stored


def test_invalid_messages_do_not_count_against_the_limit(as_ada: Client, room: Conversation) -> None:
    for _ in range(5):
        assert send(as_ada, room, " ").status_code == 422
    assert send(as_ada, room, "word").status_code == 302
