"""Queries of what is unread for a person in one conversation or thread.

The rows are written by `notifying.py`; `marking_read.py` marks them as read and unread.
"""

from collections import Counter

from django.db.models import QuerySet

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.prepared import prepared
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification, NotificationQuerySet
from messaging.models.people.user import User

REPLIES_COUNTED = 500


def unread_ids(user: User, conversation: Conversation, until: int) -> list[int]:
    """The ids of the messages in a conversation that the person has not read, up to a `seq`."""
    rows = user.notifications.filter(conversation=conversation, read_at=None, message__seq__lte=until)
    return list(rows.values_list("message_id", flat=True))


def unread_threads(user: User, conversation: Conversation) -> dict[int, int]:
    """How many replies the person has not read in each thread of a conversation, by the root's id.

    At most `REPLIES_COUNTED` rows are counted: if more is unread, the numbers are too low.
    """
    return dict(Counter(_roots_of_unread(user.pk, conversation.pk)))


@prepared
def _roots_of_unread(user_id: int, conversation_id: int) -> QuerySet[Notification, int]:
    unread = Notification.objects.filter(user=user_id, conversation=conversation_id, read_at=None).replies()
    return unread.values_list("thread_root_id", flat=True)[:REPLIES_COUNTED]


def unread_in_thread(user: User, message: Message) -> list[int]:
    """The ids of the unread replies in the message's thread, oldest first, at most `REPLIES_COUNTED`."""
    return _unread_in_thread(user.pk, message.conversation_id, message.thread_root_id or message.pk)


@prepared
def _unread_in_thread(user_id: int, conversation_id: int, root: int) -> QuerySet[Notification, int]:
    unread = Notification.objects.filter(
        user=user_id, conversation=conversation_id, thread_root=root, read_at=None
    )
    return unread.order_by("message").values_list("message_id", flat=True)[:REPLIES_COUNTED]


def notifications_from(user: User, message: Message) -> NotificationQuerySet:
    """The person's notifications of this message and later ones: of its thread if it is a reply, else of the
    conversation."""
    rows = user.notifications.filter(conversation=message.conversation_id, message__seq__gte=message.seq)
    return rows.filter(thread_root=message.thread_root_id) if message.thread_root_id else rows


def to_mark_unread(user: User, message: Message) -> NotificationQuerySet:
    """What "Mark as unread from here" marks: the person's notifications of this message and the later ones in
    the same list (`notifications_from`).

    If the message is the person's own and the last one, there are none. Then it marks the last message
    before it that somebody else wrote.
    """
    rows = notifications_from(user, message)
    if message.sender_id != user.pk or rows.exists():
        return rows
    before = user.notifications.filter(
        conversation=message.conversation_id, thread_root=message.thread_root_id, message__seq__lt=message.seq
    )
    return user.notifications.filter(pk__in=before.order_by("-message__seq").values("pk")[:1])
