"""Rendering stored messages again: after an upgrade of the renderer (`messaging.text`), and when an emoji was
added that their texts name.
"""

import operator
from functools import reduce

from django.db.models import Max, Q

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.db.batches import CHUNK, in_chunks
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.db.tasks import task
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.messages.ticks import ticks_of
from messaging.models.site.custom_emoji import CustomEmoji
from messaging.text import RENDERER_VERSION, many_mentioned_in, render
from messaging.text.emoji import pictures_in
from messaging.text.room_names import rooms_in
from messaging.text.tasks import with_states

WINDOW = 10_000  # ids of messages whose texts one task looks at


def outdated() -> MessageRows:
    """The messages whose HTML another version of the renderer made."""
    return Message.rows.filter(removed_at=None).exclude(renderer_version=RENDERER_VERSION)


def rerender_batch() -> int:
    """Render some messages of one conversation again, under its lock. Open pages get the new HTML.

    Returns:
        How many they were: 0 when all are up to date.
    """
    first = outdated().select_related("conversation").order_by("pk").first()
    if first is None:
        return 0
    rows = outdated().filter(conversation=first.conversation_id).order_by("pk")[:CHUNK]
    return rerender(first.conversation, rows)


@task()
def rerender_messages() -> None:
    """One batch; the rest is enqueued again, so that other tasks get their turn."""
    if rerender_batch():
        rerender_messages.enqueue()


def show_emoji_everywhere(emoji: CustomEmoji) -> None:
    """Render the messages again that name this emoji, the newest first, in the background."""
    show_emoji.enqueue(emoji.pk, LARGEST_ID)


@task()
def show_emoji(emoji_id: int, last_id: int) -> None:
    """Show a custom emoji in the messages that name it. The rest is enqueued again.

    Args:
        last_id: the newest message that is looked at.
    """
    emoji = CustomEmoji.objects.all().in_use().filter(pk=emoji_id).first()
    newest = Message.rows.filter(pk__lte=last_id).aggregate(newest=Max("pk"))["newest"]
    if emoji is None or newest is None:
        return
    named = reduce(operator.or_, (Q(content__contains=f":{name}:") for name in emoji.all_names))
    window = Message.rows.filter(pk__lte=newest, pk__gt=newest - WINDOW, removed_at=None)
    found: dict[int, list[int]] = {}
    for pk, its_conversation in window.filter(named).order_by("pk").values_list("pk", "conversation"):
        found.setdefault(its_conversation, []).append(pk)
    for conversation_id, named_ids in found.items():
        conversation = Conversation.objects.get(pk=conversation_id)
        for ids in in_chunks(named_ids):
            rerender(conversation, Message.rows.filter(pk__in=ids, removed_at=None))
    show_emoji.enqueue(emoji_id, newest - WINDOW)


def rerender(conversation: Conversation, rows: MessageRows) -> int:
    """Render messages of a conversation again, under its lock. Those whose HTML is the same are not written.

    What a text says does not change: whom it mentions is stored, and a group mention, a custom emoji or a
    link to a room that it shows stays, also if the group or the emoji is retired.

    Returns:
        How many were rendered.
    """
    with conversation.writing() as version:
        messages = list(rows)
        before = {message.pk: (message.content_html, message.renderer_version) for message in messages}
        _render_all(messages)
        changed = [
            message
            for message in messages
            if before[message.pk] != (message.content_html, message.renderer_version)
        ]
        if not changed:
            raise Unchanged
        for message in changed:
            message.version = version
        Message.rows.bulk_update(changed, ["content_html", "renderer_version", "version"], batch_size=100)
    return len(messages)


def _render_all(messages: list[Message]) -> None:
    mentions = Mention.objects.filter(message__in=[message.pk for message in messages])
    named: dict[int, dict[str, int]] = {message.pk: {} for message in messages}
    for message_id, username, user_id in mentions.values_list("message", "user__username", "user"):
        named[message_id][username] = user_id
    emoji = CustomEmoji.objects.all().pictures()
    ticks = ticks_of(messages)
    for message in messages:
        shown = pictures_in(message.content_html)
        many, rooms = many_mentioned_in(message.content_html), rooms_in(message.content_html)
        html = render(message.content, named[message.pk], {**emoji, **shown}, many, rooms)
        states = {tick.item: tick.is_done for tick in ticks.get(message.pk, ())}
        message.content_html = with_states(html, states)
        message.renderer_version = RENDERER_VERSION
