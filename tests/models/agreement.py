"""The naive world and the database, both written down in the same words, so that they can be compared."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F

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
        account[f"unread of {person.name}"] = [said.pk for said in unread]
        account[f"number for {person.name}"] = len(unread)
        account[f"sidebar of {person.name}"] = {
            place.pk: sum(said.place is place for said in unread) for place in mine
        }
    for root in [said for said in there if not said.parent]:
        tree = list(world.tree(root))
        account[f"thread {root.pk}"] = [(said.pk, said.depth) for said in tree]
        account[f"outline {root.pk}"] = [
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


def stored() -> Account:
    """The same, from the database."""
    columns = [name for name in Line._fields if name != "removed"]
    in_order = Message.rows.order_by("conversation", "seq")
    lines = [
        Line(*row[:-1], removed=row[-1] is not None) for row in in_order.values_list(*columns, "removed_at")
    ]
    histories = MessageHistory.objects.values_list("message", "number", "old_content", "edited_by")
    rows = Notification.objects.values_list("message", "user", "conversation", "reason", "read_at")
    numbers = ("kind", "version", "reset_version", "members_version")
    waiting = Message.unread_messages.unread_only().order_by("conversation", "seq")
    account: Account = {
        "people": {user.pk: (user.username, user.is_active) for user in User.objects.all()},
        "places": {pk: tuple(row) for pk, *row in Conversation.objects.values_list("pk", *numbers)},
        "members": set(Membership.objects.values_list("conversation", "user")),
        "messages": lines,
        "histories": {(message, number): (text, editor) for message, number, text, editor in histories},
        "mentions": set(Mention.objects.values_list("message", "user")),
        "rows": {
            (message, user): (conversation, reason, read_at is None)
            for message, user, conversation, reason, read_at in rows
        },
        "unread by anybody": list(waiting.values_list("pk", flat=True)),
    }
    for user in User.objects.all():
        unread, sidebar = Message.unread_messages.for_user(user), sidebar_of(user)
        account[f"unread of {user.username}"] = [message.pk for message in unread]
        account[f"number for {user.username}"] = Message.unread_messages.count_for_user(user)
        account[f"sidebar of {user.username}"] = {pk: entry.unread for pk, entry in sidebar.entries.items()}
        assert sidebar.unread == len(unread)
    for root in [line for line in lines if line.parent_message is None]:
        thread = ThreadedMessage.get_message_thread(root.pk)
        account[f"thread {root.pk}"] = [(message.pk, message.depth) for message in thread]
        account[f"outline {root.pk}"] = ThreadedMessage.outline(thread[0])
    for place in Conversation.objects.filter(kind="direct").annotate(who=F("memberships__user")):
        one = User(pk=place.who)
        roots = ThreadedMessage.get_threaded_conversation(one, User(pk=place.other_id(one.pk)))
        account[f"conversation {place.pk}"] = [
            (message.pk, message.depth) for root in roots for message in flattened(root)
        ]
    return account


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
