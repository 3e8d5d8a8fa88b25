"""What can happen to a message and to the person whom it is for, for the tables of mails and of push."""

from datetime import timedelta

from django.utils import timezone

from messaging.models import Conversation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.inbox.pausing import pause
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import leave


def direct(room: Conversation, ada: User, ben: User) -> Message:
    return post(Conversation.objects.direct(ada, ben), ada, "planted")


def mention(room: Conversation, ada: User, ben: User) -> Message:
    return post(room, ada, "planted for @ben")


def reply(room: Conversation, ada: User, ben: User) -> Message:
    return post(room, ada, "planted", parent=post(room, ben, "A question"))


def ordinary(room: Conversation, ada: User, ben: User) -> Message:
    return post(room, ada, "planted")


def leave_it(message: Message, ben: User) -> None:
    if message.conversation.is_room:
        leave(message.conversation, ben)
    else:
        message.conversation.memberships.filter(user=ben).delete()


def mute(message: Message, ben: User) -> None:
    ben.memberships.update(notification_level=NotificationLevel.MUTED)


def block_author(message: Message, ben: User) -> None:
    assert message.sender
    block(ben, message.sender)


def pause_for_hours(message: Message, ben: User) -> None:
    pause(ben, timezone.now() + timedelta(hours=8))


def deactivate(message: Message, ben: User) -> None:
    ben.is_active = False
    ben.save()
