"""Rendering stored messages again after an upgrade of the renderer (`messaging.text`)."""

from messaging.models.db.batches import CHUNK
from messaging.models.db.tasks import task
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.text import RENDERER_VERSION, render


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
    with first.conversation.writing() as version:
        messages = list(outdated().filter(conversation=first.conversation_id).order_by("pk")[:CHUNK])
        mentions = Mention.objects.filter(message__in=[message.pk for message in messages])
        named: dict[int, dict[str, int]] = {message.pk: {} for message in messages}
        for message_id, username, user_id in mentions.values_list("message", "user__username", "user"):
            named[message_id][username] = user_id
        for message in messages:
            message.content_html = render(message.content, named[message.pk])
            message.renderer_version, message.version = RENDERER_VERSION, version
        Message.rows.bulk_update(messages, ["content_html", "renderer_version", "version"], batch_size=100)
    return len(messages)


@task()
def rerender_messages() -> None:
    """One batch; the rest is enqueued again, so that other tasks get their turn."""
    if rerender_batch():
        rerender_messages.enqueue()
