"""Permissions are checked against the current role, not against the one when the page was loaded."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import AuditEntry, Conversation, User
from messaging.models.conversations.permissions import can_administer
from messaging.models.db.refusals import Refused
from messaging.models.messages.permissions import can_remove
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add_invited, add_people, join
from messaging.models.rooms.settings import archive, remove_room, rename, unarchive, undo_room_removal
from tests.factories import RoomFactory, UserFactory

OWNER, MEMBER, GUEST = User.Role.OWNER, User.Role.MEMBER, User.Role.GUEST


def become(role: str, *people: User) -> None:
    """Change the role as another request would. The given instances keep the old one."""
    User.objects.filter(pk__in=[person.pk for person in people]).update(role=role)


def assert_refused(*acts: Callable[[], object]) -> None:
    for act in acts:
        with pytest.raises((Refused, ValidationError)):
            act()


def test_right_lost_meanwhile_does_not_count(ada: User, ben: User) -> None:
    room = RoomFactory.create(by=ada, members=[ben], is_private=True)
    square = RoomFactory.create(by=ada)
    gone = RoomFactory.create(by=ada)
    remove_room(gone, ada)
    message = post(room, ada, "Dear words")
    become(OWNER, ben)
    ben.refresh_from_db()
    assert room.allows(can_administer(ben))
    assert can_remove(message, ben)
    become(MEMBER, ben)
    assert_refused(
        lambda: archive(room, ben),
        lambda: rename(room, "Mine", "", by=ben),
        lambda: undo_room_removal(gone, ben),
        lambda: message.remove(by=ben, reason="mine"),
    )
    become(GUEST, ada, ben)
    assert_refused(
        lambda: join(square, ben),
        lambda: add_people(square, [ben], by=ada),
        lambda: add_invited(square, ben, by=ada),
        lambda: archive(square, ada),
        lambda: undo_room_removal(gone, ada),
    )
    become(MEMBER, ada)
    add_invited(square, ben, by=ada)
    undo_room_removal(gone, ada)


def test_removed_room_cannot_be_restored_after_thirty_days(ada: User) -> None:
    room, owner = RoomFactory.create(by=ada), UserFactory.create(role=OWNER)
    remove_room(room, ada)
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1), tick=False):
        for person in (ada, owner):
            assert not Conversation.objects.removal_undoable_by(person).exists()
            assert_refused(partial(undo_room_removal, room, person))
    assert Conversation.objects.removal_undoable_by(ada).get() == room


def test_archiving_or_unarchiving_twice_changes_nothing(ada: User, ben: User) -> None:
    room = RoomFactory.create(by=ada, members=[ben])

    def looks() -> tuple[object, ...]:
        now = Conversation.objects.values_list("archived_at", "version", "members_version").get(pk=room.pk)
        people = User.objects.order_by("pk").values_list("version", flat=True)
        return (*now, *people, AuditEntry.objects.count())

    for act in (unarchive, archive, unarchive):
        act(room, ada)
        before = looks()
        act(room, ada)
        assert looks() == before
        assert room.archived_at == before[0]
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == ["archived", "unarchived"]
    for act in (unarchive, archive):
        assert_refused(partial(act, room, ben))
