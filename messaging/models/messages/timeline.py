"""A conversation's timeline: its root messages in the order of `seq`, one page at a time."""

from dataclasses import dataclass

from messaging.models.messages.message import Message

PAGE_SIZE = 40


@dataclass
class Page:
    """Some messages in order.

    `older` and `newer` are what to pass as `before` and `after` for the neighbouring pages, or None.
    `previous` is the message before them, if there is one.
    """

    messages: list[Message]
    previous: Message | None
    older: int | None
    newer: int | None


def timeline_page(
    conversation_id: int, before: int | None = None, after: int | None = None, around: int | None = None
) -> Page:
    """The messages before or after a `seq`, or around it; the newest ones when none is given.

    If there is no message in that direction, the newest page is returned.
    """
    roots = Message.objects.filter(conversation_id=conversation_id, parent_message=None)
    roots = roots.select_related("sender")
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
        more_before, more_after = True, len(messages) > PAGE_SIZE
        messages = messages[:PAGE_SIZE]
    else:
        if before is not None:
            roots = roots.filter(seq__lt=before)
        messages = list(roots.order_by("-seq")[: PAGE_SIZE + 1])
        messages, previous = messages[:PAGE_SIZE][::-1], messages[PAGE_SIZE:]
        more_before, more_after = bool(previous), before is not None
    if not messages and (before, after, around) != (None, None, None):
        return timeline_page(conversation_id)
    return Page(
        messages,
        previous=previous[0] if previous else None,
        older=messages[0].seq if messages and more_before else None,
        newer=messages[-1].seq if messages and more_after else None,
    )
