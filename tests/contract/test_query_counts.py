"""The same number of queries for 10 and 20 and for 1,000 messages, at depth 3 and at depth 1,000."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from messaging.models import Conversation, Membership, Message, Notification, ThreadedMessage, User
from messaging.models.messages.saving import post
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import write_replies

Action = Callable[["Talk"], object]


class Talk:
    """Ada answers ben, beneath one root or beneath several, in a direct conversation or in a room."""

    def __init__(self, place: str) -> None:
        self.ada, self.ben = UserFactory.create(), UserFactory.create()
        if place == "room":
            self.place = RoomFactory.create(by=self.ada, members=[self.ben])
        else:
            self.place = Conversation.objects.direct(self.ada, self.ben)
        self.last = self.root = post(self.place, self.ben, "root")

    def grow(self, roots: int, depth: int) -> "Talk":
        """More roots, each with a chain of that many replies."""
        for _ in range(roots):
            self.last = self.root = post(self.place, self.ben, "root")
            for number in range(depth):
                self.last = post(self.place, self.ada, f"reply {number}", parent=self.last)
        return self

    def deepen(self, depth: int) -> "Talk":
        """One more root with a chain of that many replies, written in bulk, because `post()` in one long
        transaction gets slower with every message."""
        self.grow(roots=1, depth=0)
        receiver = self.ben if self.place.is_direct else None
        chain = write_replies(self.root, self.ada, depth, in_a_chain=True)
        self.last = chain[-1]
        replies = Message.rows.filter(thread_root=self.root)
        replies.update(receiver=receiver, read=False)
        about = {
            "conversation": self.place,
            "thread_root": self.root,
            "reason": "direct" if receiver else "reply",
        }
        Notification.objects.bulk_create(Notification(user=self.ben, message=one, **about) for one in chain)
        return self


@pytest.fixture(scope="module", params=["direct", "room"])
def talks(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[int, Talk]]:
    """Talks of some 10, 20 and 1,000 messages, the last with a thread of depth 1,000; made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {
            10: Talk(request.param).grow(roots=2, depth=3),
            20: Talk(request.param).grow(roots=4, depth=3),
            1000: Talk(request.param).grow(roots=8, depth=3).deepen(1000),
        }
        transaction.set_rollback(True)


def unread(talk: Talk) -> int:
    found = Message.unread_messages.for_user(talk.ben)
    return len([(str(message.sender), message.content, str(message.conversation)) for message in found])


def threaded_conversation(talk: Talk) -> int:
    waiting = list(ThreadedMessage.get_threaded_conversation(talk.ada, talk.ben))
    seen = 0
    while waiting:
        message = waiting.pop()
        assert message.sender is not None
        assert (message.depth == 0) == (message.parent_message_id is None)
        waiting += message.answers
        seen += 1
    return seen


def thread(talk: Talk) -> int:
    found = ThreadedMessage.get_message_thread(talk.root.pk)
    return len([(str(one.sender), one.depth, len(one.answers)) for one in found])


def send_root(talk: Talk) -> Message:
    return Message.objects.create(sender=talk.ada, conversation=talk.place, content="one more root")


def send_reply(talk: Talk) -> Message:
    last = Message.objects.get(pk=talk.last.pk)
    return Message.objects.create(
        sender=talk.ben, conversation=talk.place, content="one more reply", parent_message=last
    )


def edit(talk: Talk) -> None:
    message = Message.objects.get(pk=talk.last.pk)
    message.content = "another text"
    message.save()


def counts(talks: dict[int, Talk], act: Action) -> dict[int, int]:
    """The number of SQL statements for each talk. Writes are rolled back."""
    found = {}
    for size, talk in talks.items():
        with transaction.atomic():
            with statements() as asked:
                act(talk)
            transaction.set_rollback(True)
        found[size] = len(asked)
    return found


def test_the_talks_are_as_long_and_as_deep_as_they_say(talks: dict[int, Talk]) -> None:
    assert [unread(talk) for talk in talks.values()] == [6, 12, 1024]
    assert [thread(talk) for talk in talks.values()] == [4, 4, 1001]
    assert [talk.last.depth for talk in talks.values()] == [3, 3, 1000]


def test_a_thousand_messages_are_read_in_one_call(talks: dict[int, Talk]) -> None:
    ben = talks[1000].ben
    with transaction.atomic():
        ids = [message.pk for message in Message.unread_messages.for_user(ben)]
        assert Message.unread_messages.mark_as_read_for_user(ben, message_ids=ids) == len(ids) == 1024
        assert Message.unread_messages.count_for_user(ben) == 0
        assert set(Message.objects.filter(pk__in=ids).values_list("read", flat=True)) == {True}
        transaction.set_rollback(True)


@pytest.mark.parametrize("act", [unread, thread, send_root, send_reply, edit])
def test_the_number_of_queries_does_not_grow(act: Action, talks: dict[int, Talk]) -> None:
    found = counts(talks, act)
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("talks", ["direct"], indirect=True)
def test_the_queries_of_a_threaded_conversation_do_not_grow(talks: dict[int, Talk]) -> None:
    assert [threaded_conversation(talk) for talk in talks.values()] == [9, 17, 1034]
    found = counts(talks, threaded_conversation)
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize(("act", "most"), [(unread, 1), (threaded_conversation, 2), (thread, 2)])
def test_a_read_takes_a_query_or_two(act: Action, most: int, talks: dict[int, Talk]) -> None:
    assert max(counts(talks, act).values()) <= most


def room_of(members: int) -> Conversation:
    room = RoomFactory.create()
    User.objects.bulk_create(UserFactory.build_batch(members - 1))
    people = User.objects.exclude(memberships__conversation__kind="room")
    Membership.objects.bulk_create(Membership(conversation=room, user=person) for person in people)
    return room


def test_a_room_of_2000_costs_the_queries_of_a_room_of_20(db: None) -> None:
    found = []
    for members in (20, 2_000):
        room = room_of(members)
        assert room.members.count() == members
        with statements() as asked:
            message = Message.objects.create(sender=room.created_by, conversation=room, content="Hello, all")
        assert message.notifications.count() == members - 1
        inserts = [sql for sql in asked if sql.startswith('INSERT INTO "messaging_notification"')]
        assert len(inserts) == 1
        found.append(len(asked))
    assert found[0] == found[1]
