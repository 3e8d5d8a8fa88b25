"""Threads: trees of any depth and size, built in Python from one query, without recursion.

Here an answer to a message is a direct reply to it; a reply may also be further below.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from django.db.models import Q, QuerySet

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.prepared import prepared
from messaging.models.messages.message import Message
from messaging.models.people.user import User


class Node(NamedTuple):
    """A place in a thread: which message, how deep below the first one, and how many are below it.

    `version` is the message's.
    """

    pk: int
    depth: int
    below: int
    is_removed: bool = False
    version: int = 0
    has_reason: bool = False  # a moderator's, who removed it


def tree_order(links: Iterable[tuple[int, int | None]], top: int) -> list[Node]:
    """The tree under `top`, depth first, answers in the order that they are given.

    Args:
        links: (id, id of the parent) of the thread's messages, oldest first; others are passed over.
        top: the id that the tree hangs from.
    """
    answers: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent_id in links:
        answers[parent_id].append(pk)
    order: list[tuple[int, int]] = []
    waiting = [(top, 0)]
    while waiting:
        pk, depth = waiting.pop()
        order.append((pk, depth))
        waiting.extend((answer, depth + 1) for answer in reversed(answers[pk]))
    below: dict[int, int] = defaultdict(int)
    for pk, _ in reversed(order):
        below[pk] += sum(1 + below[answer] for answer in answers[pk])
    return [Node(pk, depth, below[pk]) for pk, depth in order]


class ThreadedMessage(Message):
    """A message with its replies: the same table, with methods that return trees."""

    answers: list["ThreadedMessage"]

    class Meta:
        proxy = True

    @classmethod
    def get_threaded_conversation(cls, user1: User, user2: User) -> list["ThreadedMessage"]:
        """The roots of the direct conversation of two people, oldest first.

        Each has its answers attached as `answers`, a list of messages which have theirs in turn, and each
        knows its `depth`. One query for any number and depth of messages. Part of the public Python
        interface; pages show one thread at a time (`outline`).
        """
        return cls._roots(conversation__direct_key=Conversation.direct_key_of(user1, user2))

    @classmethod
    def get_message_thread(cls, message_id: int) -> list["ThreadedMessage"]:
        """The message and all replies below it, in tree order: it first, each reply after what it answers.

        Each has its direct answers attached as `answers`, and knows its `depth` below the thread's root.
        Two queries for any number and depth of replies.

        Raises:
            ThreadedMessage.DoesNotExist: there is no such message.
        """
        message = cls.objects.only("pk", "thread_root_id").get(pk=message_id)
        root = message.thread_root_id or message.pk
        thread = cls.objects.filter(Q(pk=root) | Q(thread_root_id=root)).select_related("sender")
        found = cast("Iterable[ThreadedMessage]", thread.order_by("seq"))
        by_id = {one.pk: one for one in _attach(found)}
        links = [(one.pk, one.parent_message_id) for one in by_id.values()]
        return [by_id[node.pk] for node in tree_order(links, message.pk)]

    @classmethod
    def _roots(cls, **place: object) -> list["ThreadedMessage"]:
        messages = cls.objects.filter(**place).select_related("sender").order_by("seq")
        return [
            message
            for message in _attach(cast("Iterable[ThreadedMessage]", messages))
            if message.parent_message_id is None
        ]

    @classmethod
    def outline(cls, message: Message) -> list[Node]:
        """The shape of the tree under a message, without text: one query for four small columns."""
        places = _places_in(message.thread_root_id or message.pk)
        rest = {pk: (at is not None, version, bool(reason)) for pk, _, at, version, reason in places}
        order = tree_order(((pk, parent_id) for pk, parent_id, *_ in places), message.pk)
        return [Node(*node[:3], *rest.get(node.pk, ())) for node in order]


def shown_below(outline: Sequence[Node]) -> dict[int, int]:
    """How many replies below each message are shown, by its id.

    A message removed without a reason does not count: nothing of it is shown, or a line above shown replies.

    Args:
        outline: a whole tree, in tree order.
    """
    found: dict[int, int] = {}
    below: dict[int, int] = defaultdict(int)  # under the message that is one level higher, by level
    for node in reversed(outline):
        found[node.pk] = below.pop(node.depth + 1, 0)
        below[node.depth] += found[node.pk] + (not node.is_removed or node.has_reason)
    return found


@prepared
def _places_in(root: int) -> QuerySet[Message, tuple[int, int | None, datetime | None, int, str]]:
    """Of each message, oldest first: id, parent's id, time of removal, version, and reason of removal."""
    thread = Message.objects.filter(Q(pk=root) | Q(thread_root_id=root)).order_by("seq")
    return thread.values_list("pk", "parent_message_id", "removed_at", "version", "removal_reason")


def _attach(messages: Iterable[ThreadedMessage]) -> list[ThreadedMessage]:
    """Give each message the list of its direct answers. Parents come before their answers."""
    by_id: dict[int, ThreadedMessage] = {}
    for message in messages:
        message.answers = []
        by_id[message.pk] = message
        if message.parent_message_id in by_id:
            by_id[message.parent_message_id].answers.append(message)
    return list(by_id.values())
