"""The HTML of a message's text, as it is stored."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from messaging.models.messages.group_mentions import group_mentions_in, left_plain
from messaging.models.messages.mentions import members_named_in
from messaging.models.messages.room_names import rooms_named_in
from messaging.models.site.custom_emoji import CustomEmoji
from messaging.text import RENDERER_VERSION, many_mentioned_in, render

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


def render_text(message: "Message") -> None:
    """Render the text of a message that is sent or edited.

    A custom emoji that an edited message shows stays, also if it is retired; so does a link to a room, also
    if the room has another name now.
    """
    shown_before = "" if message._state.adding else message.content_html
    rooms = rooms_named_in(message.content, shown_before)
    message.mentionable = members_named_in(message.content, message.conversation_id, rooms)
    emoji = CustomEmoji.objects.all().pictures_for(message.content, shown_before)
    before = many_mentioned_in(shown_before)
    many = group_mentions_in(
        message.content, message.conversation, message.mentionable, before, rooms, message.sender
    )
    if new := many.keys() - before.keys():
        plain = new if message.notifies_only_people else _left_plain(message)
        many = {name: address for name, address in many.items() if name in before or name not in plain}
    message.group_mentions = many
    message.content_html = render(message.content, message.mentionable, emoji, many, rooms)
    message.renderer_version = RENDERER_VERSION


def _left_plain(message: "Message") -> Collection[str]:
    """The names that the replaced text left plain; none for a new message."""
    if message._state.adding:
        return ()
    rows = type(message).rows.filter(pk=message.pk).values_list("content", "content_html")
    return left_plain(*next(iter(rows), ("", "")))
