"""The personal export and the audit log name no private room whose name the reader may not know."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import AuditEntry, Conversation, User
from messaging.models.accounts.personal_data import own_messages
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave, remove_member
from messaging.models.rooms.settings import remove_room
from tests.factories import RoomFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
SECRET = "Ben is to go"


def rename(room: Conversation) -> None:
    room.name = SECRET
    room.save()


@pytest.mark.parametrize(
    ("is_private", "leaves", "is_named"),
    [(True, True, False), (True, False, True), (False, True, True), (False, False, True)],
)
def test_the_export_names_rooms_that_the_person_is_in_or_may_join(
    ada: User, ben: User, is_private: bool, leaves: bool, is_named: bool
) -> None:
    room = RoomFactory.create(name="Harbour", by=ada, members=[ben], is_private=is_private)
    post(room, ben, "Mine")
    if leaves:
        leave(room, ben)
    rename(room)
    (line,) = own_messages(ben)
    assert json.loads(line)["conversation"] == (SECRET if is_named else "room")


def test_the_export_of_a_guest_names_no_public_room_that_they_left(ada: User, ben: User) -> None:
    room = RoomFactory.create(name="Harbour", by=ada, members=[ben])
    post(room, ben, "Mine")
    leave(room, ben)
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    ben.refresh_from_db()
    rename(room)
    (line,) = own_messages(ben)
    assert json.loads(line)["conversation"] == "room"


@pytest.mark.parametrize(
    ("is_private", "is_member", "is_named"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_the_log_names_rooms_that_the_administrator_is_in_or_may_join(
    as_ada: Client, ada: User, ben: User, is_private: bool, is_member: bool, is_named: bool
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    members = [ada] if is_member else []
    room = RoomFactory.create(name=SECRET, by=ben, members=members, is_private=is_private)
    AuditEntry.objects.record(ben, AuditEntry.Act.ARCHIVED, conversation=room)
    log = audit_log(as_ada)
    assert (SECRET in log) is is_named
    assert ("a room that you cannot see" in log) is not is_named


@pytest.mark.parametrize(
    ("is_private", "is_banned", "is_owner", "is_named"),
    [
        (False, False, False, True),
        (False, True, False, False),
        (True, False, False, False),
        (True, False, True, True),  # owners can restore every room
    ],
)
def test_the_log_names_removed_rooms_that_the_administrator_could_join_or_can_restore(
    as_ada: Client, ada: User, ben: User, is_private: bool, is_banned: bool, is_owner: bool, is_named: bool
) -> None:
    role = User.Role.OWNER if is_owner else User.Role.ADMINISTRATOR
    User.objects.filter(pk=ada.pk).update(role=role)
    room = RoomFactory.create(name=SECRET, by=ben, members=[ada] if is_banned else [], is_private=is_private)
    if is_banned:
        remove_member(room, ada, by=ben)
    remove_room(room, by=ben)
    assert (SECRET in audit_log(as_ada)) is is_named


def audit_log(client: Client) -> str:
    page = client.get(reverse("audit_log")).content.decode()
    return page[page.index("What administrators and moderators did") :]
