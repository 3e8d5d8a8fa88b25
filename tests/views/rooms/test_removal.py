"""Removing a room, and undoing that for thirty days."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from messaging.models import Conversation, Invitation, Membership, Message, User
from messaging.models.accounts.erasure import erase_removed_rooms
from messaging.models.db.refusals import Refused
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, add_people
from messaging.models.rooms.settings import remove_room, rename, undo_room_removal
from tests.factories import RoomFactory, UserFactory
from tests.views.rooms.helpers import acts, place, sidebar

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
ADMIN, MODERATOR, MEMBER = Membership.Role.ADMIN, Membership.Role.MODERATOR, Membership.Role.MEMBER


def test_removed_room_is_hidden_from_everybody_and_can_be_restored(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    post(room, ada, "Dear words")
    asked = as_ada.get(place("room_remove", room.pk)).content.decode()
    assert "1 message" in asked
    assert "2 members" in asked
    assert as_ada.post(place("room_remove", room.pk)).status_code == 302
    for client in (as_ada, as_ben):
        assert client.get(place("conversation", room.pk)).status_code == 404
        assert "Harbour" not in sidebar(client)
    assert "Harbour" in as_ada.get(place("removed_rooms")).content.decode()
    assert "Harbour" not in as_ben.get(place("removed_rooms")).content.decode()
    assert as_ben.post(place("room_undo_removal", room.pk)).status_code == 404
    assert as_ada.post(place("room_undo_removal", room.pk)).status_code == 302
    assert "Dear words" in as_ben.get(place("conversation", room.pk)).content.decode()
    assert dict(room.memberships.values_list("user", "role")) == {ada.pk: ADMIN, ben.pk: MEMBER}
    assert as_ada.post(place("room_undo_removal", room.pk)).status_code == 404
    assert acts() == ["removed_room", "undid_room_removal"]


def test_a_removed_public_room_cannot_be_opened_or_joined(as_stranger: Client, ada: User) -> None:
    square = RoomFactory.create(name="Square", by=ada)
    assert as_stranger.get(place("conversation", square.pk)).status_code == 200
    remove_room(square, ada)
    assert as_stranger.get(place("conversation", square.pk)).status_code == 404
    assert as_stranger.post(place("conversation_join", square.pk)).status_code == 404
    assert "Square" not in as_stranger.get(place("room_list")).content.decode()


def test_owner_restores_a_room_without_deleted_members(
    browser: Callable[..., Client], room: Conversation, ada: User, ben: User
) -> None:
    owner = UserFactory.create(role=User.Role.OWNER)
    remove_room(room, ada)
    ada.delete()
    assert browser(owner).post(place("room_undo_removal", room.pk)).status_code == 302
    assert list(room.memberships.values_list("user", flat=True)) == [ben.pk]


def test_removed_rooms_name_is_free_and_restoring_says_when_it_is_taken(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    remove_room(room, ada)
    other = Conversation.objects.create_room("harbour", by=ada)
    assert as_ada.post(place("room_undo_removal", room.pk)).status_code == 302
    assert "with this name" in as_ada.get(place("removed_rooms")).content.decode()
    assert not room.memberships.exists()
    rename(other, "Another", "", by=ada)
    as_ada.post(place("room_undo_removal", room.pk))
    assert room.memberships.exists()


def test_after_thirty_days_it_is_deleted_for_good(as_ada: Client, room: Conversation, ada: User) -> None:
    root = post(room, ada, "Dear words")
    for number in range(3):
        post(room, ada, f"reply {number}", parent=root)
    kept = RoomFactory.create(name="Kept", by=ada)
    post(kept, ada, "Kept words")
    remove_room(room, ada)
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        erase_removed_rooms.call()
        assert Conversation.objects.filter(pk=room.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        erase_removed_rooms.call()
    assert not Conversation.objects.filter(pk=room.pk).exists()
    assert list(Message.rows.values_list("content", flat=True)) == ["Kept words"]


def test_old_invitations_do_not_lead_into_a_removed_room(room: Conversation, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    kept = RoomFactory.create(name="Kept", by=ada)
    invitation, _ = Invitation.objects.invite(User.objects.get(pk=ada.pk), rooms=[room, kept], uses=None)
    remove_room(room, ada)
    mia = UserFactory.create(username="mia")
    assert invitation.add_to_rooms(mia) == [kept]
    assert not Conversation.objects.visible_to(mia).filter(pk=room.pk).exists()
    with pytest.raises(ValidationError):
        post(room, mia, "Anybody here?")
    with pytest.raises(Refused):
        add(room, mia)
    with pytest.raises(Refused):
        add_people(room, [mia], by=ada)


def test_using_an_invitation_does_not_stop_a_room_from_being_restored(
    room: Conversation, ada: User, ben: User
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    invitation, _ = Invitation.objects.invite(User.objects.get(pk=ada.pk), rooms=[room], uses=None)
    remove_room(room, ada)
    invitation.add_to_rooms(ben)
    undo_room_removal(Conversation.objects.get(pk=room.pk), ada)
    assert set(room.memberships.values_list("user", flat=True)) == {ada.pk, ben.pk}
