"""What others keep when somebody is deleted."""

from messaging.models import Message


def kept() -> dict[int, tuple[object, ...]]:
    """What others wrote where more than two are, to the letter (a highlighted name excepted)."""
    rows = Message.rows.exclude(sender=None).exclude(conversation__kind="direct")
    rows = rows.exclude(sender__username="zoe-planted").filter(removed_at=None)
    return {row[0]: row for row in rows.values_list("pk", "sender", "content", "seq", "edited", "timestamp")}
