"""What waits for a person: which groups there are, in which order, with which numbers and messages."""

import pytest
from django.utils import timezone

from messaging.models import Conversation, Message, Notification, User
from messaging.models.inbox.sidebar import UNREAD_COUNTED, sidebar_of
from messaging.models.inbox.waiting import (
    PERSONAL_READ,
    SHOWN_OF_EACH,
    SHOWN_OF_OPENED,
    Filter,
    Group,
    choose_shown,
    groups_for,
)
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.growing import fill, write_roots
from tests.views.growing import write_replies as write_replies_without_notifications

read = Message.unread_messages.mark_as_read_for_user


def write_replies(root: Message, sender: User, reader: User, number: int) -> None:
    replies = write_replies_without_notifications(root, sender, number)
    notify(reader, replies, "reply")


def notify(reader: User, messages: list[Message], reason: str) -> None:
    Notification.objects.bulk_create(
        Notification(
            user=reader,
            message=one,
            conversation_id=one.conversation_id,
            thread_root_id=one.thread_root_id,
            reason=reason,
        )
        for one in messages
    )


def waiting(user: User, opened: str = "") -> list[Group]:
    groups = groups_for(sidebar_of(user))
    choose_shown(user.pk, groups, opened)
    return groups


def summary(user: User, opened: str = "") -> list[tuple[str, int | None, int, list[str]]]:
    """(conversation, thread, number, texts shown) of each group."""
    found = []
    for group in waiting(user, opened):
        texts = dict(Message.objects.filter(pk__in=group.shown).values_list("pk", "content"))
        shown = [texts[pk] for pk in group.shown]
        found.append((group.entry.title, group.place.thread, group.count, shown))
    return found


@pytest.fixture
def direct(ada: User, ben: User) -> Conversation:
    return Conversation.objects.direct(ada, ben)


