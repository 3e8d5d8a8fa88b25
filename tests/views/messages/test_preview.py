"""The preview of a text: as the message will be, without writing anything."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from messaging.models import Conversation, Message, Notification, User
from messaging.models.messages.managing_emoji import retire_emoji
from messaging.models.messages.saving import post
from messaging.models.people.managing_groups import add_to_group, create_group
from tests.factories import custom_emoji
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
TEXT = "**High** water, @ben and @nobody"


def test_it_shows_what_the_message_will_be_and_stores_nothing(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "Tides?")
    before = Notification.objects.count()
    html = post(room, ada, TEXT).content_html
    for name, pk in (("conversation_preview", room.pk), ("message_preview", root.pk)):
        with CaptureQueriesContext(connection) as queries:
            answer = as_ada.post(reverse(name, args=[pk]), {"content": TEXT}, headers=FRAGMENT)
        assert answer.status_code == 200
        assert f'<div class="prose" dir="auto">{html}</div>' in answer.content.decode()
        assert not [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert Message.objects.count() == 2
    assert Notification.objects.count() == before + 1


def test_a_guest_does_not_learn_that_a_group_exists(
    as_ada: Client, as_ben: Client, room: Conversation, ben: User, stranger: User
) -> None:
    boss = User.objects.create_user("boss", role=User.Role.ADMINISTRATOR)
    add_to_group(create_group(boss, "strangers", "Strangers"), [stranger], boss)
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    address, text = reverse("conversation_preview", args=[room.pk]), {"content": "@strangers"}
    assert 'href="/groups/' in as_ada.post(address, text, headers=FRAGMENT).content.decode()
    assert 'href="/groups/' not in as_ben.post(address, text, headers=FRAGMENT).content.decode()


def test_it_says_why_a_text_cannot_be_sent(as_ada: Client, room: Conversation, settings: Settings) -> None:
    address = reverse("conversation_preview", args=[room.pk])
    for text, error in ((" ", "Enter some visible text."), ("x" * 10_001, "the limit is 10,000")):
        answer = as_ada.post(address, {"content": text}, headers=FRAGMENT)
        assert answer.status_code == 422
        assert error in answer.content.decode()
    settings.LIMITS = {**settings.LIMITS, "preview": (0, 0.1)}
    answer = as_ada.post(address, {"content": "x"}, headers=FRAGMENT)
    assert (answer.status_code, answer["Retry-After"]) == (429, "10")


def test_it_shows_the_custom_emoji_that_the_message_will_show(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    ferry = custom_emoji("ferry")
    message = post(room, ada, ":ferry:")
    assert 'class="large-emoji"' in message.content_html
    here, there = (
        reverse("conversation_preview", args=[room.pk]),
        reverse("message_preview", args=[message.pk]),
    )
    assert ferry.added_by

    def is_shown(address: str, **values: str) -> bool:
        answer = as_ada.post(address, {"content": ":ferry:", **values}, headers=FRAGMENT)
        return message.content_html in answer.content.decode()

    assert is_shown(here)
    assert is_shown(there)
    retire_emoji(ferry, ferry.added_by)
    assert not is_shown(here)
    assert not is_shown(there)
    assert is_shown(there, revision="1")  # an edit keeps it
