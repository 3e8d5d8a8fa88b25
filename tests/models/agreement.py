"""The naive world and the database, both written down in the same words, so that they can be compared."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

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
from messaging.models.sidebar import sidebar_of
from messaging.models.threads import Node
from tests.models.naive import World
from tests.models.naive_nouns import Person, Said

Account = dict[str, Any]
PERSON = ("username", "is_active")


class Line(NamedTuple):
    """One message; the names are those of its columns."""

    conversation: int
    seq: int
    pk: int
    version: int
    sender: int | None
    parent_message: int | None
    thread_root: int | None
    depth: int
    content: str
    content_html: str
    edited: bool
    read: bool
    client_id: UUID | None
    removed: bool


class Waiting(NamedTuple):
    """What a person has to read."""

    messages: list[int]
    number: int
    sidebar: dict[int, int]
    total: int


def promised(world: World, people: Iterable[Person]) -> Account:
    """What must be found: rows, and what the interfaces answer."""
    there = sorted(world.visible(), key=lambda said: (said.place.pk, said.seq))
    account: Account = {
        "people": {person.pk: (person.name, person.active) for person in people},
        "places": {
            place.pk: (place.kind, place.version, place.reset_version, place.members_version)
            for place in world.here()
        },
        "members": {(place.pk, person.pk) for place in world.here() for person in place.members},
        "messages": [_line(world, said) for said in there],
        "histories": {
            (said.pk, number): (text, editor.pk if editor else None)
            for said in there
            for number, (text, editor) in enumerate(said.earlier, start=1)
        },
        "mentions": {(said.pk, person.pk) for said in there for person in said.mentions},
        "rows": {
            (row.said.pk, row.person.pk): (row.said.place.pk, row.reason, row.unread) for row in world.rows
        },
        "unread by anybody": [said.pk for said in there if not world.is_read(said)],
    }
    for person in people:
        unread = [said for said in there if world.rows_of(said, person, unread=True)]
        mine = [place for place in world.here() if person in place.members]
        account[f"what waits for {person.name}"] = Waiting(
            messages=[said.pk for said in unread],
            number=len(unread),
            sidebar={place.pk: sum(said.place is place for said in unread) for place in mine},
            total=len(unread),
        )
    for root in [said for said in there if not said.parent]:
        tree = list(world.tree(root))
        account[f"thread {root.pk}"] = [
            Node(said.pk, said.depth, len(list(world.tree(said))) - 1) for said in tree
        ]
    for place in [place for place in world.here() if place.kind == "direct"]:
        roots = [said for said in there if said.place is place and not said.parent]
        account[f"conversation {place.pk}"] = [
            (said.pk, said.depth) for root in roots for said in world.tree(root)
        ]
    return account


def _line(world: World, said: Said) -> Line:
    return Line(
        conversation=said.place.pk,
        seq=said.seq,
        pk=said.pk,
        version=said.version,
        sender=said.sender.pk if said.sender else None,
        parent_message=said.parent.pk if said.parent else None,
        thread_root=said.root.pk if said.parent else None,
        depth=said.depth,
        content=said.text,
        content_html=said.html,
        edited=bool(said.earlier),
        read=world.is_read(said),
        client_id=said.client_id,
        removed=said.removed,
    )


def stored(asked: dict[str, tuple[Any, Any]]) -> Account:
    """The same, from the database.

    Args:
        asked: the answers of the interfaces, each with the rows that it was made of: asked again when those
            are others. Empty it to ask all anew.
    """
    account = _tables()

    def ask(what: str, rows: Any, question: Callable[[], Any]) -> None:
        if what not in asked or asked[what][0] != rows:
            asked[what] = rows, question()
        account[what] = asked[what][1]

    lines = account["messages"]
    for pk, (name, _) in account["people"].items():
        places = {place for place, member in account["members"] if member == pk}
        rows = {message: row for (message, user), row in account["rows"].items() if user == pk}
        ask(f"what waits for {name}", (pk, rows, places), partial(_waiting, pk))
    for root in [line for line in lines if line.parent_message is None]:
        thread = [line for line in lines if root.pk in (line.pk, line.thread_root)]
        ask(f"thread {root.pk}", thread, partial(_thread, root.pk))
    for place, (kind, *_) in account["places"].items():
        if kind == "direct":
            people = [pk for conversation, pk in account["members"] if conversation == place]
            there = [line for line in lines if line.conversation == place]
            ask(f"conversation {place}", (people, there), partial(_direct_conversation, people))
    return account


def _tables() -> Account:
    columns = [name for name in Line._fields if name != "removed"]
    in_order = Message.rows.order_by("conversation", "seq").values_list(*columns, "removed_at")
    histories = MessageHistory.objects.values_list("message", "number", "old_content", "edited_by")
    rows = Notification.objects.values_list("message", "user", "conversation", "reason", "read_at")
    numbers = ("kind", "version", "reset_version", "members_version")
    waiting = Message.unread_messages.unread_only().order_by("conversation", "seq")
    return {
        "people": {pk: (name, active) for pk, name, active in User.objects.values_list("pk", *PERSON)},
        "places": {pk: tuple(row) for pk, *row in Conversation.objects.values_list("pk", *numbers)},
        "members": set(Membership.objects.values_list("conversation", "user")),
        "messages": [Line(*row, removed_at is not None) for *row, removed_at in in_order],
        "histories": {(message, number): (text, editor) for message, number, text, editor in histories},
        "mentions": set(Mention.objects.values_list("message", "user")),
        "rows": {
            (message, user): (conversation, reason, read_at is None)
            for message, user, conversation, reason, read_at in rows
        },
        "unread by anybody": list(waiting.values_list("pk", flat=True)),
    }


def _waiting(pk: int) -> Waiting:
    user = User(pk=pk)
    sidebar = sidebar_of(user)
    return Waiting(
        messages=[message.pk for message in Message.unread_messages.for_user(user)],
        number=Message.unread_messages.count_for_user(user),
        sidebar={place: entry.unread for place, entry in sidebar.entries.items()},
        total=sidebar.unread,
    )


def _thread(root: int) -> list[Node]:
    """The thread as it is read, which must have the shape that its outline says."""
    thread = ThreadedMessage.get_message_thread(root)
    outline = ThreadedMessage.outline(thread[0])
    assert [(message.pk, message.depth) for message in thread] == [node[:2] for node in outline]
    return outline


def _direct_conversation(people: list[int]) -> list[tuple[int, int]]:
    one, other = User(pk=people[0]), User(pk=people[-1])
    roots = ThreadedMessage.get_threaded_conversation(one, other)
    return [(message.pk, message.depth) for root in roots for message in flattened(root)]


def flattened(message: ThreadedMessage) -> Iterable[ThreadedMessage]:
    """The message and the answers that are attached to it, to any depth."""
    yield message
    for answer in message.answers:
        yield from flattened(answer)


def differences(promise: Account, found: Account) -> str:
    """What is not as promised, for a person to read; empty when all is well."""
    return "\n".join(
        f"{what}\n  promised {promise.get(what)}\n  found    {found.get(what)}"
        for what in sorted(promise.keys() | found.keys())
        if promise.get(what) != found.get(what)
    )
