"""The HTML of a message's text, as it is stored."""

from typing import TYPE_CHECKING

from messaging.models.messages.group_mentions import group_mentions_in
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
    message.mentionable = members_named_in(message.content, message.conversation_id)
    shown_before = "" if message._state.adding else message.content_html
    emoji = CustomEmoji.objects.all().pictures_for(message.content, shown_before)
    rooms = rooms_named_in(message.content, shown_before)
    before = many_mentioned_in(shown_before)
    many = group_mentions_in(message.content, message.conversation, message.mentionable, before)
    if message.notifies_only_people:
        many = {name: address for name, address in many.items() if name in before}
    message.group_mentions = many
    message.content_html = render(message.content, message.mentionable, emoji, many, rooms)
    message.renderer_version = RENDERER_VERSION
