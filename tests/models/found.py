"""Reads the state of the database, and the results of the interfaces, as a `State` (agreement.py)."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from messaging.models import (
    Conversation,
    Membership,
    Mention,
    Message,
    MessageHistory,
    Notification,
    ThreadedMessage,
    User,
)
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.threads import Node
from tests.models.agreement import Line, State, Unread

PERSON = ("username", "is_active")


def stored(cached: dict[str, tuple[Any, Any]]) -> State:
    """The whole state.

    Args:
        cached: results of the interfaces, each with the rows that it was computed from. A result is computed
            again only if its rows have changed. Clear it to compute all again.
    """
    state = _tables()

    def compute(what: str, rows: Any, question: Callable[[], Any]) -> None:
        if what not in cached or cached[what][0] != rows:
            cached[what] = rows, question()
        state[what] = cached[what][1]

    lines = state["messages"]
    for pk, (name, _) in state["people"].items():
        places = {place for place, member in state["members"] if member == pk}
        rows = {message: row for (message, user), row in state["rows"].items() if user == pk}
        compute(f"unread of {name}", (pk, rows, places), partial(_waiting, pk))
    for root in [line for line in lines if line.parent_message is None]:
        thread = [line for line in lines if root.pk in (line.pk, line.thread_root)]
        compute(f"thread {root.pk}", thread, partial(_thread, root.pk))
    for place, (kind, *_) in state["places"].items():
        if kind == "direct":
            people = [pk for conversation, pk in state["members"] if conversation == place]
            there = [line for line in lines if line.conversation == place]
            compute(f"conversation {place}", (people, there), partial(_direct_conversation, people))
    return state


def _tables() -> State:
    columns = [name for name in Line._fields if name != "removed"]
    in_order = Message.rows.order_by("conversation", "seq").values_list(*columns, "removed_at")
    histories = MessageHistory.objects.values_list("message", "number", "old_content", "edited_by")
    columns_of_rows = ("message", "user", "conversation", "thread_root", "reason", "read_at")
    rows = Notification.objects.values_list(*columns_of_rows)
    numbers = ("kind", "version", "reset_version", "members_version")
    waiting = Message.unread_messages.unread_only().order_by("conversation", "seq")
    return {
        "people": {pk: (name, active) for pk, name, active in User.objects.values_list("pk", *PERSON)},
        "places": {pk: tuple(row) for pk, *row in Conversation.objects.values_list("pk", *numbers)},
        "members": set(Membership.objects.values_list("conversation", "user")),
        "messages": [Line._make((*row[:-1], row[-1] is not None)) for row in in_order],
        "histories": {(message, number): (text, editor) for message, number, text, editor in histories},
        "mentions": set(Mention.objects.values_list("message", "user")),
        "rows": {
            (message, user): (conversation, root, reason, read_at is None)
            for message, user, conversation, root, reason, read_at in rows
        },
        "unread by anybody": list(waiting.values_list("pk", flat=True)),
    }


def _waiting(pk: int) -> Unread:
    user = User(pk=pk)
    sidebar = sidebar_of(user)
    return Unread(
        messages=[message.pk for message in Message.unread_messages.for_user(user)],
        number=Message.unread_messages.count_for_user(user),
        sidebar={place: entry.unread for place, entry in sidebar.entries.items()},
        total=sidebar.unread,
        replies=sidebar.replies,
        personal=sidebar.personal,
        begins={place: sidebar_of(user, place).entries[place].first_unread_pk for place in sidebar.entries},
    )


def _thread(root: int) -> list[Node]:
    """The thread as it is read, which must have the shape that its outline says."""
    thread = ThreadedMessage.get_message_thread(root)
    outline = ThreadedMessage.outline(thread[0])
    assert [(message.pk, message.depth) for message in thread] == [node[:2] for node in outline]
    assert [message.version for message in thread] == [node.version for node in outline]
    return [node._replace(version=0) for node in outline]


def _direct_conversation(people: list[int]) -> list[tuple[int, int]]:
    one, other = User(pk=people[0]), User(pk=people[-1])
    roots = ThreadedMessage.get_threaded_conversation(one, other)
    return [(message.pk, message.depth) for root in roots for message in flattened(root)]


def flattened(message: ThreadedMessage) -> Iterable[ThreadedMessage]:
    """The message and the answers that are attached to it, to any depth."""
    yield message
    for answer in message.answers:
        yield from flattened(answer)
