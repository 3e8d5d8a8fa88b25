"""Creates large conversations; `fill`, `write_replies` and `react_in_bulk` in bulk, without notifications."""

from itertools import count, islice, pairwise
from typing import Any

from django.utils import timezone

from messaging.models import Conversation, Membership, Message, Reaction, User
from messaging.models.messages.saving import post
from messaging.text import render
from messaging.text.emoji_choice import every_emoji
from tests.factories import UserFactory

_numbers = count(1)


def write_roots(room: Conversation, sender: User, number: int) -> list[Message]:
    """Create `number` messages in the timeline, oldest first."""
    return [post(room, sender, f"root {next(_numbers)}") for _ in range(number)]


def fill(room: Conversation, sender: User, number: int) -> None:
    """Create `number` messages in the timeline, all at once; nobody has them unread."""
    with room.writing(count=number) as last:
        rows = [_message(room, sender, seq) for seq in range(last - number + 1, last + 1)]
        Message.rows.bulk_create(rows)


def chain(first: Message, author: User, length: int) -> list[Message]:
    """Replies that each reply to the one before; returns them with the first message."""
    messages = [first]
    for number in range(1, length + 1):
        messages.append(post(first.conversation, author, f"Level {number}", parent=messages[-1]))
    return messages


def write_replies(root: Message, sender: User, number: int, in_a_chain: bool = False) -> list[Message]:
    """Create `number` replies in the root's thread: all to the root, or each to the previous one."""
    with root.conversation.writing(count=number) as last:
        first = last - number + 1
        below = {"parent_message": root, "thread_root": root, "depth": 1}
        rows = [_message(root.conversation, sender, seq, **below) for seq in range(first, last + 1)]
        if in_a_chain:
            for depth, row in enumerate(rows, start=1):
                row.depth = depth
        Message.rows.bulk_create(rows)
        stored = list(Message.rows.filter(conversation=root.conversation_id, seq__gte=first).order_by("seq"))
        if in_a_chain:
            for above, row in pairwise(stored):
                row.parent_message = above
            Message.rows.bulk_update(stored[1:], ["parent_message"], batch_size=200)
        Message.rows.filter(pk=root.pk).update(version=last)
    return stored


def _message(room: Conversation, sender: User, seq: int, **place: Any) -> Message:
    content = f"{'reply' if place else 'root'} {next(_numbers)}"
    return Message(
        conversation=room,
        sender=sender,
        content=content,
        content_html=render(content),
        timestamp=timezone.now(),
        read=True,
        seq=seq,
        version=seq,
        **place,
    )


def add_members(room: Conversation, number: int) -> None:
    """Create `number` people who are members of the room."""
    User.objects.bulk_create(UserFactory.build_batch(number))
    newest = User.objects.order_by("-pk")[:number]
    Membership.objects.bulk_create(Membership(conversation=room, user=person) for person in newest)


def react_in_bulk(message: Message, kinds: int) -> None:
    """Every member reacts to the message with the first `kinds` emoji of the table."""
    members = list(message.conversation.memberships.order_by("pk").values_list("user", flat=True))
    with message.conversation.writing() as version:
        rows = [
            Reaction(message=message, user_id=user, emoji=emoji, chosen=emoji)
            for emoji in islice(every_emoji(), kinds)
            for user in members
        ]
        Reaction.objects.bulk_create(rows, ignore_conflicts=True)
        Message.rows.filter(pk=message.pk).update(version=version)
