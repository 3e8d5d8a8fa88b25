"""Before many people are notified the sender is asked, and the text stays; who is offered behind an @."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Installation, Message, Notification, ScheduledMessage, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.views.growing import add_members
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db
TEXT = "Storm tonight, @room: come in"
YES, NO = {"group_mentions": "1"}, {"group_mentions": "0"}


@pytest.fixture
def room(room: Conversation) -> Conversation:
    """With 25 members."""
    add_members(room, 23)
    return room


def fields(**answer: str) -> dict[str, str]:
    return {"content": TEXT, "client_id": str(uuid.uuid4()), **answer}


def called() -> int:
    return Notification.objects.filter(reason="@room").count()


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
@pytest.mark.parametrize("view", ["message_send", "message_reply", "message_edit"])
def test_the_text_stays_with_the_question_and_either_answer_sends_it(
    as_ada: Client, room: Conversation, message: Message, view: str, headers: dict[str, str]
) -> None:
    address = reverse(view, args=[room.pk if view == "message_send" else message.pk])
    sent = fields(revision="0")
    asked = as_ada.post(address, sent, headers=headers)
    assert asked.status_code == 422
    page = Page(asked)
    assert "@room notifies 24 people." in page.html
    assert page.field_value("content").strip() == TEXT
    assert page.field_value("client_id" if view != "message_edit" else "revision") in sent.values()
    assert Message.rows.count() == 1
    assert as_ada.post(address, {**sent, **NO}, headers=headers).status_code in {200, 302}
    assert called() == 0
    assert Message.rows.filter(content=TEXT).exists()
    if view == "message_edit":  # what was left plain stays so; without it the text begins anew
        message.refresh_from_db()
        message.edit("Nobody")
    again = fields(content=f"{TEXT}!", revision="2", **YES)
    assert as_ada.post(address, again, headers=headers).status_code in {200, 302}
    assert called() == 24


def test_sending_again_after_a_lost_answer_asks_nothing_and_sends_nothing(
    as_ada: Client, room: Conversation
) -> None:
    address, sent = reverse("message_send", args=[room.pk]), fields(**YES)
    for _ in range(2):
        assert as_ada.post(address, sent, headers=FRAGMENT).status_code == 200
    assert (called(), Message.rows.count()) == (24, 1)


def test_who_may_not_is_told_so_and_can_send_without(as_ben: Client, room: Conversation, ben: User) -> None:
    address, sent = reverse("message_send", args=[room.pk]), fields()
    for answer in ({}, YES):
        refused = as_ben.post(address, {**sent, **answer})
        assert refused.status_code == 422
        page = Page(refused)
        assert "Only administrators and moderators can notify people with @room in this room." in page.html
        assert page.field_value("content").strip() == TEXT
        assert 'name="group_mentions" value="1"' not in page.html
    assert as_ben.post(address, {**sent, **NO}).status_code == 302
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    assert "Guests cannot notify people with @room." in Page(as_ben.post(address, fields())).html
    assert called() == 0


def test_nothing_is_asked_where_few_are_notified(as_ada: Client, direct: Conversation, ada: User) -> None:
    small = Conversation.objects.create_room(by=ada, name="Pier")
    add(small, UserFactory.create())
    for place in (small, direct):
        assert as_ada.post(reverse("message_send", args=[place.pk]), fields()).status_code == 302
    assert called() == 1


def test_a_poll_asks_too(as_ada: Client, room: Conversation) -> None:
    sent = {"question": TEXT, "choices": "Yes\nNo", "client_id": str(uuid.uuid4())}
    address = reverse("poll_new", args=[room.pk])
    asked = Page(as_ada.post(address, sent))
    assert "@room notifies 24 people." in asked.html
    assert asked.field_value("question").strip() == TEXT
    assert as_ada.post(address, {**sent, **YES}).status_code == 302
    assert called() == 24


def test_a_scheduled_message_is_confirmed_when_it_is_scheduled(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    address = reverse("message_schedule", args=[room.pk])
    sent = {**fields(), "when": "1"}
    asked = Page(as_ada.post(address, sent))
    assert "@room notifies 24 people." in asked.html
    assert asked.field_value("content").strip() == TEXT
    notice = as_ada.post(address, sent, headers=FRAGMENT)
    assert notice.status_code == 422
    assert "choose “At another time…”" in notice.content.decode()
    here = as_ada.post(address, {**sent, "content": "Is anybody @here?"})
    assert "@here cannot be sent later" in Page(here).html
    assert not ScheduledMessage.objects.exists()
    assert as_ada.post(address, {**sent, **YES}).status_code == 302
    one = ada.scheduled.get()
    Installation.objects.row().update(room_mentioners=Installation.RoomMentioners.MODERATORS)
    ada.memberships.update(role="member")
    as_ada.post(reverse("scheduled_send", args=[one.pk]))
    page = Page(as_ada.get(reverse("scheduled_list")))
    assert "You can no longer notify everybody there." in page.html
    ada.memberships.update(role="admin")
    as_ada.post(reverse("scheduled_send", args=[one.pk]))
    assert called() == 24


def test_those_are_here_who_have_a_page_open(
    as_ada: Client, room: Conversation, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for view in ("messages.group_mentions", "inbox.mentionable"):
        monkeypatch.setattr(f"messaging.views.{view}.present", lambda: {ada.pk, ben.pk})
    as_ada.post(reverse("message_send", args=[room.pk]), fields(content="Who is @here?"))
    assert [one.user for one in Notification.objects.filter(reason="@here")] == [ben]
    answer = as_ada.get(reverse("conversation_mentionable", args=[room.pk]), headers=FRAGMENT)
    html = answer.content.decode()
    assert html.index('"@ada"') < html.index('"@room"') < html.index('"@here"')
    assert "24 other people in this room" in html
    assert "1 other person who is here now" in html


def test_only_what_one_may_use_is_offered(
    as_ada: Client, as_ben: Client, room: Conversation, direct: Conversation
) -> None:
    def offered(client: Client, place: Conversation, **query: Any) -> str:
        address = reverse("conversation_mentionable", args=[place.pk])
        return client.get(address, query, headers=FRAGMENT).content.decode()

    assert 'data-text="@room"' in offered(as_ada, room, q="RO")
    assert 'data-text="@here"' not in offered(as_ada, room, q="ro")
    assert "data-many" not in offered(as_ben, room)
    assert "data-many" not in offered(as_ada, direct)


def test_preview_and_members_see_the_same_and_the_inbox_says_why(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User
) -> None:
    message = post(room, ada, TEXT)
    link = f'<a class="mention" href="{reverse("conversation_members", args=[room.pk])}"'
    preview = as_ada.post(reverse("conversation_preview", args=[room.pk]), fields(), headers=FRAGMENT)
    assert link in preview.content.decode()
    lists = [client.get(reverse("message_list", args=[room.pk])).content for client in (as_ada, as_ben)]
    assert lists[0] == lists[1]
    assert link in lists[0].decode()
    inbox = Page(as_ben.get(reverse("inbox"))).html
    assert "@room mentions everybody in this room" in inbox
    assert f'id="i-{message.pk}"' in inbox
