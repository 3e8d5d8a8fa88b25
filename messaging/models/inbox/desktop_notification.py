"""The desktop notification of an open page that nobody looks at: the newest of what has just come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from messaging.models.inbox.delivery import Loudness
from messaging.models.inbox.unread_by_loudness import titles_of, unread_by_loudness
from messaging.models.inbox.why import Cause, NotifiedMessage, causes_of
from messaging.models.messages.message import Message
from messaging.models.people.user import User

RECENT: Final = timedelta(minutes=2)  # a page asks when its stream says that something came
LATEST: Final = 20  # notifications whose conversations are looked at


@dataclass(frozen=True)
class DesktopNotification:
    """`newest` is the id of the newest notification, by which a browser knows what it has told. `count` is
    how much is unread for the person in this conversation, `title` what they call it."""

    newest: int
    title: str
    message: Message
    count: int
    cause: Cause


def desktop_notification_for(user: User, now: datetime) -> DesktopNotification | None:
    """None if there is nothing that the person wants to be told of now (`delivery.decide`)."""
    recent = user.notifications.personal().filter(read_at=None, created_at__gt=now - RECENT)
    conversations = set(recent.order_by("-pk").values_list("conversation", flat=True)[:LATEST])
    keys = {(user.pk, pk) for pk in conversations}
    found = unread_by_loudness(keys, {user.pk: user}, looking=(), now=now).values()
    told = [here[Loudness.TELL] for here in found if Loudness.TELL in here]
    if not told:
        return None
    newest = max(told, key=lambda one: one.newest)
    messages = Message.rows.filter(pk=newest.message, removed_at=None)
    message = messages.select_related("sender", "conversation").first()
    if message is None:
        return None
    cause = causes_of([NotifiedMessage(user.pk, message, newest.reason)])[user.pk, message.pk]
    key = user.pk, message.conversation_id
    title = titles_of({key: message.conversation})[key]
    return DesktopNotification(newest.newest, title, message, newest.count, cause)
