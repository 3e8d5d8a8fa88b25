"""A conversation's timeline: its root messages in the order of `seq`, one page at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.prepared import prepared
from messaging.models.messages.message import Message

PAGE_SIZE = 40


def shown() -> Q:
    """The roots of which something is shown: not those that were removed without a reason and that nobody
    answered."""
    answers = Message.rows.filter(thread_root=OuterRef("pk"), removed_at=None)
    return Q(removed_at=None) | ~Q(removal_reason="") | Q(Exists(answers))


@dataclass
class Page:
    """Some messages in order.

    `older` and `newer` are what to pass as `before` and `after` for the neighbouring pages, or None.
    `previous` is the message before them, if there is one, of which something is shown.
    """

    messages: list[Message]
    previous: Message | None
    older: int | None
    newer: int | None


def timeline_page(
    conversation_id: int, before: int | None = None, after: int | None = None, around: int | None = None
) -> Page:
    """The messages before or after a `seq`, or around it; the newest ones when none is given."""
    everything = Message.objects.filter(conversation_id=conversation_id, parent_message=None)
    roots = everything = everything.with_sender()
    if around is not None:
        half = PAGE_SIZE // 2
        earlier = list(roots.filter(seq__lte=around).order_by("-seq")[: half + 1])
        later = list(roots.filter(seq__gt=around).order_by("seq")[: half + 1])
        messages, previous = earlier[:half][::-1] + later[:half], earlier[half:]
        more_before, more_after = len(earlier) > half, len(later) > half
    elif after is not None:
        messages = list(roots.filter(seq__gte=after).order_by("seq")[: PAGE_SIZE + 2])
        previous = [message for message in messages[:1] if message.seq == after]
        messages = messages[len(previous) :]
        previous = previous or list(roots.filter(seq__lt=after).order_by("-seq")[:1])
        more_before, more_after = bool(previous), len(messages) > PAGE_SIZE
        messages = messages[:PAGE_SIZE]
    else:
        messages = _newest(conversation_id, before)
        messages, previous = messages[:PAGE_SIZE][::-1], messages[PAGE_SIZE:]
        more_before, more_after = bool(previous), before is not None
    if messages and previous and previous[0].is_removed:
        previous = list(everything.filter(shown(), seq__lt=messages[0].seq).order_by("-seq")[:1])
    return Page(
        messages,
        previous=previous[0] if previous else None,
        older=messages[0].seq if messages and more_before else None,
        newer=messages[-1].seq if messages and more_after else None,
    )


@prepared
def _newest(conversation_id: int, before: int | None) -> QuerySet[Message]:
    roots = Message.objects.filter(conversation_id=conversation_id, parent_message=None)
    if before is not None:
        roots = roots.filter(seq__lt=before)
    return roots.with_sender().order_by("-seq")[: PAGE_SIZE + 1]


def first_since(conversation: Conversation, moment: datetime) -> Message | None:
    """The first message of the timeline that was sent at this time or later.

    A binary search finds it in some twenty look-ups of one row, because no index has the times of the
    timeline. If messages are not in the order of their times (older ones were imported after newer ones), it
    may not be the first one, but the message before it is older than this time.
    """
    roots = Message.objects.filter(conversation=conversation, parent_message=None).order_by("seq")
    roots = roots.only("seq", "timestamp")
    found, low, high = None, 0, conversation.version + 1
    while low < high:
        middle = (low + high) // 2
        message = roots.filter(seq__gte=middle).first()
        if message is None:
            high = middle
        elif message.timestamp < moment:
            low = message.seq + 1
        else:
            found, high = message, middle
    return found