@pytest.fixture
def quay(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(name="Quay", by=ada, members=[ben])


def test_mentions_and_direct_messages_come_first_then_threads_then_rooms(
    room: Conversation, quay: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    mine, other = post(room, ben, "mine"), post(room, ben, "my other")
    post(direct, ada, "between us")
    post(quay, ada, "to all")
    post(room, ada, "an answer", parent=mine)
    post(room, ada, "for @ben", parent=other)
    post(room, ada, "to all")
    assert summary(ben) == [
        ("garden", other.pk, 1, ["for @ben"]),
        ("Ada", None, 1, ["between us"]),
        ("garden", mine.pk, 1, ["an answer"]),
        ("garden", None, 1, ["to all"]),
        ("Quay", None, 1, ["to all"]),
    ]


def test_each_reply_is_counted_once_and_the_numbers_add_up_to_the_badges(
    room: Conversation, quay: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "root")
    write_replies(root, ada, ben, 4)
    write_roots(room, ada, 5)
    post(room, ada, "for @ben")
    write_roots(direct, ada, 2)
    post(direct, ada, "an answer", parent=post(direct, ben, "mine"))
    write_roots(quay, ada, 3)
    groups, sidebar = waiting(ben), sidebar_of(ben)
    by_conversation = {
        pk: sum(group.count for group in groups if group.place.conversation == pk) for pk in sidebar.entries
    }
    assert by_conversation == {pk: entry.unread for pk, entry in sidebar.entries.items()}
    assert sum(len(group.personal) for group in groups) == sidebar.personal == 8
    assert len({group.place for group in groups}) == len(groups) == 5


def test_new_messages_do_not_move_a_group(
    room: Conversation, quay: Conversation, ada: User, ben: User
) -> None:
    first, second = post(room, ben, "first"), post(quay, ben, "second")
    for root in (first, second):
        post(root.conversation, ada, "an answer", parent=root)
    before = [group.place for group in waiting(ben)]
    post(room, ada, "another", parent=first)
    post(room, ada, "and another", parent=first)
    assert [group.place for group in waiting(ben)] == before
    assert [place.thread for place in before] == [second.pk, first.pk]


def test_the_first_few_are_shown_and_of_an_opened_group_all(
    room: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    roots = [root.content for root in write_roots(room, ada, SHOWN_OF_EACH + 2)]
    letters = [root.content for root in write_roots(direct, ada, SHOWN_OF_EACH + 1)]
    shown = {title: texts for title, _, _, texts in summary(ben)}
    assert shown == {"garden": roots[:SHOWN_OF_EACH], "Ada": letters[:SHOWN_OF_EACH]}
    assert [texts for *_, texts in summary(ben, str(room.pk))] == [letters[:SHOWN_OF_EACH], roots]
    assert [texts for *_, texts in summary(ben, str(direct.pk))] == [letters, roots[:SHOWN_OF_EACH]]


def test_of_a_room_with_a_mention_the_mention_is_shown(room: Conversation, ada: User, ben: User) -> None:
    roots = [root.content for root in write_roots(room, ada, SHOWN_OF_EACH + 2)]
    post(room, ada, "for @ben")
    assert summary(ben) == [("garden", None, SHOWN_OF_EACH + 3, ["for @ben"])]
    assert summary(ben, str(room.pk))[0][3] == [*roots, "for @ben"]


@pytest.mark.parametrize(
    ("level", "texts"),
    [("all", ["for @ben", "to all"]), ("personal", ["for @ben"]), ("muted", ["for @ben"])],
)
def test_what_the_notification_level_leaves_out_does_not_wait(
    room: Conversation, ada: User, ben: User, level: NotificationLevel, texts: list[str]
) -> None:
    room.memberships.filter(user=ben).update(notification_level=level)
    post(room, ada, "for @ben")
    post(room, ada, "to all")
    assert [(count, sorted(shown)) for _, _, count, shown in summary(ben, str(room.pk))] == [
        (len(texts), texts)
    ]


@pytest.mark.parametrize(
    "end", [lambda room, ada, ben: leave(room, ben), lambda room, ada, ben: archive(room, ada)]
)
def test_nothing_waits_in_a_room_that_was_left_or_archived(
    room: Conversation, ada: User, ben: User, end: object
) -> None:
    post(room, ada, "for @ben")
    post(room, ada, "an answer", parent=post(room, ben, "root"))
    assert callable(end)
    end(room, ada, ben)
    assert waiting(ben) == []


def test_what_is_for_the_person_waits_in_a_muted_conversation_that_was_hidden_too(
    direct: Conversation, ada: User, ben: User
) -> None:
    post(direct, ada, "between us")
    direct.memberships.filter(user=ben).update(
        notification_level=NotificationLevel.MUTED, hidden_at=timezone.now()
    )
    assert [texts for *_, texts in summary(ben)] == [["between us"]]
    assert sidebar_of(ben).personal == 1


def test_removed_messages_and_read_ones_do_not_wait(room: Conversation, ada: User, ben: User) -> None:
    first, second, third = write_roots(room, ada, 3)
    first.remove()
    read(ben, [second.pk])
    assert [texts for *_, texts in summary(ben)] == [[third.content]]


def test_filters_show_what_they_say(
    room: Conversation, quay: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "root")
    post(room, ada, "an answer", parent=root)
    post(room, ada, "for @ben")
    post(quay, ada, "to all")
    post(direct, ada, "between us")
    found = {
        one: {(group.entry.title, group.place.thread) for group in waiting(ben) if one in group.is_in}
        for one in Filter
    }
    assert found == {
        Filter.FOR_ME: {("garden", root.pk), ("garden", None), ("Ada", None)},
        Filter.THREADS: {("garden", root.pk)},
        Filter.ROOMS: {("garden", None), ("Quay", None)},
    }


def test_a_room_with_many_unread_replies_only_has_no_group_of_its_own(
    room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "root")
    write_replies(root, ada, ben, UNREAD_COUNTED + 1)
    assert [(group.place.thread, group.count) for group in waiting(ben)] == [(root.pk, UNREAD_COUNTED + 1)]
    write_roots(room, ada, 2)
    assert [(group.place.thread, group.count) for group in waiting(ben)] == [
        (root.pk, UNREAD_COUNTED + 1),
        (None, 2),
    ]


def test_of_very_many_messages_for_the_person_the_newest_are_listed(
    direct: Conversation, ada: User, ben: User
) -> None:
    fill(direct, ada, PERSONAL_READ + 3)
    letters = list(Message.rows.filter(conversation=direct).order_by("pk"))
    notify(ben, letters, "direct")
    [group] = waiting(ben, str(direct.pk))
    assert group.shown == [one.pk for one in letters[3 : 3 + SHOWN_OF_OPENED]]


def test_it_takes_no_more_queries_for_more_groups_or_messages(ada: User, ben: User) -> None:
    costs = []
    for size in (1, 8):
        for _ in range(size):
            room = RoomFactory.create(by=ada, members=[ben])
            write_roots(room, ada, 4 * size)
            root = post(room, ben, "root")
            write_replies(root, ada, ben, 3 * size)
        sidebar = sidebar_of(ben)
        with statements() as found:
            choose_shown(ben.pk, groups_for(sidebar), str(room.pk))
        costs.append(len(found))
    assert costs[0] <= costs[1] <= 4
