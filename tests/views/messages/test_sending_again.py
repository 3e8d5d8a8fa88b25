"""What was sent and is sent again, because the answer was lost, is answered as what it is: sent."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.forms.messages import composer
from messaging.http import rate_limits
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
both_ways = pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
Fields = dict[str, str]


@pytest.fixture
def fields() -> Fields:
    return {"content": "Land ho, once", "client_id": str(uuid.uuid4())}


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    rate_limits.fill_all_buckets()
    yield
    rate_limits.fill_all_buckets()


@pytest.fixture(params=["message", "reply"])
def address(request: pytest.FixtureRequest, room: Conversation, ben: User) -> str:
    if request.param == "message":
        return reverse("message_send", args=[room.pk])
    return reverse("message_reply", args=[post(room, ben, "root").pk])


def archive(room: Conversation, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Conversation.objects.filter(pk=room.pk).update(archived_at=timezone.now())


def remove_parents(room: Conversation, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for parent in Message.objects.filter(replies__isnull=False):
        parent.remove()


def empty_the_bucket(room: Conversation, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIMITS = {"send": (0, 0.01)}


def lower_the_limit(room: Conversation, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned = composer.clean_text
    monkeypatch.setattr(composer, "clean_text", lambda text: cleaned(text, max_length=3))


Change = Callable[[Conversation, Settings, pytest.MonkeyPatch], None]
CHANGES = [archive, remove_parents, empty_the_bucket, lower_the_limit]


@both_ways
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_since_a_message_that_was_sent_is_sent(
    as_ada: Client,
    room: Conversation,
    address: str,
    fields: Fields,
    headers: dict[str, str],
    change: Change,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = as_ada.post(address, fields, headers=headers)
    stored = Message.rows.count()
    change(room, settings, monkeypatch)
    again = as_ada.post(address, fields, headers=headers)
    assert again.status_code == first.status_code == (200 if headers else 302)
    assert again.headers.get("Location") == first.headers.get("Location")
    assert Message.rows.count() == stored
    other = as_ada.post(address, {**fields, "content": "Land ho, twice"}, headers=headers)
    assert (other.status_code, Page(other).field_value()) == (409, "Land ho, twice")


@both_ways
@pytest.mark.parametrize("content", ["Land ho, once", "guess", "x" * 10_001, " "])
def test_what_was_removed_since_is_answered_with_its_tombstone(
    as_ada: Client, room: Conversation, fields: Fields, headers: dict[str, str], content: str
) -> None:
    address = reverse("message_send", args=[room.pk])
    first = as_ada.post(address, fields, headers=headers)
    message = Message.objects.get()
    message.remove()
    again = as_ada.post(address, {**fields, "content": content}, headers=headers)
    assert again.status_code == first.status_code
    if headers:
        page = Page(again)
        assert "Message removed" in page.html
        assert "Land ho" not in page.html
        assert f'data-client="{fields["client_id"]}"' in page.html
    assert Message.rows.get().is_removed


def test_a_message_is_shown_in_its_own_place_when_its_id_is_sent_from_another(
    as_ada: Client, room: Conversation, direct: Conversation, fields: Fields, message: Message
) -> None:
    as_ada.post(reverse("message_send", args=[room.pk]), fields)
    sent = Message.objects.get(client_id=fields["client_id"])
    sent.remove()
    places = [reverse("message_send", args=[direct.pk]), reverse("message_reply", args=[message.pk])]
    for place in places:
        there = f"/conversations/{room.pk}/?around={sent.seq}#m-{sent.pk}"
        assert as_ada.post(place, fields)["Location"] == there
        part = as_ada.post(place, fields, headers=FRAGMENT)
        assert part.status_code == 200
        assert "hx-upsert" not in part.content.decode()
    assert not direct.messages.exists()


@both_ways
def test_a_former_member_cannot_tell_what_was_sent_from_what_was_not(
    as_ben: Client, ben: User, room: Conversation, fields: Fields, headers: dict[str, str]
) -> None:
    address = reverse("message_send", args=[room.pk])
    as_ben.post(address, fields)
    leave(room, ben)
    sent = as_ben.post(address, fields, headers=headers)
    unsent = as_ben.post(address, {**fields, "client_id": str(uuid.uuid4())}, headers=headers)
    assert (sent.status_code, unsent.status_code) == (404, 404)
    texts, others = ([element.text for element in Page(page).elements] for page in (sent, unsent))
    assert texts == others
    assert fields["content"] in texts


@pytest.mark.parametrize("missing", [{}, {"client_id": ""}, {"client_id": "none"}])
def test_scripts_send_with_an_id_and_plain_forms_may_do_without(
    as_ada: Client, address: str, missing: Fields
) -> None:
    if not missing and "reply" in address:  # the contract promises that this works
        assert as_ada.post(address, {"content": "Sent"}, headers=FRAGMENT).status_code == 200
        return
    stored = Message.objects.count()
    answer = as_ada.post(address, {"content": "Still here", **missing}, headers=FRAGMENT)
    page = Page(answer)
    assert (answer.status_code, page.field_value()) == (422, "Still here")
    assert uuid.UUID(page.field_value("client_id"))
    assert Message.objects.count() == stored
    if missing.get("client_id") != "none":
        assert as_ada.post(address, {"content": "Sent", **missing}).status_code == 302


@both_ways
def test_an_edit_that_was_stored_is_stored_also_in_a_room_that_was_archived_since(
    as_ada: Client, message: Message, room: Conversation, headers: dict[str, str]
) -> None:
    address = reverse("message_edit", args=[message.pk])
    edit = {"content": "Land ho!", "revision": 0}
    first = as_ada.post(address, edit, headers=headers)
    Conversation.objects.filter(pk=room.pk).update(archived_at=timezone.now())
    assert as_ada.post(address, edit, headers=headers).status_code == first.status_code
    assert as_ada.post(address, {"content": "No", "revision": 1}, headers=headers).status_code == 422
    assert message.history.count() == 1
