"""Threads, related rows, querysets, indexes, conditions under the lock."""

import random
import threading
from contextlib import suppress
from unittest.mock import patch

from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.db.models import Q
from django.utils import timezone

from bench.patterns.measure import compare, print_numbers
from bench.patterns.people import messages, people, person, room
from messaging.access import lookups
from messaging.models import Message, Notification, ThreadedMessage, User
from messaging.models.db.insert_select import InsertFrom
from messaging.models.inbox.unread_counts import CappedCount, capped
from messaging.models.messages import saving
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, remove_member

RACES = 200


def threads() -> None:
    """A tree of 1,000 replies, and a chain of 1,000."""
    ada, ben = person(), person()
    place = room(ada, ben)
    tree, chain = ([post(place, ada, "root")] for _ in range(2))
    for _ in range(1_000):
        tree.append(post(place, ben, "reply", parent=random.choice(tree)))
        chain.append(post(place, ben, "reply", parent=chain[-1]))

    def walk(message: Message) -> list[Message]:
        found = [message]
        for reply in message.replies.select_related("sender").order_by("seq"):
            found += walk(reply)
        return found

    root = tree[0].pk
    compare(
        "threads: a tree of 1,000 replies",
        rounds=3,
        walk_the_replies=lambda: walk(Message.objects.get(pk=root)),
        get_message_thread=lambda: ThreadedMessage.get_message_thread(root),
    )
    three = Message.objects.prefetch_related("replies__replies__replies").get(pk=root)
    seen = [one for a in three.replies.all() for b in a.replies.all() for one in (a, b, *b.replies.all())]
    try:
        walked: object = len(walk(chain[0]))
    except RecursionError as error:
        walked = type(error).__name__
    print_numbers(
        "threads: what is found",
        of_the_tree_by_prefetch_three_deep=len({one.pk for one in seen}),
        of_the_tree_by_get_message_thread=len(ThreadedMessage.get_message_thread(root)) - 1,
        of_the_chain_by_walking=walked,
        of_the_chain_by_get_message_thread=len(ThreadedMessage.get_message_thread(chain[0].pk)) - 1,
    )


def related() -> None:
    """What is unread: 1,000 messages by 20 senders."""
    ada, others = person(), people(20)
    place = room(ada)
    for message in messages(place, others, 1_000):
        Notification.objects.create(user=ada, message=message, conversation=place, reason="room")
    plain = Message.objects.filter(notifications__user=ada, notifications__read_at=None)

    def shown(rows: list[Message]) -> list[str]:
        return [f"{one.sender and one.sender.name} in {one.conversation.name}: {one.content}" for one in rows]

    compare(
        "related: 1,000 unread messages with sender and room",
        plain=lambda: shown(list(plain.all())),
        prefetch_related=lambda: shown(list(plain.prefetch_related("sender", "conversation"))),
        select_related=lambda: shown(list(plain.select_related("sender", "conversation"))),
        select_related_and_only=lambda: shown(list(Message.unread_messages.for_user(ada))),
    )
    deferred = Message.unread_messages.for_user(ada)
    compare(
        "related: a column that only() leaves out",
        read_although_deferred=lambda: [one.content_html for one in deferred.all()],
        loaded=lambda: [one.content_html for one in plain.select_related("sender", "conversation")],
    )


def access() -> None:
    """Whether somebody may see a room of 2,000."""
    ada = person()
    place = room(ada, crowd=2_000)

    def in_python() -> bool:
        return ada in type(place).objects.get(pk=place.pk).members.all()

    compare(
        "access: may she see this room of 2,000?",
        in_members_all=in_python,
        visible_to=lambda: lookups.conversation(ada, place.pk),
    )


def indexes() -> None:
    """Somebody with 50,000 read notifications and 150 unread; and somebody with 50,000 unread."""
    ada, ben, cleo = person(), person(), person()
    place = room(cleo, ada, ben)
    ids = [message.pk for message in messages(place, [cleo], 50_000)]
    columns = ("user_id", "message_id", "conversation_id", "reason", "created_at", "read_at")

    def notify(user: User, ids: list[int], is_read: bool) -> None:
        constants = {"user_id": str(user.pk), "room_reason": "'room'", "never": "NULL"}
        rows = Message.rows.filter(pk__gte=ids[0], pk__lte=ids[-1]).extra(select=constants)
        read_at = "timestamp" if is_read else "never"
        values = rows.values_list("user_id", "pk", "conversation_id", "room_reason", "timestamp", read_at)
        InsertFrom(Notification, columns, values).execute()

    notify(ada, ids[:-150], is_read=True)
    notify(ada, ids[-150:], is_read=False)
    notify(ben, ids, is_read=False)
    _analyze()

    def whole(user: User) -> object:
        return Notification.objects.filter(user=user, read_at=None).count()

    def up_to_100(user: User) -> object:
        unread = capped(Notification.objects.filter(user=user, read_at=None))
        assert isinstance(unread, CappedCount)
        return User.objects.filter(pk=user.pk).values_list(unread).get()

    compare(
        "indexes: 50,000 unread, counted",
        rounds=21,
        whole=lambda: whole(ben),
        up_to_100=lambda: up_to_100(ben),
    )
    Notification.objects.filter(user=ben).update(read_at=timezone.now())
    _analyze()
    compare("indexes: 150 unread among 50,000, with the partial index", rounds=21, count=lambda: whole(ada))
    with connection.cursor() as cursor:
        for name in ("unread_of_user", "unread_personal", "unread_of_message"):
            cursor.execute(f"DROP INDEX {name}")
    compare("indexes: the same without it", rounds=21, count=lambda: whole(ada))


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def lock() -> None:
    """Somebody is removed from a room while they send."""
    print_numbers(
        f"lock: of {RACES} messages sent while the sender is removed, written after the removal",
        asked_before_the_transaction=_written_after_removal(asked_before=True),
        asked_under_the_lock=_written_after_removal(asked_before=False),
    )


def _written_after_removal(asked_before: bool) -> int:
    ada, ben = person(), person()
    place = room(ada)
    late = 0
    start = threading.Barrier(2)

    def remove() -> None:
        start.wait()
        remove_member(place, ben, by=ada)
        connections.close_all()

    def send() -> None:
        mine = type(place).objects.get(pk=place.pk)
        start.wait()
        if mine.memberships.filter(user=ben).exists():
            with suppress(ValidationError):
                post(mine, ben, "a *word*")
        connections.close_all()

    def only_version(message: Message, sender: User, pk: int) -> dict[str, object]:
        return {"now": type(place).objects.values_list("version", flat=True).get(pk=pk)}

    with patch.object(saving, "answers", only_version if asked_before else saving.answers):
        for _ in range(RACES):
            add(place, ben)
            both = [threading.Thread(target=act) for act in (remove, send)]
            for one in both:
                one.start()
            for one in both:
                one.join()
            late += Message.rows.filter(Q(conversation=place) & Q(seq__gt=place.version)).count()
    return late
