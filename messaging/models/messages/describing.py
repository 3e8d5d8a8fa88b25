"""Changing the descriptions (alternative texts) of the pictures of a message that was sent."""

from collections.abc import Mapping

from messaging.models.messages.attachment import clean_description
from messaging.models.messages.changing import change_stored, may_write
from messaging.models.messages.message import Message
from messaging.models.messages.permissions import in_edit_window
from messaging.models.messages.refused import invalid
from messaging.models.people.user import User
from messaging.models.site.installation import Installation


def describe_pictures(message: Message, by: User, texts: Mapping[int, str]) -> Message:
    """Change descriptions, for as long as the text of the message may be edited. There is no history of them.

    Args:
        by: its author.
        texts: by the ids of the pictures. One that is not in it keeps its description.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: it is too late; the message was removed; the room is archived; or the person is no
            member.
        Gone: the message or the conversation was deleted.
    """

    def write(stored: Message) -> bool:
        if not in_edit_window(stored, Installation.objects.current()):
            raise invalid("late")
        changed = False
        for file in stored.files.filter(pk__in=texts):
            text = clean_description(texts[file.pk])
            if file.is_picture and file.alternative_text != text:
                file.alternative_text = text
                file.save(update_fields=["alternative_text"])  # `post_save` writes what is searched
                changed = True
        return changed

    return change_stored(message, may_write(by), write)
