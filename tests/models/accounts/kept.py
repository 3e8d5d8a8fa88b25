"""The messages of others, which must stay when a person is deleted."""

from messaging.models import Message


def kept() -> dict[int, tuple[object, ...]]:
    """The messages of others outside direct conversations: sender, text, seq, edited, timestamp."""
    rows = Message.rows.exclude(sender=None).exclude(conversation__kind="direct")
    rows = rows.exclude(sender__username="zoe-planted").filter(removed_at=None)
    return {row[0]: row for row in rows.values_list("pk", "sender", "content", "seq", "edited", "timestamp")}
