"""The messages to which a message links, as cards below its text.

What a reader may read is personal, so the shared HTML of a message has only an empty place, which says what
is linked to. In a page of one reader `filled` puts the cards there; in what is the same for everybody the
page's script does (static/js/references.js).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from messaging.models import Conversation, Message, User
from messaging.models.messages.attachment import number_of_files
from messaging.rendering.message_html import face
from messaging.rendering.part_template import PartTemplate, Value
from messaging.rendering.reference_places import PLACE
from messaging.rendering.times import time_values
from messaging.text.excerpts import excerpt_of

LENGTH: Final = 280  # characters of the text
_CARD: Final = PartTemplate("messaging/messages/_reference.html")
Find = Callable[[Collection[int]], Iterable[Message]]


def filled(html: str, host: str, find: Find) -> str:
    """The HTML with the cards that the reader may see. Without a place for one, nothing is asked for.

    Args:
        host: of the site, as the reader's browser names it. Links to other sites have no cards.
        find: returns those of the messages with these ids that the reader may read.
    """
    places = {place: _ids(place, host) for place in PLACE.findall(html)}
    ids = {pk for of_place in places.values() for pk in of_place}
    if not ids:
        return html
    cards = cards_of(find(ids))

    def fill(place: re.Match[str]) -> str:
        if not places[place[1]]:
            return place[0]
        shown = "".join(cards.get(pk, "") for pk in places[place[1]])
        return place[0].replace("></div>", f" data-filled>{shown}</div>")

    return PLACE.sub(fill, html)


def cards_of(messages: Iterable[Message]) -> Mapping[int, SafeString]:
    """The card of each message, by its id. Times are those of the current time zone."""
    return {message.pk: _card(message, message.sender) for message in messages if message.sender}


def _ids(place: str, host: str) -> list[int]:
    parts = (one.rpartition("/") for one in place.split())
    return [int(pk) for its_host, _, pk in parts if its_host == host.lower()]


def _card(message: Message, author: User) -> SafeString:
    words = excerpt_of(message.content_html, LENGTH) or number_of_files(message.file_count)
    values: dict[str, Value] = {
        "pk": message.pk,
        "version": message.version,
        "author_pk": author.pk,
        "name": author.name,
        "face": face(author),
        "place": _place(message.conversation),
        "words": _("Poll: %(question)s") % {"question": words} if message.has_poll else words,
        **time_values("sent", message.timestamp, with_day=True),
    }
    return mark_safe(_CARD.render(values).strip())  # noqa: S308  # nosec B308 B703 - of a template; values are escaped


def _place(conversation: Conversation) -> str:
    """Where a card says that its message is, the same for everybody in that conversation."""
    if conversation.is_room:
        return _("in %(place)s") % {"place": f"#{conversation.name}"}
    return _("in a direct conversation") if conversation.is_direct else _("in a group")
