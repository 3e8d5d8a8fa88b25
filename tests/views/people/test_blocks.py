"""A person is blocked, listed, and unblocked; the cached lists are the same for everybody."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Block, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.rendering.personal_css import blocked_hash
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db


def test_a_person_is_blocked_and_unblocked(as_ada: Client, as_ben: Client, ada: User, ben: User) -> None:
    page, block = (reverse(name, args=[ben.pk]) for name in ("person", "person_block"))
    assert block in as_ada.get(page).content.decode()
    assert "They are not told" in as_ada.get(block).content.decode()
    assert not Block.objects.exists()
    assert as_ada.post(block)["Location"] == page
    assert "You blocked this person" in as_ada.get(page).content.decode()
    assert block not in as_ada.get(page).content.decode()
    assert ben.name in as_ada.get(reverse("block_list")).content.decode()
    assert "No blocked people" in as_ben.get(reverse("block_list")).content.decode()
    assert as_ada.post(reverse("person_unblock", args=[ben.pk]))["Location"] == page
    assert not Block.objects.exists()
    assert as_ada.post(reverse("person_block", args=[ada.pk])).status_code == 404


def test_the_stylesheet_hides_their_messages_only_for_the_person_who_blocked_them(
    as_ada: Client, as_ben: Client, ada: User, ben: User, room: Conversation
) -> None:
    place = reverse("blocked_stylesheet", args=[ada.pk])
    assert place not in as_ada.get(reverse("room_list")).content.decode()
    as_ada.post(reverse("person_block", args=[ben.pk]))
    page = as_ada.get(reverse("room_list")).content.decode()
    assert f"{place}?{blocked_hash()}.1" in page
    rules = as_ada.get(place)
    hidden = f'[data-author~="{ben.pk}"] :is(.prose, .long, .references, .files, .link-previews, .poll)'
    assert hidden in rules.content.decode()
    assert "private" in rules["Cache-Control"]
    assert as_ben.get(place).status_code == 404
    assert f'"{ada.pk}"' not in rules.content.decode()


def test_cached_list_is_equal_for_members_with_and_without_blocks(
    as_ada: Client, as_ben: Client, ben: User, room: Conversation
) -> None:
    post(room, ben, "Land ho")
    as_ada.post(reverse("person_block", args=[ben.pk]))
    place = reverse("message_list", args=[room.pk])
    answers = [one.get(place, headers=FRAGMENT).content for one in (as_ada, as_ben)]
    assert answers[0] == answers[1]
    assert b"Land ho" in answers[0]
    assert Message.objects.count() == 1
