"""What the page of a conversation says in numbers, beside what is unread."""

from typing import NamedTuple

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.db.prepared import prepared
from messaging.models.db.registry import Rows
from messaging.models.messages.message import Message
from messaging.models.messages.scheduled import ScheduledMessage


class HeaderCounts(NamedTuple):
    members: int = 0
    pins: int = 0
    scheduled: int = 0


def header_counts(conversation_id: int, user_id: int) -> HeaderCounts:
    """How many people are in a conversation, how many messages are pinned there, and how many this person
    has scheduled there: one query."""
    return HeaderCounts(*(_header_counts.first(conversation_id, user_id) or ()))


@prepared
def _header_counts(conversation_id: int, user_id: int) -> QuerySet[Conversation, tuple[int, int, int]]:
    members = Membership.objects.filter(conversation=OuterRef("pk"))
    pins = Message.rows.filter(conversation=OuterRef("pk"), pinned_at__isnull=False)
    found = Conversation.objects.filter(pk=conversation_id)
    mine = ScheduledMessage.objects.filter(conversation=OuterRef("pk"), user=user_id, refused="")
    return found.values_list(_number_of(members), _number_of(pins), _number_of(mine))


def _number_of(rows: Rows) -> Coalesce:
    counted = rows.order_by().values("conversation").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
