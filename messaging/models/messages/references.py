"""The messages that other messages link to, as far as one reader may read them now."""

from collections.abc import Collection

from django.db.models import Q

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.messages.message import Message
from messaging.models.messages.queryset import MessageQuerySet
from messaging.models.people.user import User


def readable_among(reader: User, ids: Collection[int]) -> MessageQuerySet:
    """Those of the messages that exist and that the reader may read, with their senders and conversations.

    Members may read all, and who could join a public room its first messages, as on its page. Left out are
    messages that were removed, and those of people whom the reader blocks.
    """
    rooms = Conversation.objects
    readable = Q(conversation__in=rooms.visible_to(reader).values("pk")) | Q(
        conversation__in=rooms.open_to(reader).values("pk"), parent_message=None
    )
    found = Message.objects.filter(readable, pk__in=[pk for pk in ids if pk <= LARGEST_ID], removed_at=None)
    return found.exclude(sender__in=reader.blocks.values("blocked")).select_related("sender", "conversation")
