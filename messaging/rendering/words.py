"""A message as plain text: for lists, quotes and mails."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from messaging.models import Message
from messaging.models.messages.attachment import number_of_files
from messaging.text.excerpts import excerpt_of, has_spoilers


def excerpt(message: Message, length: int) -> str:
    """The first words of a message, without their markup; or how many files it has, if it has no words.

    Args:
        length: the maximum number of characters.
    """
    words = excerpt_of(message.content_html, length) or number_of_files(message.file_count)
    return _("Poll: %(question)s") % {"question": words} if message.has_poll else words


def as_typed(message: Message, length: int) -> str:
    """The beginning of a message as it was typed; if it has spoilers or no words, its excerpt."""
    if not message.content or has_spoilers(message.content_html):
        return excerpt(message, length)
    return Truncator(message.content).chars(length)
