"""Notifications, beyond tests/contract: edits, muted and former members, marking many messages as read."""

from typing import Any

import pytest

from messaging.models import Conversation, Membership, Message, Notification, User
from messaging.models.db.batches import CHUNK
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import add, leave
from tests.factories import RoomFactory
from tests.models.growing import grow

mark_read = Message.unread_messages.mark_as_read_for_user
mark_unread = Message.unread_messages.mark_as_unread_for_user


def rows(user: User) -> list[tuple[Any, ...]]:
    found = Notification.objects.filter(user=user).order_by("message")
    return [(row.message.content, row.reason, row.is_read) for row in found.select_related("message")]


def versions() -> dict[int, int]:
    return dict(User.objects.values_list("pk", "version"))


def test_each_notification_has_its_reason(ada: User, ben: User, room: Conversation) -> None:
    root = post(room, ada, "to all")
    mine = post(room, ben, "mine", parent=root)
    post(room, ada, "an answer", parent=mine)
    post(room, ada, "for you, @ben")
    Message.objects.create(sender=ada, receiver=ben, content="between us")
    assert rows(ben) == [
        ("to all", "room", False),
        ("an answer", "reply", False),
        ("for you, @ben", "mention", False),
        ("between us", "direct", False),
    ]


def test_a_muted_member_has_notifications_too(ada: User, ben: User, room: Conversation) -> None:
    Membership.objects.filter(user=ben).update(notification_level=NotificationLevel.MUTED)
    post(room, ada, "words")
    assert rows(ben) == [("words", "room", False)]


def test_edit_that_mentions_a_reader_makes_it_unread_again(ada: User, ben: User, room: Conversation) -> None:
    message = post(room, ada, "words")
    mark_read(ben)
    message.edit("words for @ben")
    assert rows(ben) == [("words for @ben", "mention", False)]
    mark_read(ben)
    message.edit("other words for @ben")
    assert rows(ben) == [("other words for @ben", "mention", True)]


def test_deactivated_member_is_not_notified(ada: User, ben: User, room: Conversation) -> None:
    root = post(room, ben, "root")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    post(room, ada, "reply to @ben", parent=root)
    post(room, ada, "words").edit("words for @ben")
    assert rows(ben) == []


def test_usernames_of_non_members_are_not_revealed(ada: User, room: Conversation) -> None:
    stranger = User.objects.create_user("stranger")
    message = post(room, ada, "psst, @stranger and @nobody")
    message.edit("psst, @stranger!")
    assert rows(stranger) == []
    assert not message.mentions.exists()


def test_more_messages_are_marked_as_read_than_one_statement_can_hold(ada: User, ben: User) -> None:
    room = RoomFactory.create(by=ada, members=[ben])
    ids = grow(room, ada, [None] * (2 * CHUNK + 1))
    Notification.objects.bulk_create(
        Notification(user=ben, message_id=pk, conversation=room, reason="room") for pk in ids
    )
    Message.rows.update(read=False)
    assert mark_read(ben, ids[: CHUNK + 1]) == CHUNK + 1
    assert Message.unread_messages.count_for_user(ben) == CHUNK
    assert mark_read(ben) == CHUNK
    assert not Message.rows.filter(read=False).exists()


def test_an_empty_list_of_ids_marks_nothing(ada: User, ben: User, room: Conversation) -> None:
    post(room, ada, "words")
    assert mark_read(ben, []) == 0
    assert rows(ben) == [("words", "room", False)]


def test_ids_may_come_from_any_iterable_and_more_than_once(ada: User, ben: User, room: Conversation) -> None:
    message = post(room, ada, "words")
    assert mark_read(ben, (pk for pk in (message.pk, message.pk, 10**9))) == 1


@pytest.mark.parametrize(("number_unread", "steps"), [(2, 1), (0, 0)])
def test_reading_raises_the_persons_version_once_and_only_if_something_changes(
    ada: User, ben: User, room: Conversation, number_unread: int, steps: int
) -> None:
    for number in range(number_unread):
        post(room, ada, f"words {number}")
    before, place = versions(), Conversation.objects.get(pk=room.pk).version
    assert mark_read(ben) == number_unread
    assert versions() == before | {ben.pk: before[ben.pk] + steps}
    assert Conversation.objects.get(pk=room.pk).version == place


def test_marking_as_unread_is_the_reverse_and_updates_message_read(
    ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    message = post(room, ada, "words")
    mark_read(ben)
    mark_read(cleo)
    before = versions()
    assert mark_unread(ben, [message.pk]) == 1
    assert versions() == before | {ben.pk: before[ben.pk] + 1}
    assert Message.objects.get(pk=message.pk).read is False
    assert rows(cleo) == [("words", "room", True)]
    assert mark_unread(ben, [message.pk]) == 0
    assert mark_unread(ada, [message.pk]) == 0
    assert versions()[ben.pk] == before[ben.pk] + 1


def test_a_notification_stores_the_thread_root(ada: User, ben: User, room: Conversation) -> None:
    root = post(room, ben, "root")
    first = post(room, ada, "first", parent=root)
    post(room, ada, "below", parent=first)
    post(room, ada, "elsewhere").edit("elsewhere, @ben")
    found = Notification.objects.filter(user=ben).order_by("message")
    assert [row.thread_root_id for row in found] == [root.pk, root.pk, None]


def test_read_flag_does_not_wait_for_former_members(
    ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    message = post(room, ada, "words")
    mark_read(cleo)
    leave(room, ben)
    assert Message.objects.get(pk=message.pk).read
    add(room, ben)
    assert rows(ben) == []
