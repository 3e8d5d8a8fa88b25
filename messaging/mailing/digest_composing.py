"""How a weekly digest looks.

`week.py` finds the messages, rooms and threads. The classes here hold what the templates show of each: names,
words and addresses, in the language of the reader.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.mailing.composing import Line, absolute, for_reader, includes_text, line_of, name_of, written
from messaging.mailing.unsubscribing import DIGEST
from messaging.models import Installation, User
from messaging.models.inbox.digest import Digest
from messaging.models.inbox.week import LivelyThread, NewRoom, Waiting, Week, week_of
from messaging.rendering.words import excerpt

LONGEST: Final = 300  # characters of one message
LONGEST_OF_THREAD: Final = 120  # of the message that a thread begins with


@dataclass(frozen=True)
class Part:
    """A `Waiting`: the place's name, its messages, and how many there are before."""

    place: str
    is_thread: bool
    link: str
    count: int
    lines: list[Line]
    more: int


@dataclass(frozen=True)
class Room:
    """A `BusyRoom` or `NewRoom`."""

    name: str
    topic: str
    link: str
    number: int  # of messages or members


@dataclass(frozen=True)
class Thread:
    """A `LivelyThread`. `words` is the beginning of its first message; empty if the mail has no words."""

    place: str
    author: str
    words: str
    link: str
    replies: int
    reactions: int


def compose_digest(digest: Digest) -> EmailMultiAlternatives | None:
    """The mail, with what the person may see now. None if there is nothing to tell."""
    user, installation = digest.user, Installation.objects.current()
    with for_reader(user, digest.zone_used):
        content = content_for(user, installation)
        if content is None:
            return None
        context = {
            **content,
            "settings_link": f"{absolute('account_notifications')}#digest",
            "unsubscribe": DIGEST.link_for(user),
        }
        host = urlsplit(settings.PARLEY_URL).hostname
        message_id = f"<digest-{digest.pk}-{digest.last_on}@{host}>"
        headers = {"Message-ID": message_id, **DIGEST.headers_for(user)}
        return written(user, str(content["subject"]), "messaging/mail/digest", context, headers)


def content_for(user: User, installation: Installation) -> dict[str, object] | None:
    """What the person's digest would say now. Call it in `for_reader`.

    Returns:
        The context for the templates of the mail (`mail/digest`) and of its preview (`mail/_digest.html`).
        None if there is nothing to tell.
    """
    week, with_words = week_of(user, timezone.now()), includes_text(user, installation)
    return _content(week, installation, with_words) if week else None


def _content(week: Week, installation: Installation, with_words: bool) -> dict[str, object]:
    return {
        "subject": _("Your week · %(site)s") % {"site": installation.name},
        "site_name": installation.name,
        "waits": week.waits,
        "parts": [_part(one, with_words) for one in week.waiting],
        "more_waiting": week.more_waiting,
        "inbox_link": absolute("inbox"),
        "rooms": [
            Room(name_of(one.entry), "", absolute("conversation", one.entry.conversation.pk), one.number)
            for one in week.rooms
        ],
        "threads": [_thread(one, with_words) for one in week.threads],
        "new_rooms": [_new_room(one, with_words) for one in week.new_rooms],
    }


def _part(one: Waiting, with_words: bool) -> Part:
    lines = [
        line_of(message, cause, with_words, LONGEST)
        for message, cause in zip(one.messages, one.causes, strict=True)
    ]
    for index, (line, after) in enumerate(pairwise(lines)):
        if (line.why, line.change) == (after.why, after.change):
            lines[index] = replace(line, why="", change="")  # it is said once, below the last of them
    place = one.group.place
    link = absolute("thread", place.thread) if place.thread else absolute("conversation", place.conversation)
    name = name_of(one.group.entry)
    return Part(name, place.thread is not None, link, one.group.count, lines, one.more)


def _thread(one: LivelyThread, with_words: bool) -> Thread:
    author = one.root.sender.name if one.root.sender else ""
    words = excerpt(one.root, LONGEST_OF_THREAD) if with_words else ""
    link = absolute("thread", one.root.pk)
    return Thread(name_of(one.entry), author, words, link, one.replies, one.reactions)


def _new_room(one: NewRoom, with_words: bool) -> Room:
    topic = one.room.topic if with_words else ""
    return Room(f"#{one.room.name}", topic, absolute("conversation", one.room.pk), one.members)
