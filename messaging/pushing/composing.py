"""What a push message contains: JSON, which the service worker (`static/js/service-worker.js`) shows."""

import json
from typing import Final

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.models import Installation, Message, Notification, User
from messaging.models.db.base64url import encoded
from messaging.models.inbox.push_claims import ClaimedNotice
from messaging.models.inbox.unread_counts import UNREAD_COUNTED
from messaging.models.inbox.why import Cause
from messaging.models.people.languages import in_language_of
from messaging.models.people.preferences import PushTexts
from messaging.rendering.why import sentence_of
from messaging.rendering.words import excerpt

LONGEST: Final = 300  # characters of the message; 1,200 bytes at most, of 3,993
NAME_LENGTH: Final = 100
TOPIC_BYTES: Final = 24  # 32 characters, the most that a topic may have (RFC 8030, 5.4)


def content_of(claimed: ClaimedNotice, installation: Installation) -> bytes:
    """The content of a notice, in its reader's language. Its words are those of the newest message, as it is
    now."""
    with in_language_of(claimed.user):
        return _content_of(claimed, installation)


def _content_of(claimed: ClaimedNotice, installation: Installation) -> bytes:
    message, conversation = claimed.message, claimed.conversation
    with_words = shows_words(claimed.user, installation)
    place = f"#{claimed.title}" if conversation.is_room else claimed.title
    reply = ("message_reply", message.pk) if message.thread_root_id else ("message_send", conversation.pk)
    return _json(
        {
            "viewer": claimed.user.pk,
            "conversation": conversation.pk,
            "title": place[:NAME_LENGTH] + (f" ({_shown(claimed.count)})" if claimed.count > 1 else ""),
            "body": body_of(message, claimed.count, conversation.is_direct, with_words),
            "why": why_of(claimed.cause, with_words),
            "url": reverse("message", args=[message.pk]),
            "at": int(message.timestamp.timestamp() * 1000),
            "badge": claimed.personal,
            "until": message.seq,
            "read": reverse("conversation_read", args=[conversation.pk]),
            "reply": reverse(reply[0], args=[reply[1]]),
            "texts": _texts(),
        }
    )


def content_of_test(viewer: int, site_name: str) -> bytes:
    """The notice that "Send a test" sends."""
    body = _("This is a test. Notifications about messages will look like this.")
    return _json(
        {"viewer": viewer, "title": site_name, "body": body, "url": reverse("account_notifications")}
    )


def topic_of(conversation_id: int) -> str:
    """A push service keeps the newest message of a topic for a device that is off. It learns no id."""
    digest = salted_hmac("messaging.pushing", str(conversation_id), algorithm="sha256").digest()
    return encoded(digest[:TOPIC_BYTES])


def shows_words(reader: User, installation: Installation) -> bool:
    """Whether both the site and the reader want the words of messages in notices."""
    return installation.push_texts and reader.push_texts == PushTexts.TEXT


def why_of(cause: Cause, with_words: bool) -> str:
    """Why the person got the notice. Empty for a direct message: its title is who wrote.

    Args:
        with_words: as `shows_words` says.
    """
    return "" if cause.reason == Notification.Reason.DIRECT else sentence_of(cause, with_words)


def body_of(message: Message, count: int, is_direct: bool, with_words: bool) -> str:
    """What a notice says of the newest message, on a device or on a desktop.

    Args:
        count: how many messages the notice is about.
        is_direct: whether the conversation has only one other person.
        with_words: as `shows_words` says.
    """
    author = message.sender.name[:NAME_LENGTH] if message.sender else ""
    if not with_words:
        if count == 1:
            return _("New message from %(name)s") % {"name": author}
        text = ngettext("%(number)s new message", "%(number)s new messages", count)
        return text % {"number": _shown(count)}
    words = excerpt(message, LONGEST)
    return words if is_direct else _("%(name)s: %(words)s") % {"name": author, "words": words}


def _shown(count: int) -> str:
    return str(count) if count < UNREAD_COUNTED else f"{UNREAD_COUNTED - 1}+"


def _texts() -> dict[str, str]:
    """What the service worker says itself."""
    return {
        "read": _("Mark as read"),
        "reply": _("Reply"),
        "placeholder": _("Write a reply"),
        "notSent": _("Not sent: {text}"),
        "again": _("Try again"),
        "signedOut": _("You are signed out in this browser. Open Parley and sign in."),
    }


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
