"""The HTML of somebody who can be mentioned, as an option of a list. Up to 500 are rendered at once."""

from typing import Final

from django.utils.safestring import SafeString

from messaging.models.db.text_match import fold
from messaging.models.inbox.mentionable import Mentionable
from messaging.rendering.message_html import face
from messaging.rendering.part_template import PartTemplate, Value

_TEMPLATE: Final = PartTemplate("messaging/inbox/_mention_option.html")


def option_html(one: Mentionable, is_room: bool) -> SafeString:
    """
    Args:
        is_room: whether the conversation is a room.
    """
    person = one.shown
    values: dict[str, Value] = {
        "pk": person.pk,
        "username": person.username,
        "name": person.name,
        # Compared with what is typed: both names, without case and accents.
        "folded": f"{fold(person.username)}\n{fold(person.display_name)}",
        "face": face(person),
    }
    return _TEMPLATE.render(values, is_member=one.is_member, is_reader=one.is_reader, is_room=is_room)
