"""The people who are offered behind an @, as options."""

from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.factories import UserFactory
from tests.views.page import FRAGMENT


def options(client: Client, conversation: Conversation, **query: str) -> str:
    address = reverse("conversation_mentionable", args=[conversation.pk])
    return client.get(address, query, headers=FRAGMENT).content.decode()


def test_members_and_others_are_told_apart(as_ada: Client, room: Conversation) -> None:
    UserFactory.create(username="zoe", display_name="Zoë <b>Ng</b>")
    html = options(as_ada, room)
    assert html.index('data-text="@ben"') < html.index('data-text="@ada"') < html.index('data-text="@zoe"')
    assert html.count("not in this room") == 1
    assert "Zoë &lt;b&gt;Ng&lt;/b&gt;" in html
    assert 'data-names="zoe\nzoe &lt;b&gt;ng&lt;/b&gt;"' in html
    assert "<b>" not in html
    assert 'data-text="@zoe"' in options(as_ada, room, q="ZOE")
    assert "data-text" not in options(as_ada, room, q="nobody")


def test_a_reply_and_an_edit_offer_who_is_in_the_thread_first(
    as_ada: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    reply = post(room, ben, "In the thread", parent=message)
    post(room, ada, "Later, and not in it")
    for one in (message, reply):
        html = as_ada.get(reverse("message_mentionable", args=[one.pk]), headers=FRAGMENT).content.decode()
        assert html.index('data-text="@ben"') < html.index('data-text="@ada"')


def test_what_has_not_changed_is_not_sent_again(as_ada: Client, room: Conversation, ben: User) -> None:
    address = reverse("conversation_mentionable", args=[room.pk])
    first = as_ada.get(address)
    again = {"If-None-Match": first["ETag"]}
    assert "no-cache" in first["Cache-Control"]
    assert as_ada.get(address, headers=again).status_code == 304
    leave(room, ben)
    changed = as_ada.get(address, headers=again)
    assert changed.status_code == 200
    assert "not in this room" in changed.content.decode()


def test_who_may_add_people_is_told_where(
    as_ada: Client, as_ben: Client, room: Conversation, direct: Conversation
) -> None:
    add = f'data-add="{reverse("conversation_members", args=[room.pk])}"'
    assert add in options(as_ada, room)
    assert "data-add" not in options(as_ben, room)  # the room is private, and has an administrator
    assert "data-add" not in options(as_ada, direct)
